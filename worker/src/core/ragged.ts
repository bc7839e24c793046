import type { Columns } from './columns.ts'
import { Failure } from './failure.ts'
import type { Finding } from './values/value.ts'

/**
 * Returns the problem of a row that has more or fewer cells than the header, in a file whose rows should be as long as
 * the header (CSV; a workbook leaves out empty cells). Returns null if it makes no difference: the extra cells are
 * blank, or the missing cells belong to unused columns. The cells are read as they are.
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

/**
 * Recognises a text that was cut inside its last row: the row has no line break and has fewer cells than the header
 * names. If an earlier row is as short, the export leaves out blank cells at the ends of rows, and the text may be
 * complete.
 */
export class CutOffCheck {
  readonly #headerRow: number
  readonly #width: number
  #shortest = Number.POSITIVE_INFINITY

  constructor({ header, headerRow }: Columns) {
    this.#headerRow = headerRow
    this.#width = header.findLastIndex((name) => name.trim() !== '') + 1
  }

  /** Checks the next row. `unfinished`: the row ends the text and has no line break. Throws `truncated`. */
  take(number: number, cells: readonly string[], unfinished: boolean): void {
    if (cells.length >= this.#width || number <= this.#headerRow) return
    if (cells.every((cell) => cell.trim() === '')) return
    if (unfinished && cells.length < this.#shortest) throw cutOff(number, cells.length, this.#width)
    this.#shortest = Math.min(this.#shortest, cells.length)
  }
}

function cutOff(row: number, cells: number, width: number): Failure {
  return new Failure(
    'truncated',
    `The file ends inside row ${row}: its last line has ${cells} of the ${width} cells that the header names, and no line break.`,
    'The file may still have been written or uploaded. Let the export finish and import again; nobody was removed. ' +
      'If the file is complete, let the export end its last line with a line break.',
  )
}
