import { decoded } from './percent.ts'

/**
 * Returns the name of a file: the one in `Content-Disposition` (RFC 6266), else the last part of the path, else `file`.
 * The name never holds a query string, a folder or a control character, and has at most 200 characters.
 */
export function fileName(url: URL, disposition: string | null): string {
  const path = url.pathname.split('/').findLast((part) => part !== '')
  return firstName([dispositionName(disposition), decoded(path ?? '')])
}

/** Returns the first of some names that is not blank once it is cleaned as `fileName` cleans it, else `file`. */
export function firstName(names: readonly string[]): string {
  return names.map(plain).find((name) => name !== '') ?? 'file'
}

const LONGEST_HEADER = 2000

/** Returns the name in a `Content-Disposition` (RFC 6266, with the encoding of RFC 5987); empty if there is none. */
export function dispositionName(header: string | null): string {
  if (header === null || header.length > LONGEST_HEADER) return ''
  const [, charset, extended] = /(?:^|;)\s*filename\*\s*=\s*(utf-8|iso-8859-1)'[^']*'([^;\s]+)/i.exec(header) ?? []
  if (extended !== undefined) return charset?.toLowerCase() === 'utf-8' ? decoded(extended) : latin(extended)
  const [, quoted, token] = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? []
  return asUtf8(quoted?.replace(/\\(.)/g, '$1') ?? token ?? '')
}

/** Decodes the percent-encoded bytes of a text as ISO-8859-1. */
function latin(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, byte) => String.fromCharCode(Number.parseInt(byte, 16)))
}

/** Returns a text that was read byte by byte as the UTF-8 that many programs send; unchanged if it is not UTF-8. */
function asUtf8(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text
  try {
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return text
  }
}

/** The control characters, and those that turn the direction of a text, which can hide the end of a name. */
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

function plain(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const clean = last.replace(CONTROLS, '').trim()
  // Half of a pair of code units is no character.
  const short = clean.slice(0, 200).replace(/[\ud800-\udbff]$/, '')
  return /^\.*$/.test(short) ? '' : short
}
