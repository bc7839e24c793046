import type { TextKey } from './attributes.ts'
import type { Columns } from './columns.ts'
import { fullName } from './values/name.ts'

/** One row of the file; `number` as a spreadsheet shows it. */
export interface Row {
  number: number
  cells: readonly string[]
}

/** Returns the text of a cell; empty where the row has none. */
export function cellAt({ cells }: Row, index: number): string {
  return cells[index] ?? ''
}

/** Returns what a row calls its person, in one column or in two, for a report; null where it says nothing. */
export function nameInRow(row: Row, { name, texts }: Columns): string | null {
  const part = (of: TextKey) => cellAt(row, texts.find(({ key }) => key === of)?.index ?? -1).trim()
  return cellAt(row, name).trim() || fullName(part('firstName'), part('lastName')) || null
}
