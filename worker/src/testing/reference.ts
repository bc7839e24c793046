import type { RunCounts } from '../core/counts.ts'

/** A contact in the reference model, with only what a file says about the person. */
export interface Person {
  name: string
  title: string
  /** `NUMBER type`, in the order of the rows. */
  numbers: Set<string>
  groups: Set<string>
  manual: boolean
}

/** One row of a file for the reference, with cells that need no cleaning. */
export interface PlainRow {
  id: string
  name: string
  title: string
  number: string
  type: string
  /** The columns `Number 2` and `Number Type 2`. */
  number2: string
  type2: string
  groups: string
  /** The row has one cell more than the header, or lacks the last three (in files of the template). */
  length: 'whole' | 'long' | 'short'
}

interface Options {
  removal: 'remove' | 'keep'
  covers: 'own' | 'directory'
  /** Whether the rules of the template hold: a blank or unreadable number, type or groups cell is an error. */
  template: boolean
  /** How many rows of the file are nobody, beside `rows`. */
  nobody?: number
}

interface Candidate {
  row: PlainRow
  number: string
  type: string
}

/** A type that is not understood: an error in the template; elsewhere a stored number keeps its type, and a new one is a landline. */
const NO_TYPE = 'fax'

/**
 * Applies the rules for rows in a slow and obvious way: all rows of an ID at once, everything in maps. Changes `people`
 * as the import of `rows` would, and counts the changes. A number is correct if it has ten digits.
 */
export function importSlowly(
  people: Map<string, Person>,
  given: readonly PlainRow[],
  { removal, covers, template, nobody = 0 }: Options,
): RunCounts {
  const rows = given.map((row) => (isShort(row, template) ? { ...row, number2: '', type2: '', groups: '' } : row))
  const short = rows.filter((row) => isShort(row, template))
  const trimmed = short.length >= 2 && short.length * 5 >= rows.length
  const byId = Map.groupBy(rows, (row) => row.id)
  const unidentified = byId.get('') ?? []
  byId.delete('')
  const withoutId = unidentified.length
  const counts = { added: 0, updated: 0, unchanged: 0, removed: 0, contactsWithErrors: 0, errors: withoutId }
  const warned = new Set<PlainRow>()
  const moved: [string, PlainRow[]][] = []
  let valid = 0
  let kept = 0
  for (const [id, all] of byId) {
    const before = people.get(id)
    const shifted = all.filter(
      (row) => row.length === 'long' || (short.includes(row) && before === undefined && !trimmed),
    )
    const own = all.filter((row) => !shifted.includes(row))
    const lacking = before === undefined ? [] : own.filter((row) => short.includes(row))
    if (!trimmed) for (const row of lacking) warned.add(row)
    if (before === undefined) unidentified.push(...shifted)
    const candidate = own.flatMap((row) => numbersOf(row, template))
    const unreadable = candidate.filter(({ number }) => !/^\d{10}$/.test(number))
    const wrong = new Set([
      ...shifted,
      ...own.filter((row) => row.name === '' || (template && row.groups === '' && !lacking.includes(row))),
    ])
    const untyped = candidate.filter(({ type }) => type === NO_TYPE)
    for (const { row } of template ? [...unreadable, ...untyped, ...candidate.filter(({ type }) => type === '')] : [])
      wrong.add(row)
    for (const { row } of template ? [] : [...unreadable, ...untyped]) warned.add(row)
    const readable = candidate.filter((one) => !unreadable.includes(one))
    for (const row of contradicting(own.map((row) => ({ row, value: row.name })))) wrong.add(row)
    for (const row of contradicting(own.map((row) => ({ row, value: row.title })))) wrong.add(row)
    for (const same of Map.groupBy(readable, ({ number }) => number).values()) {
      for (const row of contradicting(same.map(({ row, type }) => ({ row, value: type === NO_TYPE ? '' : type }))))
        wrong.add(row)
    }
    counts.errors += wrong.size
    if (wrong.size > 0) {
      counts.contactsWithErrors++
      continue
    }
    valid++
    const typeOf = (number: string) => {
      const types = readable.filter((one) => one.number === number).map(({ type }) => type)
      const stored = [...(before?.numbers ?? [])].find((one) => one.startsWith(number))?.slice(number.length + 1)
      const given = firstOf(types.filter((type) => type !== NO_TYPE))
      return given || (types.includes(NO_TYPE) ? (stored ?? 'landline') : 'mobile')
    }
    const after: Person = {
      name: firstOf(own.map((row) => row.name)),
      title: firstOf(own.map((row) => row.title)),
      numbers:
        unreadable.length + lacking.length > 0 && before !== undefined
          ? before.numbers
          : new Set(readable.map(({ number }) => `${number} ${typeOf(number)}`)),
      groups:
        lacking.length > 0 && before !== undefined
          ? before.groups
          : new Set(own.flatMap(({ groups }) => (groups === '' ? [] : groups.toLowerCase().split(', ')))),
      manual: false,
    }
    people.set(id, after)
    if (before !== undefined && shown(before) === shown(after)) counts.unchanged++
    else {
      moved.push([id, own])
      if (before === undefined) counts.added++
      else counts.updated++
    }
  }
  for (const [id, person] of removal === 'keep' || valid === 0 ? [] : [...people]) {
    if (byId.has(id) || (person.manual && covers === 'own')) continue
    if (sharesNumber(person, unidentified)) {
      kept++
      continue
    }
    people.delete(id)
    counts.removed++
  }
  for (const [id, own] of moved) for (const row of sharing(people, id, own)) warned.add(row)
  return {
    rows: rows.length + nobody,
    leftOut: nobody,
    matched: byId.size,
    ...counts,
    protected: kept,
    optOuts: 0,
    withoutId,
    warnings: warned.size + Math.sign(kept + Number(trimmed)),
  }
}

