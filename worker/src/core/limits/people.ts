import { PERSON_KINDS, type PersonKind } from '../same-person.ts'
import { contactsOf, count, exceeds, limit, withMore } from './limit.ts'

/** What passes from one known ID to another, in words. */
const KINDS: Readonly<Record<PersonKind, string>> = {
  names: 'a name',
  numbers: 'a number',
  emails: 'an e-mail address',
}

export const PEOPLE_LIMITS = {
  rekeyed: limit({
    label: 'People would come under new IDs',
    unit: 'people',
    parts: ['remove'],
    default: { percent: 1, atLeast: 3 },
    judge({ rekeyed, contacts }, setting) {
      if (!exceeds(rekeyed.count, contacts, setting)) return []
      const message =
        `${count(rekeyed.count)} people come under new IDs: new rows have the names, and the numbers or e-mail addresses, ` +
        'of contacts that are missing from the file. Does the file come from another system, or has a spreadsheet changed ' +
        'its IDs? Look at the pairs. People who are moved to their new IDs keep their history.'
      return [{ message, count: rekeyed.count, of: contacts, examples: rekeyed.examples }]
    },
  }),
  identity: limit({
    label: 'IDs would name other people',
    unit: 'contacts',
    parts: ['update'],
    default: { percent: 2, atLeast: 4, orAtLeast: 21 },
    first: true,
    judge({ identity, contacts, first }, setting) {
      const { adopted, others, passed, complete } = identity
      const found = first ? adopted.others : identity.found
      const of = first ? adopted.count : contacts + adopted.count
      if (!exceeds(found.count, of, setting)) return []
      const n = `${complete ? '' : 'At least '}${count(found.count)} of ${contactsOf(of)}`
      const kind = PERSON_KINDS.reduce((most, one) => (passed[one] > passed[most] ? one : most))
      const message =
        first || others * 2 > found.count || passed[kind] === 0
          ? `${n} would become other people: no name, number or e-mail address stays the same. Are the IDs row numbers, or were they given anew?`
          : `${n} would get ${KINDS[kind]} that belongs to somebody else now. Was one column sorted by itself, or a block of cells pasted into the wrong rows?`
      return [{ message, count: found.count, of, examples: found.examples }]
    },
  }),
  added: limit({
    label: 'Contacts would be added to a source that has some',
    unit: 'contacts',
    parts: ['add'],
    default: { percent: 100, atLeast: 21 },
    judge({ added, contacts }, setting) {
      if (contacts === 0 || !exceeds(added.count, contacts, setting)) return []
      const message = `${contactsOf(added.count)} would be added to ${count(contacts)}. Is it another list, or was a list pasted below itself? Compare its number of rows with the list.`
      return [{ message, count: added.count, of: contacts, examples: added.examples }]
    },
  }),
  sameNumber: limit({
    label: 'One mobile number would be given to many contacts',
    unit: 'contacts',
    parts: ['add', 'update'],
    default: { atLeast: 6 },
    first: true,
    judge({ sameNumber: { most, numbers }, contacts }, setting) {
      const isOver = (n: number) => exceeds(n, n, setting)
      const largest = most
        .filter(({ found }) => isOver(found.count))
        .map(({ number, found }) => ({
          message: `The mobile number ${number} would be given to ${contactsOf(found.count)} that do not have it now. Was one cell filled down over others?`,
          count: found.count,
          of: Math.max(contacts, found.count),
          examples: found.examples,
        }))
      let all = 0
      for (const [n, of] of numbers) if (isOver(n)) all += of
      return withMore(largest, all - largest.length)
    },
  }),
}
