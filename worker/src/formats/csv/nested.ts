import { Failure } from '../../core/failure.ts'
import { detectDelimiter } from './delimiter.ts'
import { RowReader } from './rows.ts'

/** How many rows are judged, and which share of them must be as long as the header. */
const JUDGED_ROWS = 200
const SHARE = 0.8

/**
 * Returns the delimiter inside the cells of a file that was saved as CSV twice, so that each row is one quoted cell:
 * `"E1,""Lee, Ana"",Rope"`. `complete` says that `text` is the whole
 * file. Returns null for any other file.
 */
export function nestedDelimiter(text: string, delimiter: string, complete: boolean): string | null {
  if (!text.startsWith('"')) return null
  const rows = new RowReader(delimiter).read(complete ? `${text}\n` : text, false).batch.cells.slice(0, JUDGED_ROWS)
  if (rows.length < 2 || !rows.every(isOneCell)) return null
  const inner = detectDelimiter(rows.map(([cell]) => cell).join('\n'), true)
  const widths = rows.map((row) => innerRow(row, inner).length)
  const [width = 0] = widths
  const alike = widths.filter((one) => one === width).length
  return width > 1 && alike >= rows.length * SHARE ? inner : null
}

/** Returns the cells inside the only cell of a row. Any other row stays as it is. */
export function innerRow(row: string[], delimiter: string): string[] {
  if (!isOneCell(row)) return row
  try {
    const [cells, ...others] = new RowReader(delimiter).read(row[0] ?? '', true).batch.cells
    return cells === undefined || others.length > 0 ? row : cells
  } catch (error) {
    if (error instanceof Failure) return row
    throw error
  }
}

function isOneCell([, ...others]: readonly string[]): boolean {
  return others.every((cell) => cell.trim() === '')
}
