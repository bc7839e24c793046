import { PARTS } from '../plan.ts'
import { contactsOf, count, exceeds, limit } from './limit.ts'
import { byRules, removedBy, rulesNamed } from './ruled.ts'

export const REMOVAL_LIMIT = limit({
  label: 'Contacts would be removed',
  unit: 'contacts',
  parts: ['remove'],
  default: { percent: 10, atLeast: 6, orAtLeast: 251, withinDays: 7, small: { percent: 25, atLeast: 3 } },
  always({ removed, removedManual, removedByRules, contacts }) {
    const { examples } = removed
    if (removed.count > 0 && removed.count - removedManual >= contacts && contacts > 0) {
      const message = `${contacts === 1 ? 'The only contact' : `All ${contactsOf(contacts)}`} would be removed.${byRules(removedByRules)} Is it another list?`
      return { message, count: removed.count, of: contacts, examples, parts: PARTS }
    }
    if (removedManual === 0) return null
    const message = `${contactsOf(removedManual)} made by hand would be removed. Should the file cover the whole directory?`
    return { message, count: removed.count, of: contacts + removedManual, examples }
  },
  judge({ removed, removedByRules, removedBefore, contacts, records }, setting) {
    const n = removed.count + removedBefore
    const of = contacts + removedBefore
    if (removed.count === 0 || !exceeds(n, of, setting)) return []
    const before =
      removedBefore === 0
        ? ''
        : `, after ${count(removedBefore)} that were removed without approval in the ${setting.withinDays} days before`
    const [place, question] = records
      ? ['source', 'Were its filters changed?']
      : ['file', 'Was it saved with a filter on, or is it another list?']
    const some = `${count(removed.count)} of ${contactsOf(contacts)}`
    const message =
      removedBy(removedByRules) === removed.count
        ? `${some} would be removed${before}: they are still there, but left out by ${rulesNamed(removedByRules)}. Is that right, and is the column filled in as before?`
        : `${some} are missing from the ${place}${before}.${byRules(removedByRules)} ${question}`
    // A file without most of the contacts is probably the wrong one, so nothing of it is applied.
    const parts = removed.count * 2 > contacts ? { parts: PARTS } : {}
    return [{ message, count: n, of, examples: removed.examples, ...parts }]
  },
})
