import type { TextKey } from './attributes.ts'
import { ABSENT } from './bytes.ts'
import type { Columns } from './columns.ts'
import { fullName } from './values/name.ts'

/** One row of the file; `number` as a spreadsheet shows it. */
export interface Row {
  number: number
  cells: readonly string[]
  /** Whether a rule of the source leaves the row out. Then only an opt-out in it counts. */
  leftOut?: true
}

/** Returns the text of a cell; empty if the row has no such cell. */
export function cellAt(cells: readonly string[], index: number): string {
  const cell = cells[index] ?? ''
  return cell === ABSENT ? '' : cell
}

/** The part of the columns that says what an index stands for. */
type Places = Pick<Columns, 'header' | 'derived'>

/**
 * Returns the text at an index of the columns: a cell of the row, or from the header's length on a derived cell. Empty if
 * the row has no such cell.
 */
export function textAt(cells: readonly string[], index: number, { header, derived }: Places): string {
  return index < header.length ? cellAt(cells, index) : (derived[index - header.length]?.of(cells) ?? '')
}

/** Returns the cells of a row that an index of the columns stands for: itself, or the cells of a derived one. */
export function cellsBehind(index: number, { header, derived }: Places): readonly number[] {
  return index < header.length ? [index] : (derived[index - header.length]?.from ?? [])
}

/** Returns the header that a problem of a cell names; null for a constant, and for -1. */
export function labelAt(index: number, { header, labels, derived }: Places & Pick<Columns, 'labels'>): string | null {
  return (index < header.length ? labels[index] : derived[index - header.length]?.label) ?? null
}

const LONGEST_NAME = 200

/**
 * Returns the person's name in a row, from one column or two, for a report: at most 200 characters, and null if the row
 * has none.
 */
export function nameInRow({ cells }: Row, columns: Columns): string | null {
  const { name, texts } = columns
  const part = (of: TextKey) => textAt(cells, texts.find(({ key }) => key === of)?.index ?? -1, columns).trim()
  const found = textAt(cells, name, columns).trim() || fullName(part('firstName'), part('lastName'))
  return found === '' ? null : found.slice(0, LONGEST_NAME)
}
