import { decodeEntities } from '../../formats/xml.ts'

/** How many characters of an answer may come before its result. An answer with more is not the expected one. */
export const MOST_BEFORE = 64 * 1024
/** The longest entity that a piece may cut in two, in characters. */
const MOST_ENTITY = 12

/**
 * Extracts the result of a SOAP answer while it arrives. A result is a whole document inside a string element, escaped
 * or in CDATA sections, and of any length. `write` returns the next piece of that document.
 */
export class ResultReader {
  readonly #element: string
  #state: 'before' | 'text' | 'cdata' | 'markup' | 'after' = 'before'
  #rest = ''
  #end = ''

  /** `operation` is the name of the call. Its result is in the element `…Result`, with any prefix and in any case. */
  constructor(operation: string) {
    this.#element = `${operation}Result`
  }

  /** Whether the result has begun. If not, the answer may be a fault. */
  get begun(): boolean {
    return this.#state !== 'before'
  }

  /** Whether the result has ended. */
  get complete(): boolean {
    return this.#state === 'after'
  }

  /** The answer so far, as long as no result has begun. */
  get seen(): string {
    return this.#state === 'before' ? this.#rest : ''
  }

  write(piece: string): string {
    this.#rest += piece
    if (this.#state === 'before' && !this.#begin()) {
      return ''
    }
    let result = ''
    for (let more = true; more; ) {
      const state = this.#state
      if (state === 'text') result += this.#readText()
      else if (state === 'cdata') result += this.#readCdata()
      else if (state === 'markup') result += this.#readMarkup()
      else this.#rest = ''
      more = this.#state !== state && this.#state !== 'after'
    }
    return result
  }

  /** Finds the start of the result and the form in which it is written. */
  #begin(): boolean {
    const open = new RegExp(`<((?:[\\w.-]+:)?${this.#element})(?:\\s[^>]{0,1000})?>\\s*`, 'i').exec(this.#rest)
    if (open === null || (open.index + open[0].length === this.#rest.length && !open[0].endsWith('/>'))) return false
    this.#rest = this.#rest.slice(open.index + open[0].length)
    if (open[0].trimEnd().endsWith('/>')) {
      this.#state = 'after'
      return true
    }
    this.#end = `</${open[1]}`
    const markup = this.#rest.startsWith('<') && !this.#rest.startsWith('<!') && !this.#rest.startsWith('</')
    this.#state = markup ? 'markup' : 'text'
    return true
  }

  #readText(): string {
    const tag = this.#rest.indexOf('<')
    if (tag === -1) {
      const keep = this.#cutEntity()
      return decodeEntities(this.#take(this.#rest.length - keep))
    }
    const text = decodeEntities(this.#take(tag))
    if (this.#rest.startsWith('<![CDATA[')) {
      this.#rest = this.#rest.slice('<![CDATA['.length)
      this.#state = 'cdata'
    } else if (this.#rest.startsWith(this.#end)) this.#state = 'after'
    // A comment or an element follows the text. It is not part of the result; the reader waits for the end of the
    // result.
    else if (this.#rest.length > this.#end.length + '<![CDATA['.length) this.#state = 'markup'
    return text
  }

  /** Returns how many characters at the end may be the beginning of an entity. */
  #cutEntity(): number {
    const start = this.#rest.lastIndexOf('&')
    if (start === -1 || this.#rest.indexOf(';', start) !== -1) return 0
    const length = this.#rest.length - start
    return length > MOST_ENTITY ? 0 : length
  }

  #readCdata(): string {
    const end = this.#rest.indexOf(']]>')
    if (end === -1) return this.#take(Math.max(0, this.#rest.length - 2))
    const text = this.#take(end)
    this.#rest = this.#rest.slice(3)
    this.#state = 'text'
    return text
  }

  #readMarkup(): string {
    const end = this.#rest.indexOf(this.#end)
    if (end === -1) return this.#take(Math.max(0, this.#rest.length - this.#end.length))
    const text = this.#take(end)
    this.#state = 'after'
    return text
  }

  #take(length: number): string {
    const taken = this.#rest.slice(0, length)
    this.#rest = this.#rest.slice(length)
    return taken
  }
}
