import { csvRow } from '../../formats/csv-write.ts'
import { HEADER } from '../roster.ts'

/** One person of a generated file: as many rows as numbers, all else the same in each; without a number, a row with an error. */
export interface RollPerson {
  id: string
  name: string
  title: string
  /** `bad` cannot be read: a warning. */
  email: '' | 'a' | 'b' | 'bad'
  numbers: readonly (1 | 2)[]
  groups: readonly string[]
}

/** What the remote server has: a file with some columns left out, or something that is none. */
export type Roll = RollFile | { broken: 'forbidden' | 'empty' | 'headless' }

export interface RollFile {
  people: readonly RollPerson[]
  without: readonly ('Title' | 'Email Address')[]
}

/** The IDs that people have; each has telephone numbers of its own, so that what is known of a number is known of its ID. */
export const IDS: readonly string[] = ['ana', 'ben', 'cleo', 'dora', 'eli']

/** The E-mail address as it is read. */
export function emailOf(email: string): string {
  return `${email}@example.org`
}

/** A person's first or second number. */
export function numberOf(id: string, which: 1 | 2): string {
  return `604555${which}${String(100 + IDS.indexOf(id))}`
}

/** The roll as the server sends it. */
export function answerOf(roll: Roll): Response {
  if ('broken' in roll) {
    if (roll.broken === 'forbidden') return new Response('no', { status: 403 })
    return new Response(roll.broken === 'empty' ? '' : 'Some,Thing\r\nelse,here\r\n')
  }
  return new Response(textOf(roll), { headers: { ETag: `"${encodeURIComponent(textOf(roll))}"` } })
}

/** The file as text: the same text, the same bytes. */
export function textOf(roll: Roll): string {
  if ('broken' in roll) return roll.broken
  const gone: readonly string[] = roll.without
  const header = HEADER.filter((name) => !gone.includes(name))
  const rows = roll.people.flatMap((person) =>
    (person.numbers.length > 0 ? person.numbers : [null]).map((which) => {
      const cells: Record<string, string> = {
        ID: person.id,
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
