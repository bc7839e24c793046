import type { RowBatch } from '../../core/bytes.ts'
import { Failure } from '../../core/failure.ts'
import { readEscapedRow } from './escaped-row.ts'

/*
 * Our own reader rather than PapaParse's, for two reasons. It takes line breaks of any kind in one file. And a stray
 * quote does not cost it the rows that follow, whose contacts would look as if they had been removed. docs/decisions.md has
 * the figures.
 */

const QUOTE = 34
const LF = 10
const CR = 13
const SPACE = 32
const TAB = 9
const BYTE_ORDER_MARK = 0xfeff
const EQUALS = 61
/** Bounds the characters that are read with escapes in vain, by the characters before them. */
const MOST_WASTED = 64 * 1024
const MOST_WASTED_SHARE = 8

/**
 * Cuts delimited text into rows (RFC 4180, and how spreadsheet programs read text that breaks it). A quote opens only
 * at the start of a cell; blanks and byte-order marks before it are not part of the cell. Text after a closing quote belongs to the cell. A quote that would swallow a line break
 * without ending its cell is a plain character. `="0012"` is a cell like `"0012"`.
 *
 * A row with backslashes is also read as a row in which a backslash escapes the next character. That reading counts
 * where the other one breaks a rule or has another number of cells than the row before; and in a file that shows this
 * dialect (`escapes`) wherever both have the same number of cells.
 */
export class RowReader {
  readonly #delimiter: string
  readonly #delimiterCode: number
  readonly #escapes: boolean
  #number = 1
  /** How many cells the last row has that could be read in only one way; 0 before the first. */
  #width = 0
  /** Whether the current row has a quote that is not part of the quoting. */
  #irregular = false
  /** Whether the current row ends inside a quoted cell. */
  #unclosed = false
  /** Whether the text has line breaks of CR and LF, so that a last CR was cut off from its LF. */
  #breaksInPairs = false
  /** How many rows were read with escapes. */
  escaped = 0
  /** How many characters were read with escapes in vain, and how many the earlier calls of `read` used. */
  #wasted = 0
  #consumed = 0

  constructor(delimiter: string, escapes = false) {
    this.#delimiter = delimiter
    this.#delimiterCode = delimiter.charCodeAt(0)
    this.#escapes = escapes
  }

