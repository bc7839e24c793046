import type { Columns } from './columns.ts'
import { Failure } from './failure.ts'
import type { Severity } from './problem.ts'
import type { Finding } from './values/value.ts'

/** An export leaves out blank cells at the ends of rows if this many rows show it, and one row in so many. */
const FEWEST_TRIMMED = 2
const TRIMMED_SHARE = 5

/** What is wrong with the length of a row. `shifted`: its cells may be in the wrong columns, so none of them counts. */
export interface RaggedRow {
  severity: Severity
  finding: Finding
  shifted: boolean
}

/** What another message needs to go on counting. */
export interface SavedLengths {
  rows: number
  short: number
  byLength: ReadonlyMap<number, number>
  evidence: number
  assumed: { trimmed: boolean; whole: boolean }
}

/**
 * Judges rows that are shorter or longer than the header, in a file whose rows should be as long as the header (CSV; a
 * workbook leaves out empty cells).
 *
 * Some exports leave out the blank cells at the ends of rows. All rows of a file together show whether it comes from
 * such an export, so a pass assumes what the rows so far show. If the whole file shows something else and a row was
 * judged under the assumption, the pass must be repeated (`contradicted`).
 */
export class RowLengths {
  readonly #columns: Columns
  /** The fewest cells of a row that has every used column. */
  readonly #fewest: number
  /** The result of an earlier pass over the whole file; null for the first pass. */
  readonly #known: boolean | null
  #rows: number
  #short: number
  /** How many rows there are of each length below that of the header. */
  readonly #byLength: Map<number, number>
  /** How many of them show that the export leaves out blank ends. */
  #evidence: number
  readonly #assumed: { trimmed: boolean; whole: boolean }

  /** `saved`: what an earlier message counted. */
  constructor(columns: Columns, known: boolean | null, saved?: SavedLengths) {
    this.#columns = columns
    this.#fewest = Math.max(-1, ...columns.used) + 1
    this.#known = known
    this.#rows = saved?.rows ?? 0
    this.#short = saved?.short ?? 0
    this.#byLength = new Map(saved?.byLength)
    this.#evidence = saved?.evidence ?? 0
    this.#assumed = { trimmed: false, whole: false, ...saved?.assumed }
  }

  /** Returns what another message needs to go on. */
  save(): SavedLengths {
    return {
      rows: this.#rows,
      short: this.#short,
      byLength: this.#byLength,
      evidence: this.#evidence,
      assumed: this.#assumed,
    }
  }

  /** Counts a row of the file. Blank rows do not count. */
  count(cells: readonly string[]): void {
    const { length } = cells
    if (length < this.#columns.header.length) {
      if (cells.every((cell) => cell.trim() === '')) return
      if (length < this.#fewest) this.#short++
      this.#evidence -= this.#evidenceOf(length)
      this.#byLength.set(length, (this.#byLength.get(length) ?? 0) + 1)
      this.#evidence += this.#evidenceOf(length)
    }
    this.#rows++
  }

  /** How many rows lack a used column. */
  get short(): number {
    return this.#short
  }

  /** Whether the rows counted so far show an export that leaves out blank cells at the ends of rows. */
  get areTrimmed(): boolean {
    return this.#evidence >= FEWEST_TRIMMED && this.#evidence * TRIMMED_SHARE >= this.#rows
  }

  /**
   * Returns how many rows of a length, and of the length that completes it, show that blank ends are left out. A line
   * break inside a cell makes two short rows of one, and together these have one cell more than the header. Rows that
   * may be such halves show nothing, nor does a row with one cell.
   */
  #evidenceOf(length: number): number {
    const other = this.#columns.header.length + 1 - length
    const rows = this.#byLength.get(length) ?? 0
    if (length < 2 || other < 2) return 0
    return length === other ? (rows > 2 ? rows : 0) : Math.abs(rows - (this.#byLength.get(other) ?? 0))
  }

  /** Whether a row was judged under the wrong assumption. Holds only at the end of the file. */
  get contradicted(): boolean {
    return this.areTrimmed ? this.#assumed.whole : this.#assumed.trimmed
  }

  /** Returns what the length of a row adds to its fingerprint; null for a row of the ordinary length. */
  fingerprint(cells: readonly string[]): string | null {
    if (this.isTooShort(cells)) return `${cells.length} ${this.#assumeTrimmed()}`
    return this.isTooLong(cells) ? String(cells.length) : null
  }

  /** Returns the problem of a row's length; null for a row of the right length. `fresh`: the directory does not have the contact. */
  judge(cells: readonly string[], fresh: boolean): RaggedRow | null {
    if (this.isTooShort(cells)) return this.#judgeShort(cells, fresh)
    if (!this.isTooLong(cells)) return null
    const message =
      `This row has ${this.#lengths(cells)}: a value with a separator in it may lack its quotes, so that its cells ` +
      'are in the wrong columns. Put the value in quotes, and check that each cell is in its column.'
    return { severity: 'error', finding: { code: 'row_too_long', message }, shifted: true }
  }

  /** Returns whether a row lacks a used column. */
  isTooShort(cells: readonly string[]): boolean {
    return cells.length < this.#fewest
  }

  /** Returns whether a row has a value beyond the last column. */
  isTooLong(cells: readonly string[]): boolean {
    const { length } = this.#columns.header
    return cells.length > length && cells.some((cell, index) => index >= length && cell.trim() !== '')
  }

  /** Returns whether a row lacks a used column, which then says nothing: it is absent and not blank. */
  lacks(cells: readonly string[], index: number): boolean {
    return index >= cells.length && !this.#assumeTrimmed()
  }

  #judgeShort(cells: readonly string[], fresh: boolean): RaggedRow | null {
    if (this.#assumeTrimmed()) return null
    const cut = `This row has ${this.#lengths(cells)}: it may have been cut, or broken by a line break inside a cell.`
    const message = fresh
      ? `${cut} No contact is made from it. Correct the row, or let the export write every cell.`
      : `${cut} What is missing stays as it is stored. Check the row, or let the export write every cell.`
    return { severity: fresh ? 'error' : 'warning', finding: { code: 'row_too_short', message }, shifted: fresh }
  }

  #assumeTrimmed(): boolean {
    const trimmed = this.#known ?? this.areTrimmed
    this.#assumed[trimmed ? 'trimmed' : 'whole'] = true
    return trimmed
  }

  #lengths(cells: readonly string[]): string {
    return `${cells.length} cells where the header has ${this.#columns.header.length}`
  }
}

/**
 * Recognises a text that was cut inside its last row: the row has no line break and has fewer cells than the header
 * names. If an earlier row is as short, the export leaves out blank cells at the ends of rows, and the text may be
 * complete.
 */
export class CutOffCheck {
  readonly #width: number
  #shortest: number

  /** `shortest`: the number of cells of the shortest row so far; null if no row is short. */
  constructor({ header }: Columns, shortest: number | null = null) {
    this.#width = header.findLastIndex((name) => name.trim() !== '') + 1
    this.#shortest = shortest ?? Number.POSITIVE_INFINITY
  }

  /** The number of cells of the shortest row so far; null if no row is short. */
  get shortest(): number | null {
    return Number.isFinite(this.#shortest) ? this.#shortest : null
  }

  /** Checks the next row below the header. `unfinished`: the row ends the text and has no line break. Throws `truncated`. */
  take(number: number, cells: readonly string[], unfinished: boolean): void {
    if (cells.length >= this.#width) return
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
