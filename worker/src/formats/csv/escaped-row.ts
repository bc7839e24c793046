const QUOTE = 34
const LF = 10
const CR = 13
const BACKSLASH = 92
/** The longest row that is read with escapes, in characters. It bounds the work on a file of odd rows. */
const LONGEST = 8192
/** What a letter after a backslash stands for. */
const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '' }

/** A row in which a backslash escapes the next character. `lineEnd` is where its text ends, `next` where the next row begins. */
export interface EscapedRow {
  cells: string[]
  lineEnd: number
  next: number
}

/**
 * Reads the row at `start` as MySQL, Hive, Redshift and PHP write it: `\"`, `\,`, `\\`, and a backslash before a line
 * break. `\N` stays as it is, since it stands for a blank cell. If the row is not well formed in this dialect, or is too
 * long, returns how many characters have been read in vain. Returns `more` if the text ends before the row does and is
 * not the `last`.
 */
export function readEscapedRow(
  text: string,
  start: number,
  delimiter: string,
  last: boolean,
): EscapedRow | 'more' | number {
  const scanner = new Scanner(text, start, delimiter, last)
  const cells: string[] = []
  for (;;) {
    const cell = scanner.cell()
    if (cell === 'more') return cell
    if (cell === null) return scanner.at - start
    cells.push(cell.text)
    if (cell.next !== null) return { cells, lineEnd: cell.end, next: cell.next }
  }
}

class Scanner {
  readonly #text: string
  readonly #delimiter: number
  readonly #last: boolean
  readonly #limit: number
  #at: number

  /** Where the scanner is in the text. */
  get at(): number {
    return this.#at
  }

  constructor(text: string, start: number, delimiter: string, last: boolean) {
    this.#text = text
    this.#delimiter = delimiter.charCodeAt(0)
    this.#last = last
    this.#limit = start + LONGEST
    this.#at = start
  }

  /** Reads the next cell. `next` is where the next row begins if the cell ends its row, otherwise null. */
  cell(): { text: string; end: number; next: number | null } | 'more' | null {
    const quoted = this.#text.charCodeAt(this.#at) === QUOTE
    if (quoted) this.#at++
    let text = ''
    let from = this.#at
    for (;;) {
      if (this.#at >= this.#limit) return null
      const code = this.#text.charCodeAt(this.#at)
      if (Number.isNaN(code)) {
        if (!this.#last) return 'more'
        return quoted ? null : { text: text + this.#text.slice(from), end: this.#at, next: this.#at }
      }
      if (code === BACKSLASH) {
        const length = this.#escapeLength()
        if (length === 0) return 'more'
        text += this.#text.slice(from, this.#at) + this.#escaped(length)
        this.#at += length
        from = this.#at
      } else if (quoted && code === QUOTE) {
        if (this.#at + 1 === this.#text.length && !this.#last) return 'more'
        text += this.#text.slice(from, this.#at)
        if (this.#text.charCodeAt(this.#at + 1) !== QUOTE) {
          this.#at++
          return this.#ended(text, true)
        }
        from = this.#at + 1
        this.#at += 2
      } else if (!quoted && (code === this.#delimiter || code === LF || code === CR)) {
        return this.#ended(text + this.#text.slice(from, this.#at), false)
      } else this.#at++
    }
  }

  /** Ends a cell at a delimiter, a line break or the end of the text. Nothing else may follow a closing quote. */
  #ended(text: string, closed: boolean): { text: string; end: number; next: number | null } | 'more' | null {
    const end = this.#at
    const code = this.#text.charCodeAt(end)
    if (code === this.#delimiter) {
      this.#at++
      return { text, end, next: null }
    }
    if (Number.isNaN(code)) return this.#last && closed ? { text, end, next: end } : 'more'
    if (code !== LF && code !== CR) return null
    const length = this.#breakLength(end)
    return length === 0 ? 'more' : { text, end, next: end + length }
  }

  /** Returns the length of an escape with its backslash; 0 if the text ends inside it and goes on. */
  #escapeLength(): number {
    const code = this.#text.charCodeAt(this.#at + 1)
    if (Number.isNaN(code)) return this.#last ? 1 : 0
    if (code !== CR && code !== LF) return 2
    const length = this.#breakLength(this.#at + 1)
    return length === 0 ? 0 : 1 + length
  }

  /** Returns the length of the line break at `at`; 0 if its LF may be in the next text. */
  #breakLength(at: number): number {
    if (this.#text.charCodeAt(at) === LF) return 1
    if (at + 1 === this.#text.length && !this.#last) return 0
    return this.#text.charCodeAt(at + 1) === LF ? 2 : 1
  }

  #escaped(length: number): string {
    const escaped = this.#text.slice(this.#at + 1, this.#at + length)
    const letter = LETTERS[escaped]
    if (letter !== undefined) return letter
    return /^[\p{L}\p{N}]/u.test(escaped) ? `\\${escaped}` : escaped
  }
}
