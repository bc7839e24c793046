import type { Columns } from '../columns.ts'
import { KeyedList } from '../keyed-list.ts'
import { labelAt, type Row } from '../row.ts'

/** A row's value for an attribute on which all rows of an ID must agree. `more`: the values of further rows. */
export interface CandidateValue {
  index: number
  value: string
  row: Row
  more: CandidateValue[] | null
}

/** Adds the value of a further row. */
export function addFurther(first: CandidateValue, further: CandidateValue): void {
  if (first.more === null) first.more = [further]
  else first.more.push(further)
}

/**
 * The values of attributes that have one value in a contact: the rows must not conflict. A blank cell adds no value.
 */
export class CandidateValues {
  readonly #first = new KeyedList<CandidateValue>()

  /** The first row's value of each attribute. */
  get all(): readonly CandidateValue[] {
    return this.#first.all
  }

  add(row: Row, index: number, what: string, value: string): void {
    const candidate: CandidateValue = { index, value, row, more: null }
    const first = this.#first.get(what)
    if (first === undefined) this.#first.add(what, candidate)
    else addFurther(first, candidate)
  }

  /** Returns the first row's value; null if no row gives one. */
  of(what: string): string | null {
    return this.#first.get(what)?.value ?? null
  }
}

/**
 * Returns the values of rows that conflict, one for each row, and the message about them. The result does not depend on
 * the order of the rows. Returns null if the rows agree.
 */
export function conflictOf(first: CandidateValue, columns: Columns): { all: CandidateValue[]; message: string } | null {
  if (first.more === null || first.more.every(({ value }) => value === first.value)) return null
  const seen = new Set<Row>()
  const all = [first, ...first.more].filter(({ row }) => !seen.has(row) && seen.add(row))
  const column = labelAt(first.index, columns) ?? ''
  const numbers = all.map(({ row }) => row.number)
  const message =
    numbers.length === 1
      ? `Row ${numbers[0]} says two different things of one number in “${column}”. Make them agree.`
      : `${rowsNamed(numbers)} have the same ID but differ in “${column}”. ` +
        'Make them agree, or give different people different IDs.'
  return { all, message }
}

const MOST_ROWS_NAMED = 10

/** Returns `Rows 2, 5 and 9`, in the order of the file. */
function rowsNamed(numbers: readonly number[]): string {
  const [last, ...others] = [...numbers].sort((a, b) => b - a)
  if (numbers.length > MOST_ROWS_NAMED) return `${numbers.length} rows, the first of them row ${others.at(-1)},`
  return `Rows ${others.reverse().join(', ')} and ${last}`
}