  /**
   * Reads the complete rows at the start of `text`; with `last`, also an unfinished row at its end. `used` is how many
   * characters the rows take; call again with the rest followed by more text. Blank lines are numbered but left out.
   * Throws `truncated` if the last text ends inside a quoted cell.
   */
  read(text: string, last: boolean): { batch: RowBatch; used: number } {
    const numbers: number[] = []
    const cells: string[][] = []
    const delimiter = this.#delimiter
    const positions = new Positions(text, delimiter, last)
    if (this.#consumed === 0) this.#breaksInPairs = text.includes('\r\n')
    let quote = text.indexOf('"')
    let backslash = text.indexOf('\\')
    let used = 0
    while (used < text.length && positions.findLineEnd(used)) {
      const end = positions.lineEnd
      if (quote !== -1 && quote < used) quote = text.indexOf('"', used)
      if (backslash !== -1 && backslash < used) backslash = text.indexOf('\\', used)
      const plain = quote === -1 || quote >= end
      let row = plain && end > used ? text.substring(used, end).split(delimiter) : []
      let next = plain ? positions.nextLine : this.#readQuotedRow(text, used, last, positions, row)
      if (backslash === -1 || (next !== -1 && backslash >= next)) {
        if (row.length > 0) this.#width = row.length
      } else if (next !== -1 || (this.#unclosed && last)) {
        const escaped = this.#readEscaped(text, used, last, next === -1 ? null : row, plain)
        if (escaped === 'more') break
        if (escaped !== null) {
          this.escaped++
          row = escaped.cells
          next = escaped.next
          positions.moveTo(escaped.lineEnd, next)
        }
      }
      if (next === -1) {
        if (last) throw unclosedQuote(this.#number)
        break
      }
      if (row.length > 0) {
        numbers.push(this.#number)
        cells.push(row)
      }
      used = next
      this.#number++
    }
    const cut = this.#breaksInPairs && text.endsWith('\r')
    const unfinished = last && cells.length > 0 && (cut || positions.nextLine === positions.lineEnd)
    this.#consumed += used
    return { batch: unfinished ? { numbers, cells, unfinished } : { numbers, cells }, used }
  }

  /** Returns the number of the row that `read` returns next. */
  get nextNumber(): number {
    return this.#number
  }

  /**
   * Reads a row with escapes. `row` is the same row read without them, null if that reading ends inside a quoted cell.
   * Returns null if that reading counts.
   */
  #readEscaped(text: string, start: number, last: boolean, row: readonly string[] | null, plain: boolean) {
    const width = this.#width
    const fits = row !== null && (width === 0 || row.length === width)
    const regular = fits && (plain || !this.#irregular)
    if (regular && !this.#escapes) {
      this.#width = row.length
      return null
    }
    if (this.#wasted > MOST_WASTED + (this.#consumed + start) * MOST_WASTED_SHARE) return null
    const escaped = readEscapedRow(text, start, this.#delimiter, last)
    if (escaped === 'more') return escaped
    const wanted = regular ? row.length : width
    if (typeof escaped !== 'number' && (wanted === 0 || escaped.cells.length === wanted)) return escaped
    this.#wasted += typeof escaped === 'number' ? escaped : escaped.next - start
    return null
  }

  /** Fills `row` and returns where the next row starts, or -1 if the text ends before this row does. */
  #readQuotedRow(text: string, start: number, last: boolean, positions: Positions, row: string[]): number {
    let at = start
    this.#irregular = false
    this.#unclosed = false
    for (;;) {
      let value = ''
      let rest = at
      let open = this.#skipBlanks(text, at)
      const formula = text.charCodeAt(open) === EQUALS && text.charCodeAt(open + 1) === QUOTE
      if (formula) {
        if (!positions.findLineEnd(open)) return -1
        open++
      }
      if (text.charCodeAt(open) === QUOTE) {
        const close = closingQuote(text, open)
        if (close === -1 && !formula) {
          this.#unclosed = true
          return -1
        }
        const after = this.#skipBlanks(text, close + 1)
        if (after === text.length && !last) return -1
        const ends = after === text.length || positions.endsCell(after)
        this.#irregular ||= !ends && !formula
        if (formula ? ends && close !== -1 && close < positions.lineEnd : ends || !hasLineBreak(text, open, close)) {
          value = text.substring(open + 1, close)
          if (value.includes('"')) value = value.replaceAll('""', '"')
          rest = close + 1
        }
      }
      if (!positions.findLineEnd(rest)) return -1
      const delimiter = positions.findDelimiter(rest)
      const end = delimiter !== -1 && delimiter < positions.lineEnd ? delimiter : positions.lineEnd
      row.push(rest === end ? value : value + text.substring(rest, end))
      if (end !== delimiter) return positions.nextLine
      at = end + 1
    }
  }

  #skipBlanks(text: string, from: number): number {
    let at = from
    for (;;) {
      const code = text.charCodeAt(at)
      if ((code !== SPACE && code !== TAB && code !== BYTE_ORDER_MARK) || code === this.#delimiterCode) return at
      at++
    }
  }
}

/**
 * Finds the next delimiter and the next line break. Each is searched for once and kept until the reader has passed it.
 */
class Positions {
  readonly #text: string
  readonly #delimiter: string
  readonly #last: boolean
  #lf: number
  #cr: number
  #delimiterAt: number
  /** Where the line's text ends and where the next line begins. CR, LF and CRLF all break a line. */
  lineEnd = 0
  nextLine = 0

  constructor(text: string, delimiter: string, last: boolean) {
    this.#text = text
    this.#delimiter = delimiter
    this.#last = last
    this.#lf = text.indexOf('\n')
    this.#cr = text.indexOf('\r')
    this.#delimiterAt = text.indexOf(delimiter)
  }

  /**
   * Sets `lineEnd` and `nextLine` for the line that contains `from`. Returns false if the text ends before the line
   * does.
   */
  findLineEnd(from: number): boolean {
    if (this.#lf !== -1 && this.#lf < from) this.#lf = this.#text.indexOf('\n', from)
    if (this.#cr !== -1 && this.#cr < from) this.#cr = this.#text.indexOf('\r', from)
    const { length } = this.#text
    if (this.#cr !== -1 && (this.#lf === -1 || this.#cr < this.#lf)) {
      // The LF of a CRLF may be the first character of the next text.
      if (this.#cr === length - 1 && !this.#last) return false
      this.lineEnd = this.#cr
      this.nextLine = this.#lf === this.#cr + 1 ? this.#lf + 1 : this.#cr + 1
      return true
    }
    if (this.#lf === -1 && !this.#last) return false
    this.lineEnd = this.#lf === -1 ? length : this.#lf
    this.nextLine = this.#lf === -1 ? length : this.#lf + 1
    return true
  }

  findDelimiter(from: number): number {
    if (this.#delimiterAt !== -1 && this.#delimiterAt < from) {
      this.#delimiterAt = this.#text.indexOf(this.#delimiter, from)
    }
    return this.#delimiterAt
  }

  /** Goes back or on to a row that begins at `next`; the row before it ends at `lineEnd`. */
  moveTo(lineEnd: number, next: number): void {
    this.lineEnd = lineEnd
    this.nextLine = next
    const again = (found: number, sought: string) => (found > next ? this.#text.indexOf(sought, next) : found)
    this.#lf = again(this.#lf, '\n')
    this.#cr = again(this.#cr, '\r')
    this.#delimiterAt = again(this.#delimiterAt, this.#delimiter)
  }

  endsCell(at: number): boolean {
    const code = this.#text.charCodeAt(at)
    return code === LF || code === CR || code === this.#delimiter.charCodeAt(0)
  }
}

function closingQuote(text: string, open: number): number {
  let at = open
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at === -1 || text.charCodeAt(at + 1) !== QUOTE) return at
    at++
  }
}

function hasLineBreak(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === LF || code === CR) return true
  }
  return false
}

/** Returns the failure for a text whose last row never ends. */
function unclosedQuote(row: number): Failure {
  return new Failure(
    'truncated',
    `The file ends inside a quoted cell that begins in row ${row}, so it is incomplete or damaged.`,
    `Save or upload it again. If it is complete, look for a quotation mark (") in row ${row} that is never closed.`,
  )
}
