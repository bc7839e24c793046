import type { Row } from './reading.ts'

/** What a row says of something that all rows of an ID must agree on; `more`: what further rows say of it. */
export interface Candidate {
  what: string
  index: number
  value: string
  row: Row
  more: Candidate[] | null
}

/** Adds what a further row says of the same thing. */
export function addTo(first: Candidate, further: Candidate): void {
  if (first.more === null) first.more = [further]
  else first.more.push(further)
}

/** What the rows of one ID say once each; they must not contradict each other, and a blank contradicts nothing. */
export class Candidates {
  // An array and not a map: a contact has a few, and there are hundreds of thousands of contacts.
  readonly all: Candidate[] = []

  add(row: Row, index: number, what: string, value: string): void {
    const candidate: Candidate = { what, index, value, row, more: null }
    const first = this.all.find((single) => single.what === what)
    if (first === undefined) this.all.push(candidate)
    else addTo(first, candidate)
  }

  /** What the first row that says something of it says. */
  of(what: string): string | null {
    return this.all.find((single) => single.what === what)?.value ?? null
  }
}

/**
 * Where rows say different things, all that say something, in whatever order they stand, and what is wrong with them;
 * null where they agree.
 */
export function contradiction(
  first: Candidate,
  header: readonly string[],
): { all: Candidate[]; message: string } | null {
  if (first.more === null || first.more.every(({ value }) => value === first.value)) return null
  const all = [first, ...first.more].filter(
    (candidate, i, list) => list.findIndex(({ row }) => row === candidate.row) === i,
  )
  const column = header[first.index]?.trim() ?? ''
  const numbers = all.map(({ row }) => row.number)
  const message =
    numbers.length === 1
      ? `Row ${numbers[0]} says two different things of one number in “${column}”. Make them agree.`
      : `${rowsNamed(numbers)} have the same ID but differ in “${column}”. ` +
        'Make them agree, or give different people different IDs.'
  return { all, message }
}

const MOST_ROWS_NAMED = 10

/** `Rows 2, 5 and 9`, in the order of the file. */
function rowsNamed(numbers: readonly number[]): string {
  const [last, ...others] = [...numbers].sort((a, b) => b - a)
  if (numbers.length > MOST_ROWS_NAMED) return `${numbers.length} rows, the first of them row ${others.at(-1)},`
  return `Rows ${others.reverse().join(', ')} and ${last}`
}
