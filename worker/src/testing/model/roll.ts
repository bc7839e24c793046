import { csvRow } from '../../formats/csv-write.ts'
import { HEADER } from '../roster.ts'

/**
 * A person of a generated file. The person has one row for each number, and the rows are otherwise equal. A person
 * without a number has one row with an error.
 */
export interface RollPerson {
  id: string
  name: string
  title: string
  /** `bad` cannot be read and gives a warning. */
  email: '' | 'a' | 'b' | 'bad'
  numbers: readonly (1 | 2)[]
  groups: readonly string[]
  /** The person has another ID in this file. */
  moved?: boolean
}

/** The answer of the remote server: a file in which some columns may be missing, or something that is no such file. */
export type Roll = RollFile | { broken: 'forbidden' | 'empty' | 'headless' }

export interface RollFile {
  people: readonly RollPerson[]
  without: readonly ('Title' | 'Email Address')[]
}

/** The IDs of all people. Each has its own telephone numbers, so that an opt-out by number belongs to one ID. */
export const IDS: readonly string[] = ['ana', 'ben', 'cleo', 'dora', 'eli', 'fay', 'gus', 'hal']

const MOVED = 'x-'

/** Returns the ID of a person in a file. */
export function idOf({ id, moved }: RollPerson): string {
  return moved === true ? `${MOVED}${id}` : id
}

/** Returns the person's own ID, for each ID of the person. */
export function personOf(id: string): string {
  return id.startsWith(MOVED) ? id.slice(MOVED.length) : id
}

/** Returns the e-mail address as it is read from the file. */
export function emailOf(email: string): string {
  return `${email}@example.org`
}

/** Returns the first or second number of a person. */
export function numberOf(id: string, which: 1 | 2): string {
  return `604555${which}${String(100 + IDS.indexOf(personOf(id)))}`
}

/** Returns the answer of the server. */
export function answerOf(roll: Roll): Response {
  if ('broken' in roll) {
    if (roll.broken === 'forbidden') return new Response('no', { status: 403 })
    return new Response(roll.broken === 'empty' ? '' : 'Some,Thing\r\nelse,here\r\n')
  }
  return new Response(textOf(roll), { headers: { ETag: `"${encodeURIComponent(textOf(roll))}"` } })
}

/** Returns the text of the file. */
export function textOf(roll: Roll): string {
  if ('broken' in roll) return roll.broken
  const gone: readonly string[] = roll.without
  const header = HEADER.filter((name) => !gone.includes(name))
  const rows = roll.people.flatMap((person) =>
    (person.numbers.length > 0 ? person.numbers : [null]).map((which) => {
      const cells: Record<string, string> = {
        ID: idOf(person),
        Name: person.name,
        Title: person.title,
        Number: which === null ? '' : numberOf(person.id, which),
        'Number Type': 'mobile',
        'Email Address': person.email === '' ? '' : person.email === 'bad' ? 'bad' : emailOf(person.email),
        Groups: person.groups.join(', '),
      }
      return header.map((name) => cells[name] ?? '')
    }),
  )
  return [header, ...rows].map((cells) => csvRow(cells)).join('')
}