/** Returns whether a row lacks its groups and its second number. */
function isShort({ length }: PlainRow, template: boolean): boolean {
  return template && length === 'short'
}

/** Returns a person as text that does not depend on the order of groups. */
export function shown({ name, title, numbers, groups, manual }: Person): string {
  return JSON.stringify([name, title, [...numbers], [...groups].sort(), manual])
}

/** Returns the numbers in a row. The template requires the first number, and a number for each type. */
function numbersOf(row: PlainRow, template: boolean): Candidate[] {
  const all = [
    { row, number: row.number, type: row.type, must: true },
    { row, number: row.number2, type: row.type2, must: row.number2 !== '' || row.type2 !== '' },
  ]
  return all.filter(({ number, must }) => number !== '' || (template && must))
}

/** Returns the rows that have a value, if the rows disagree on it. */
function contradicting(candidate: readonly { row: PlainRow; value: string }[]): PlainRow[] {
  const another = candidate.filter(({ value }) => value !== '')
  return new Set(another.map(({ value }) => value)).size > 1 ? another.map(({ row }) => row) : []
}

/** Returns the rows that give a contact a mobile number that another person has now. */
function sharing(people: Map<string, Person>, id: string, own: readonly PlainRow[]): PlainRow[] {
  const others = new Set([...people].filter(([other]) => other !== id).flatMap(([, { numbers }]) => [...numbers]))
  return [...(people.get(id)?.numbers ?? [])]
    .filter((number) => number.endsWith(' mobile') && others.has(number))
    .flatMap((text) => own.filter((row) => [row.number, row.number2].includes(text.slice(0, 10))))
}

/** Returns whether a row without an ID has one of the person's numbers. */
function sharesNumber({ numbers }: Person, rows: readonly PlainRow[]): boolean {
  const theirs = [...numbers].map((text) => text.slice(0, 10))
  return rows.some(({ number, number2 }) => theirs.includes(number) || theirs.includes(number2))
}

function firstOf(texts: readonly string[]): string {
  return texts.find((text) => text !== '') ?? ''
}
