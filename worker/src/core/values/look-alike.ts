import { plainId } from './id.ts'
import { dateDisplayKeys, dateLikeKeys } from './look-alike-date.ts'

/**
 * The keys that connect an ID with the forms that a spreadsheet may give it. Each known, missing ID is filed under its
 * `filed` keys. A new ID looks like it if one of the new ID’s `sought` keys is among them. Two lists are needed:
 * `1.23457E+11` looks like `123456789012` and like `123456789099`, which do not look like each other.
 */
export interface LookAlikeKeys {
  filed: readonly string[]
  sought: readonly string[]
}

const NONE: LookAlikeKeys = Object.freeze({ filed: Object.freeze([]), sought: Object.freeze([]) })
const LONGEST = 40
const NUMERIC_OR_MONTH = /^[\d'="]|^[A-Za-z]{3,9}[- ]?\d/
const NUMBER = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/
const EXPONENT = /^(\d)(?:[.,](\d+))?E\+?(\d{1,2})$/i
/** A person typed `12E5`: Excel writes one digit before the E, and a sign after it. */
const TYPED_EXPONENT = /^(\d+)E(\d{1,2})$/i
const QUOTED = /^(?:'|="?|")(.*?)"?$/
/** Excel keeps 15 digits of a number and writes 0 for the rest. */
const KEPT_DIGITS = 15
/** Excel writes a long number with five decimals, or with two in its format “Scientific”. */
const SHOWN_DECIMALS = [5, 2]
const FEWEST_SHORTENED = 6

/**
 * Returns the keys of an ID against lost leading zeros (`007`, `7`), `.0` and lost last zeros (`7.0`, `3.10`), grouping
 * (`1,234`), exponents (`1.23457E+11`), zeroed digits after the fifteenth, and dates (`3-4`, `04-Mar`), and of an
 * ID with invisible characters or with the capitals of an e-mail address. Most IDs have no keys. IDs are never repaired:
 * keys only find the IDs to ask about.
 */
export function damageKeys(id: string): LookAlikeKeys {
  const plain = plainId(id)
  // An ID that is its own plain form is found among the IDs of the file and of the directory.
  if (plain !== id) return sided([plain], [], [])
  return spreadsheetKeys(id)
}

function spreadsheetKeys(id: string): LookAlikeKeys {
  if (id.length > LONGEST || !NUMERIC_OR_MONTH.test(id)) return NONE
  const plain = QUOTED.exec(id)?.[1] ?? id
  const number = NUMBER.exec(plain)
  if (number !== null) return numberKeys((number[1] ?? '').replaceAll(',', ''), number[2] ?? '')
  const typed = TYPED_EXPONENT.exec(plain)
  if (typed !== null) return numberKeys((typed[1] ?? '') + '0'.repeat(Number(typed[2])), '')
  const exponent = EXPONENT.exec(plain)
  if (exponent !== null) return exponentKeys(exponent[1] ?? '', exponent[2] ?? '', Number(exponent[3]))
  if (plain !== id) return { filed: [`= ${plain}`], sought: [`= ${plain}`] }
  return sided([], dateLikeKeys(id), dateDisplayKeys(id))
}

/** Combines keys that are the same on both sides, keys of an undamaged ID, and keys of a damaged one. */
function sided(same: readonly string[], whole: readonly string[], damaged: readonly string[]): LookAlikeKeys {
  const label = (side: string, keys: readonly string[]) => keys.map((key) => `${side} ${key}`)
  return {
    filed: [...label('=', same), ...label('whole', whole), ...label('damaged', damaged)],
    sought: [...label('=', same), ...label('damaged', whole), ...label('whole', damaged)],
  }
}

function numberKeys(written: string, decimals: string): LookAlikeKeys {
  const digits = written.replace(/^0+(?=\d)/, '')
  const fraction = decimals.replace(/0+$/, '')
  if (fraction !== '') return sided([`${digits}.${fraction}`], [], [])
  const zeroed = digits.length > KEPT_DIGITS ? [`${digits.length}:${digits.slice(0, KEPT_DIGITS)}`] : []
  const isZeroed = zeroed.length > 0 && /^0+$/.test(digits.slice(KEPT_DIGITS))
  const whole = isZeroed ? shortened(digits) : [...shortened(digits), ...zeroed]
  return sided([digits], whole, isZeroed ? zeroed : [])
}

function shortened(digits: string): string[] {
  if (digits.length < FEWEST_SHORTENED) return []
  return [...new Set(SHOWN_DECIMALS.map((decimals) => roundedKey(digits, decimals)))]
}

/** Returns `1.23457E+11`: exponent and mantissa rounded half up, without the zeros at its end. */
function roundedKey(digits: string, decimals: number): string {
  const kept = digits.slice(0, decimals + 1)
  const up = (digits.charAt(decimals + 1) || '0') >= '5'
  const rounded = up ? String(Number(kept) + 1) : kept
  const exponent = digits.length - 1 + (rounded.length - kept.length)
  return `E${exponent}:${rounded.replace(/0+$/, '')}`
}

function exponentKeys(first: string, fraction: string, exponent: number): LookAlikeKeys {
  if (fraction.length >= exponent) return numberKeys(first + fraction.slice(0, exponent), fraction.slice(exponent))
  return sided([], [], [`E${exponent}:${(first + fraction).replace(/0+$/, '')}`])
}
