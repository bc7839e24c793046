import type { RunCounts } from '../core/counts.ts'

/** A contact as the reference knows it: what a template file says of a person, and no more. */
export interface Person {
  name: string
  title: string
  /** `NUMBER type`, in the order of the rows. */
  numbers: Set<string>
  groups: Set<string>
  madeByHand: boolean
}

/** One row of a file for the reference, with cells that need no cleaning. */
export interface PlainRow {
  id: string
  name: string
  title: string
  number: string
  type: string
  groups: string
}

/**
 * The rules for rows, slowly and obviously: all rows of an ID at once, everything in maps. Changes `people` as the import
 * of `rows` would, and counts what it did. A number is right when it has ten digits.
 */
export function importSlowly(
  people: Map<string, Person>,
  rows: readonly PlainRow[],
  options: { removal: 'remove' | 'keep'; covers: 'own' | 'directory' },
): RunCounts {
  const counts = {
    rows: rows.length,
    matched: 0,
    added: 0,
    updated: 0,
    unchanged: 0,
    removed: 0,
    errors: 0,
    warnings: 0,
  }
  const byId = Map.groupBy(rows, (row) => row.id)
  counts.errors += byId.get('')?.length ?? 0
  byId.delete('')
  counts.matched = byId.size
  let valid = 0
  for (const [id, own] of byId) {
    const wrong = new Set(own.filter(isWrong))
    contradicting(own, (row) => row.name).forEach((row) => void wrong.add(row))
    contradicting(own, (row) => row.title).forEach((row) => void wrong.add(row))
    for (const same of Map.groupBy(own.filter(hasNumber), (row) => row.number).values()) {
      contradicting(same, (row) => row.type).forEach((row) => void wrong.add(row))
    }
    counts.errors += wrong.size
    if (wrong.size > 0) continue
    valid++
    const before = people.get(id)
    const after: Person = {
      name: said(own, (row) => row.name),
      title: said(own, (row) => row.title),
      numbers: new Set(own.map((row) => `${row.number} ${row.type}`)),
      groups: new Set(own.flatMap((row) => row.groups.split(', ').map((group) => group.toLowerCase()))),
      madeByHand: false,
    }
    people.set(id, after)
    if (before === undefined) counts.added++
    else if (before.madeByHand || shown(before) !== shown(after)) counts.updated++
    else counts.unchanged++
  }
  if (options.removal === 'keep' || valid === 0) return counts
  for (const [id, person] of [...people]) {
    if (byId.has(id) || (person.madeByHand && options.covers === 'own')) continue
    people.delete(id)
    counts.removed++
  }
  return counts
}

/** A person as text, whatever the order of groups. */
export function shown({ name, title, numbers, groups, madeByHand }: Person): string {
  return JSON.stringify([name, title, [...numbers], [...groups].sort(), madeByHand])
}

const hasNumber = (row: PlainRow) => /^\d{10}$/.test(row.number)
const isWrong = (row: PlainRow) => !hasNumber(row) || [row.name, row.type, row.groups].includes('')

/** The rows that say something of what the rows do not agree on. */
function contradicting(rows: readonly PlainRow[], what: (row: PlainRow) => string): PlainRow[] {
  const saying = rows.filter((row) => what(row) !== '')
  return new Set(saying.map(what)).size > 1 ? saying : []
}

function said(rows: readonly PlainRow[], what: (row: PlainRow) => string): string {
  return rows.map(what).find((text) => text !== '') ?? ''
}
