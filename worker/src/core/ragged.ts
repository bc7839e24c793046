import type { Columns } from './columns.ts'
import type { Finding } from './values/value.ts'

/**
 * What is wrong with a row that has more or fewer cells than the header, in a file whose rows ought to be as long as it
 * (CSV; a workbook leaves out what is empty). Null where it makes no difference: what is too much is blank, or what is
 * missing is used for nothing. The cells are read as they stand.
 */
export function raggedRow(cells: readonly string[], { header, used }: Columns): Finding | null {
  if (cells.length === header.length) return null
  const lengths = `${cells.length} cells where the header has ${header.length}`
  if (cells.length > header.length) {
    if (cells.slice(header.length).every((cell) => cell.trim() === '')) return null
    const message =
      `This row has ${lengths}: a value with a separator in it may lack its quotes. ` +
      'Its cells were read as they stand; check that each is in its column.'
    return { code: 'row_too_long', message }
  }
  if (used.every((index) => index < cells.length)) return null
  const message =
    `This row has ${lengths}: it may have been cut off. What is missing was read as blank; ` +
    'check the row, or let the export write every cell.'
  return { code: 'row_too_short', message }
}
