import { trimInvisible } from './text.ts'

/** Arabic-Indic and Persian digits. NFKC folds full-width digits and brackets. */
const ARABIC_DIGIT = /[\u0660-\u0669\u06F0-\u06F9]/gu
const DASH = /[\p{Pd}\u2212\u00AD]/gu
/** Pictures such as a telephone, and check marks. */
const SYMBOL = /\p{So}\uFE0F?/gu
const MIDDLE_DOT = /(?<=\d)·(?=\d)/gu
const UNSEEN = /[\p{Cf}\p{Cc}]/gu
const SCHEME = /^tel:\s*/iu
const EXTENSION_PARAMETER = /;ext=/giu
/** A zero in brackets after `+1`, where no number begins with one; elsewhere the numbering plan of the country says. */
const TRUNK_ZERO = /^\+1[ .-]*\(0\)/u
/** Other parameters of a `tel:` address: `;phone-context=+1`. */
const PARAMETER = /;[a-z-]{1,20}=[^;]*/giu

/**
 * Returns a written number in ASCII: digits of other scripts, full-width characters, dashes and spaces are folded;
 * direction marks and the `tel:` of RFC 3966 are removed. Line breaks become commas, because they separate two numbers.
 */
export function foldPhoneText(text: string): string {
  const folded = text
    .replace(/[\r\n]+/gu, ', ')
    .normalize('NFKC')
    .replace(ARABIC_DIGIT, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replace(DASH, '-')
    .replace(MIDDLE_DOT, '.')
    .replace(SYMBOL, ' ')
    .replace(/\s/gu, ' ')
    .replace(UNSEEN, '')
  return trimInvisible(folded)
    .replace(SCHEME, '')
    .replace(EXTENSION_PARAMETER, ' x')
    .replace(PARAMETER, '')
    .replace(TRUNK_ZERO, '+1')
    .replace(/^\+00(?=\d)/u, '+')
    .replace(/^[\s,;/]+/u, '')
    .replace(/[\s,;/]+$/u, '')
}

const EXTENSION =
  /(?:[\s,;(]*(?:\b|(?<=\d))(?:extension|extn|ext|poste|local|loc|x)[.:=]? *#? *|[\s,;(]*# *)(\d{1,10})\)?$/iu

/** Splits an extension from a number: `x12`, `ext. 12`, `;ext=12`, `#12`, `poste 12`. */
export function splitExtension(text: string): { main: string; extension: string | null } {
  const match = EXTENSION.exec(text)
  if (match === null || match.index === 0) return { main: text, extension: null }
  return { main: text.slice(0, match.index), extension: match[1] ?? null }
}

/** Returns the number of ASCII digits in a text. */
export function countDigits(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code >= 0x30 && code <= 0x39) count += 1
  }
  return count
}
