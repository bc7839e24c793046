import { attribute, damagedWorkbook } from '../xml.ts'

/** Columns A to XFD. */
export const MOST_COLUMNS = 16_384
const MOST_MERGES = 500_000
const RANGE = /^([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})$/

/** The merged cells of a sheet. A range takes 16 bytes, however many cells it covers. */
export class Merges {
  /** Top, left, bottom and right of each range, from 1 on. */
  #ranges: Int32Array<ArrayBuffer>
  #count: number

  /** `saved`: the ranges that an earlier message saved. */
  constructor(saved: Int32Array<ArrayBuffer> = new Int32Array(0)) {
    this.#ranges = saved.length > 0 ? saved : new Int32Array(64)
    this.#count = saved.length / 4
  }

  /** Returns the ranges for another message. */
  save(): Int32Array<ArrayBuffer> {
    return this.#ranges.subarray(0, this.#count * 4)
  }

  /** Adds the range of an element of the sheet, if it is one of merged cells (ECMA-376 18.3.1.54). */
  take(name: string, attributes: string): void {
    if (name === 'mergeCell') this.#add(attribute(attributes, 'ref') ?? '')
  }

  /** Adds a range by its reference, `E2:E4`. Throws if there are too many. */
  #add(reference: string): void {
    const [, left, top, right, bottom] = RANGE.exec(reference) ?? []
    if (left === undefined || right === undefined) return
    const range = [Number(top), columnNumber(left), Number(bottom), columnNumber(right)]
    if (range[0] === range[2] && range[1] === range[3]) return
    if (this.#count === MOST_MERGES) throw damagedWorkbook()
    const at = this.#count * 4
    if (at === this.#ranges.length) {
      const longer = new Int32Array(at * 2)
      longer.set(this.#ranges)
      this.#ranges = longer
    }
    this.#ranges.set(range, at)
    this.#count++
  }

  /** Returns whether a range begins below a row. */
  reachBelow(row: number): boolean {
    for (let at = 0; at < this.#count; at++) if ((this.#ranges[at * 4] ?? 0) > row) return true
    return false
  }

  /** Returns the top, left, bottom and right of the ranges, sorted by their top rows. */
  sorted(): Int32Array {
    const ranges = this.#ranges
    const order = Uint32Array.from({ length: this.#count }, (_, index) => index)
    order.sort((one, other) => (ranges[one * 4] ?? 0) - (ranges[other * 4] ?? 0))
    const sorted = new Int32Array(this.#count * 4)
    for (const [to, from] of order.entries()) sorted.set(ranges.subarray(from * 4, from * 4 + 4), to * 4)
    return sorted
  }
}

function columnNumber(letters: string): number {
  let column = 0
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64
  return column
}

/** A merged cell that covers a column of the current row. */
interface Cover {
  bottom: number
  text: string
}

/**
 * Gives the text of a merged cell to the cells that it covers, row by row from the top (design: Spreadsheet notation).
 * A row gets nothing if it has no text of its own, so a range that reaches the end of the sheet makes no rows. A range
 * that begins in the first cell of a row is a label, such as a title, a section or “Total”, and only counts for the
 * rows below it. A range that begins in the header or above does not count for the rows below the header, and inside the
 * header only downwards, because two columns cannot share one name.
 */
export class MergedCells {
  readonly #ranges: Int32Array
  readonly #headerRow: number
  #next = 0
  /** By column, from 0 on. There is at most one for each, so a row costs no more than its cells. */
  readonly #covers = new Map<number, Cover>()

  /** `headerRow`: the number of the header row; 0 if there is none. */
  constructor(merges: Merges, headerRow: number) {
    this.#ranges = merges.sorted()
    this.#headerRow = headerRow
  }

  /** Fills the cells of a row, which end with its last text. Rows must come in ascending order. */
  fill(row: number, cells: string[]): void {
    const own = cells.findIndex((text) => text !== '')
    let label = false
    for (let width = 0; (this.#ranges[this.#next] ?? Number.POSITIVE_INFINITY) <= row; this.#next += 4) {
      const [top = 0, left = 0, bottom = 0, right = 0] = this.#ranges.subarray(this.#next, this.#next + 4)
      const text = top === row ? cells[left - 1] : ''
      if (text === undefined || text === '') continue
      width += Math.max(1, right - left + 1)
      // Ranges that overlap are refused by Excel, and could cost more than the cells of the row.
      if (width > MOST_COLUMNS) throw damagedWorkbook()
      const isLabel = left - 1 === own
      label ||= isLabel && right > left && cells.length === own + 1
      const last = isLabel || row <= this.#headerRow ? left : right
      for (let column = left; column <= last; column++) this.#covers.set(column - 1, { bottom, text })
    }
    for (const [column, { bottom, text }] of this.#covers) {
      if (bottom < row) this.#covers.delete(column)
      else if (!label) fillCell(cells, column, text)
    }
    if (row === this.#headerRow) this.#covers.clear()
  }
}

function fillCell(cells: string[], column: number, text: string): void {
  while (cells.length <= column) cells.push('')
  if (cells[column] === '') cells[column] = text
}
