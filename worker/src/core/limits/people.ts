import { PERSON_KINDS, type PersonKind } from '../same-person.ts'
import { count, exceeds, limit, peopleOf, suchAs, withMore } from './limit.ts'

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
        `${count(rekeyed.count)} people seem to have new IDs${suchAs(rekeyed.examples, ({ name, before, after }) => `${name}: ${before} → ${after}`)}. ` +
        'Move them, or treat them as new people?'
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
      const n = `${complete ? '' : 'At least '}${count(found.count)}`
      const such = suchAs(
        found.examples,
        ({ id, before, after }) => `${id}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`,
      )
      const kind = PERSON_KINDS.reduce((most, one) => (passed[one] > passed[most] ? one : most))
      const message =
        first || others * 2 > found.count || passed[kind] === 0
          ? `${n} IDs would belong to somebody else${such}. Was one column sorted without the others, or are IDs row numbers?`
          : `${n} IDs would get ${KINDS[kind]} of somebody else${such}. Was one column sorted without the others?`
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
      const message = `${peopleOf(added.count)} would be added to ${count(contacts)}. Is it the list of the whole organization?`
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
          message: `${number} would be the number of ${peopleOf(found.count)}. Was one cell filled down?`,
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
