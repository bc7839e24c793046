import type { TextKey } from './attributes.ts'
import { ABSENT } from './bytes.ts'
import type { Columns } from './columns.ts'
import { fullName } from './values/name.ts'

/** One row of the file; `number` as a spreadsheet shows it. */
export interface Row {
  number: number
  cells: readonly string[]
}

/** Returns the text of a cell; empty if the row has no such cell. */
export function cellAt({ cells }: Pick<Row, 'cells'>, index: number): string {
  const cell = cells[index] ?? ''
  return cell === ABSENT ? '' : cell
}

const LONGEST_NAME = 200

/**
 * Returns the person's name in a row, from one column or two, for a report: at most 200 characters, and null if the row
 * has none.
 */
export function nameInRow(row: Row, { name, texts }: Columns): string | null {
  const part = (of: TextKey) => cellAt(row, texts.find(({ key }) => key === of)?.index ?? -1).trim()
  const found = cellAt(row, name).trim() || fullName(part('firstName'), part('lastName'))
  return found === '' ? null : found.slice(0, LONGEST_NAME)
}
