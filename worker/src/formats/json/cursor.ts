import { Failure } from '../../core/failure.ts'

/** Thrown if a piece of text ends inside what was being read. The same place is read again when more text has arrived. */
export class Unfinished extends Error {}
/** One instance for all places, since nobody reads its stack. */
const UNFINISHED = new Unfinished()

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const SPACE = 0x20
export const OPEN_LIST = 0x5b
export const CLOSE_LIST = 0x5d
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d
/** What `peek` returns at the end of the document. */
export const END = -1

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const LITERALS: ReadonlySet<string> = new Set(['true', 'false', 'null'])
/** How deep objects and lists may be nested in a record. */
const MOST_DEPTH = 64

/**
 * A place in a document of JSON (RFC 8259) that arrives in pieces. It accepts what `JSON.parse` accepts, and keeps
 * numbers as they are written. Each function throws `Unfinished` if the piece ends too early, and `Failure`
 * `truncated` if the document does, or `not_a_contact_file` if the text is not JSON.
 */
export class JsonCursor {
  #text = ''
  #last = false
  #depth = 0
  /** The index of the next character. */
  at = 0
  /** The number of the record that is being read, for failures; 0 before the first one. */
  record = 0

  /** Takes the next piece. `last`: the document ends with it. */
  feed(text: string, last: boolean): void {
    this.#text = text
    this.#last = last
    this.#depth = 0
    this.at = 0
  }

  /** Passes white space and returns the code of the next character; `END` if there is none. */
  peek(): number {
    const text = this.#text
    for (; this.at < text.length; this.at++) {
      const code = text.charCodeAt(this.at)
      if (code > SPACE || !(code === SPACE || code === 10 || code === 13 || code === 9)) return code
    }
    if (!this.#last) throw UNFINISHED
    return END
  }

  /** Passes white space and returns the code of the next character of a document that has not ended. */
  token(): number {
    const code = this.peek()
    if (code === END) throw this.#cutOff()
    return code
  }

  /** Passes one character. */
  expect(code: number): void {
    if (this.token() !== code) throw this.fault()
    this.at++
  }

  /** Passes what follows an item or a member. Returns whether another one follows. */
  another(close: number): boolean {
    const code = this.token()
    if (code !== COMMA && code !== close) throw this.fault()
    this.at++
    return code === COMMA
  }

  /** Reads the key of a member, up to the start of its value. */
  key(): string {
    if (this.token() !== QUOTE) throw this.fault()
    const key = this.string()
    this.expect(COLON)
    this.token()
    return key
  }

  /** Passes an object. `each` must read the value of the member whose key it gets. */
  members(each: (key: string) => void): void {
    this.#enter(OPEN_OBJECT)
    if (this.token() === CLOSE_OBJECT) this.at++
    else
      do each(this.key())
      while (this.another(CLOSE_OBJECT))
    this.#depth--
  }

  /** Passes a list. `each` must read the next item. */
  items(each: () => void): void {
    this.#enter(OPEN_LIST)
    if (this.token() === CLOSE_LIST) this.at++
    else
      do {
        this.token()
        each()
      } while (this.another(CLOSE_LIST))
    this.#depth--
  }

  /** Reads a text, a number as it is written, `true` or `false`; null for null. The cursor must be at its start. */
  scalar(): string | null {
    if (this.#text.charCodeAt(this.at) === QUOTE) return this.string()
    const start = this.at
    const end = this.#wordEnd()
    const word = this.#text.slice(start, end)
    if (end === this.#text.length) throw this.#last ? this.#cutOff() : UNFINISHED
    if (!NUMBER.test(word) && !LITERALS.has(word)) throw this.fault()
    this.at = end
    return word === 'null' ? null : word
  }

  /** Reads a text in quotes. The cursor must be at its first quote. */
  string(): string {
    const text = this.#text
    const start = this.at + 1
    let escaped = false
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        const raw = text.slice(start, at)
        const read = escaped ? this.#unescaped(raw) : raw
        this.at = at + 1
        return read
      }
      if (code === BACKSLASH) {
        escaped = true
        at++
      } else if (code < SPACE) throw this.fault()
    }
    throw this.#last ? this.#cutOff() : UNFINISHED
  }

  /** Passes a value of any kind, and returns its text as it is written. */
  raw(): string {
    this.token()
    const start = this.at
    this.#skip()
    return this.#text.slice(start, this.at)
  }

  /** Returns the failure for a text that is not JSON. */
  fault(): Failure {
    return new Failure(
      'not_a_contact_file',
      `The file is not valid JSON: ${this.#place()} there is something that JSON does not have.`,
      'Check the program that writes it. Each text must be in double quotes, and nothing but a comma may stand between two values.',
    )
  }

  #skip(): void {
    const code = this.#text.charCodeAt(this.at)
    if (code === OPEN_OBJECT) this.members(() => this.#skip())
    else if (code === OPEN_LIST) this.items(() => this.#skip())
    else this.scalar()
  }

  #enter(open: number): void {
    this.expect(open)
    if (++this.#depth <= MOST_DEPTH) return
    throw new Failure(
      'not_a_contact_file',
      `The file is JSON, but ${this.#place()} values are nested more than ${MOST_DEPTH} levels deep.`,
      'It must be a list of records: one object for each contact.',
    )
  }

  /** Returns where a number or a literal ends. */
  #wordEnd(): number {
    const text = this.#text
    let at = this.at
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      const isDigit = code >= 0x30 && code <= 0x39
      const isLetter = (code >= 0x61 && code <= 0x7a) || code === 0x45
      if (!isDigit && !isLetter && code !== 0x2b && code !== 0x2d && code !== 0x2e) break
    }
    return at
  }

  #unescaped(raw: string): string {
    try {
      return JSON.parse(`"${raw}"`)
    } catch {
      throw this.fault()
    }
  }

  #place(): string {
    return this.record === 0 ? 'before its first record' : `in record ${this.record}`
  }

  #cutOff(): Failure {
    return new Failure(
      'truncated',
      `The file ends ${this.record === 0 ? 'before its first record' : `at record ${this.record}, before the end of its list`}, so it is incomplete or damaged.`,
      'It may still have been written or uploading. Let the export finish and import again; nothing has been changed here.',
    )
  }
}
