import { TEMPLATE } from '../core/template.ts'
import { csvRow } from '../formats/csv-write.ts'

/** A row of a template file, by header. A missing cell takes the value of an ordinary person. */
export type Person = Partial<Record<(typeof TEMPLATE)[number]['header'], string>> & { ID: string }

/** Returns the cells of a person, in the template's order. */
export function cellsOf(person: Person): string[] {
  const usual: Record<string, string> = {
    Name: `Person ${person.ID}`,
    Number: `604555${String(1000 + (checksum(person.ID) % 9000))}`,
    'Number Type': 'mobile',
    Groups: 'Everybody',
  }
  return TEMPLATE.map(({ header }) => person[header] ?? usual[header] ?? '')
}

export const HEADER = TEMPLATE.map((column) => column.header)

/** Returns a template file as CSV. */
export function csvOf(people: readonly Person[]): string {
  return [HEADER, ...people.map(cellsOf)].map((cells) => csvRow(cells)).join('')
}

/** Returns this many ordinary people, from P001. */
export function crowd(count: number, change: Partial<Person> = {}, prefix = 'P'): Person[] {
  return Array.from({ length: count }, (_, i) => ({ ...change, ID: `${prefix}${String(i + 1).padStart(3, '0')}` }))
}

/** Returns the same rows in another order, which is the same for every equal `seed`. */
export function shuffled<T>(rows: readonly T[], seed: number): T[] {
  const order = rows.map((row, i) => ({ row, by: checksum(`${seed}:${i}`) }))
  return order.sort((a, b) => a.by - b.by).map(({ row }) => row)
}

function checksum(text: string): number {
  let value = 7
  for (const letter of text) value = (Math.imul(value, 31) + letter.charCodeAt(0)) >>> 0
  return Math.imul(value ^ (value >>> 15), 0x2c1b3c6d) >>> 0
}
