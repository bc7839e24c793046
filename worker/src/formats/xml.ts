import { Failure } from '../core/failure.ts'

/*
 * Our own scanner rather than one from npm: a sheet is a million small tags, and spreadsheet programs write only a small part
 * of XML. Namespaces are dropped (`x:row` is `row`). Attributes are parsed only if a handler asks for them. A document
 * type, the only way to make a small XML large, is refused.
 */

/** How deep elements may be nested. Workbooks and the answers of services stay below 50. */
const MOST_DEPTH = 500
/** The longest tag or text, in characters. A cell of Excel holds at most 32,767, each of which may be an entity. */
const MOST_TOKEN_LENGTH = 512 * 1024

const LESS_THAN = 60
const GREATER_THAN = 62

const NAMED_ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** Receives a document in order. Names come without their prefix; attributes come as the raw text of the tag. */
export interface XmlHandler {
  open(name: string, attributes: string): void
  close(name: string): void
  /** Called only while `wantsText`, possibly several times for one text. Entities are resolved. */
  text(text: string): void
  readonly wantsText: boolean
}

/**
 * Reads XML that arrives in pieces. `write` and `end` throw the error that `damaged` returns if the document ends early
 * or is not plain XML.
 */
export class XmlScanner {
  readonly #handler: XmlHandler
  readonly #damaged: () => Failure
  #rest = ''
  /** The names of the open elements, from the outermost. */
  readonly #open: string[] = []

  constructor(handler: XmlHandler, damaged: () => Failure = damagedWorkbook) {
    this.#handler = handler
    this.#damaged = damaged
  }

  /** Takes the next piece of the document. */
  write(piece: string): void {
    const text = this.#rest === '' ? piece : this.#rest + piece
    let at = 0
    for (;;) {
      const tag = text.indexOf('<', at)
      if (tag === -1) {
        // Text that the handler does not want need not be kept until the tag that ends it.
        if (!this.#handler.wantsText) at = text.length
        break
      }
      if (tag > at && this.#handler.wantsText) this.#handler.text(decodeEntities(lines(text.slice(at, tag))))
      const next = this.#readTag(text, tag)
      // Keeps an incomplete tag from its first character on: the text before it has already been passed on.
      at = next === -1 ? tag : next
      if (next === -1) break
    }
    this.#rest = text.slice(at)
    if (this.#rest.length > MOST_TOKEN_LENGTH) throw this.#damaged()
  }

  /** Ends the document. Throws if an element or a tag is still open. */
  end(): void {
    if (this.#open.length > 0 || this.#rest.trim() !== '') throw this.#damaged()
  }

  /** Returns the position after the markup that starts at `start`, or -1 if the markup is incomplete. */
  #readTag(text: string, start: number): number {
    const code = text.charCodeAt(start + 1)
    if (code === 47) {
      // Nearly every tag in a sheet is closed without a prefix and without blanks, so its name need not be copied.
      const expected = this.#open.at(-1) ?? ''
      const close = start + 2 + expected.length
      if (text.charCodeAt(close) === GREATER_THAN && text.startsWith(expected, start + 2) && expected !== '') {
        this.#open.pop()
        this.#handler.close(expected)
        return close + 1
      }
      const end = text.indexOf('>', start)
      if (end === -1) return -1
      const name = localName(text.slice(start + 2, end).trimEnd())
      if (this.#open.pop() !== name) throw this.#damaged()
      this.#handler.close(name)
      return end + 1
    }
    if (code === 63) return after(text, '?>', start)
    if (code === 33) return this.#readDeclaration(text, start)
    const end = tagEnd(text, start + 1)
    if (end === -1) return -1
    if (text.charCodeAt(end) === LESS_THAN) throw this.#damaged()
    const empty = text.charCodeAt(end - 1) === 47
    const nameEnd = endOfName(text, start + 1)
    const name = localName(text.slice(start + 1, nameEnd))
    this.#handler.open(name, text.slice(nameEnd, empty ? end - 1 : end))
    if (empty) this.#handler.close(name)
    else if (this.#open.push(name) > MOST_DEPTH) throw this.#damaged()
    return end + 1
  }

  #readDeclaration(text: string, start: number): number {
    if (text.startsWith('<!--', start)) return after(text, '-->', start + 4)
    if (text.startsWith('<![CDATA[', start)) {
      const end = after(text, ']]>', start + 9)
      if (end !== -1 && this.#handler.wantsText) this.#handler.text(lines(text.slice(start + 9, end - 3)))
      return end
    }
    if ('<![CDATA['.startsWith(text.slice(start)) || '<!--'.startsWith(text.slice(start))) return -1
    throw this.#damaged()
  }
}

/**
 * Returns the value of the attribute with this name, under any prefix, in a tag's attributes; null if there is no such
 * attribute.
 */
export function attribute(attributes: string, name: string): string | null {
  let at = 0
  for (;;) {
    const equals = attributes.indexOf('=', at)
    if (equals === -1) return null
    let open = equals + 1
    while (attributes.charCodeAt(open) <= 32) open++
    const close = attributes.indexOf(attributes.charAt(open), open + 1)
    if (close <= open) return null
    if (localName(attributes.slice(at, equals).trim()) === name)
      return decodeEntities(attributes.slice(open + 1, close))
    at = close + 1
  }
}

/** Returns the failure for a workbook whose parts do not fit together or are not XML. */
export function damagedWorkbook(cause?: unknown): Failure {
  return new Failure(
    'truncated',
    'The Excel workbook is damaged or incomplete.',
    'Open it in Excel, let Excel repair it, and save it again; nothing has been changed here.',
    { cause },
  )
}

/** Returns the text with its entities resolved. An unknown entity stays unchanged. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi,
    (entity, decimal, hex, name: string | undefined) => {
      if (name !== undefined) return NAMED_ENTITIES.get(name) ?? entity
      const code = hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : entity
    },
  )
}

/** Ends every line with a single LF (XML 1.0, 2.11). A CR that belongs to the text is written as an entity. */
function lines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

function localName(name: string): string {
  // Most names in a sheet have one letter and need neither a search nor a copy.
  return name.length < 3 ? name : name.slice(name.indexOf(':') + 1)
}

/**
 * Finds the end of a tag, or a `<` in it, which no tag may have, not even inside an attribute (XML 1.0, 2.3 and 2.4). A
 * `>` inside a quoted attribute does not end the tag.
 */
function tagEnd(text: string, start: number): number {
  let quote = 0
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === LESS_THAN) return at
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === GREATER_THAN) return at
    else if (code === 34 || code === 39) quote = code
  }
  return -1
}

function endOfName(text: string, start: number): number {
  let at = start
  for (;;) {
    const code = text.charCodeAt(at)
    if (code <= 32 || code === 47 || code === GREATER_THAN) return at
    at++
  }
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from)
  return at === -1 ? -1 : at + end.length
}
