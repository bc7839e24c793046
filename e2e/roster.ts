import { toCsv, toXlsx } from '../local/demo/files.ts'
import { makePeople, type Person } from '../local/demo/people.ts'
import { toRows } from '../local/demo/roster.ts'

/** Returns the people of a test file; the same people each time. */
export function people(count: number): Person[] {
  return makePeople(count, { prefix: 'T', seed: 11, firstNumber: 0 })
}

/** Returns the people as a file in the template's shape. */
export function toFile(kind: 'csv' | 'xlsx', list: Person[]): Uint8Array {
  const rows = list.flatMap(toRows)
  return kind === 'csv' ? toCsv(rows) : toXlsx(rows)
}

/** Returns the contact that the directory must hold for a person, in the terms of the API. */
export function contactOf(person: Person) {
  return {
    id: person.id,
    name: person.name,
    organization: person.organization || null,
    title: person.title || null,
    numbers: person.numbers.map(({ number, type, description }) => ({
      number: `+1${number.replace(/\D/g, '').slice(-10)}`,
      type: type.toLowerCase(),
      description: description || null,
      extension: null,
    })),
    emails: person.email === '' ? [] : [person.email],
    priority: person.priority.toLowerCase() || 'normal',
    groups: [...person.groups].sort(),
  }
}
