import { trimInvisible } from './text.ts'

/** Arabic-Indic and Persian digits. NFKC folds full-width digits and brackets. */
const ARABIC_DIGIT = /[\u0660-\u0669\u06F0-\u06F9]/gu
const DASH = /[\p{Pd}\u2212\u00AD]/gu
const UNSEEN = /[\p{Cf}\p{Cc}]/gu
const SCHEME = /^tel:\s*/iu
const CONTEXT = /;phone-context=[^;]*/iu

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
    .replace(/\s/gu, ' ')
    .replace(UNSEEN, '')
  return trimInvisible(folded)
    .replace(SCHEME, '')
    .replace(CONTEXT, '')
    .replace(/^[\s,;/]+/u, '')
    .replace(/[\s,;/]+$/u, '')
}

const EXTENSION =
  /(?:;ext=|[\s,;(]*(?:\b|(?<=\d))(?:extension|extn|ext|poste|local|x)[.:=]? *|[\s,;(]*# *)(\d{1,10})\)?$/iu

/** Splits an extension from a number: `x12`, `ext. 12`, `;ext=12`, `#12`, `poste 12`. */
export function splitExtension(text: string): { main: string; extension: string | null } {
  const match = EXTENSION.exec(text)
  if (match === null || match.index === 0) return { main: text, extension: null }
  return { main: text.slice(0, match.index), extension: match[1] ?? null }
}

const BETWEEN = /[,;/|&]| {2,}|\b(?:or|and|ou|et)\b/iu
const FEWEST_DIGITS = 7
const DIGITS_OF_TWO = 20

/**
 * Returns whether a cell holds two numbers or more: either several parts have enough digits for a number, or the cell
 * has as many digits as two numbers.
 */
export function hasSeveralNumbers(text: string): boolean {
  const numbers = text.split(BETWEEN).filter((part) => countDigits(part) >= FEWEST_DIGITS)
  return numbers.length > 1 || countDigits(text) >= DIGITS_OF_TWO
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
