const DIGIT_0 = 0x30
const NATIONAL_LENGTH = 10
const COUNTRY_CODE = 1
const NATIONAL_RANGE = 1e10
const DIRECTORY_AREA = 555
const TEN_ONES = 1_111_111_111
const COUNTED_DOWN = 9_876_543_210

/**
 * Returns a plain North American number as E.164: ten digits, or eleven with a leading 1 or +1, with space, `-`, `.`
 * and brackets between them but none among the last four. Returns null for every other text, which `readNumber`
 * examines more closely. It makes one pass over the characters, because it runs for nearly every row of a file.
 */
export function readPlainNanp(cell: string): string | null {
  let digits = 0
  let value = 0
  let sinceSeparator = 0
  for (let i = 0; i < cell.length; i += 1) {
    const code = cell.charCodeAt(i)
    if (code >= DIGIT_0 && code <= DIGIT_0 + 9) {
      value = value * 10 + (code - DIGIT_0)
      digits += 1
      sinceSeparator += 1
      if (digits > NATIONAL_LENGTH + 1) return null
    } else if (code === 0x2b) {
      if (i !== 0) return null
    } else if (code === 0x20 || code === 0x28 || code === 0x29 || code === 0x2d || code === 0x2e) {
      sinceSeparator = 0
    } else {
      return null
    }
  }
  if (sinceSeparator < 4) return null
  if (digits === NATIONAL_LENGTH) return cell.charCodeAt(0) === 0x2b ? null : fromNational(value)
  if (digits !== NATIONAL_LENGTH + 1 || Math.floor(value / NATIONAL_RANGE) !== COUNTRY_CODE) return null
  return fromNational(value % NATIONAL_RANGE)
}

function fromNational(value: number): string | null {
  if (!isAssignable(value)) return null
  const high = Math.floor(value / 1e5)
  const low = value - high * 1e5
  // The engine would remember the text of every number, which takes longer than to write its digits.
  return String.fromCharCode(
    0x2b,
    DIGIT_0 + COUNTRY_CODE,
    digit(high, 1e4),
    digit(high, 1e3),
    digit(high, 100),
    digit(high, 10),
    digit(high, 1),
    digit(low, 1e4),
    digit(low, 1e3),
    digit(low, 100),
    digit(low, 10),
    digit(low, 1),
  )
}

/** Returns the code of the digit of a number that counts `unit`: 1 for the last digit, 10 for the one before it. */
function digit(value: number, unit: number): number {
  return DIGIT_0 + (Math.floor(value / unit) % 10)
}

/**
 * Returns whether a ten-digit number could be assigned under the North American Numbering Plan: area code 2–9, 0–8, any
 * digit, but no N11 service code; exchange 2–9, any, any. Area codes are not looked up in a list: new ones open every
 * year, and a number in a new one must not be refused until Muster is updated. Area code 555 is never assigned; ten equal
 * digits and 987-654-3210 are fillers. Source: NANPA, “NPA Code” and “CO Code” assignment guidelines.
 */
function isAssignable(value: number): boolean {
  const area = Math.floor(value / 1e7)
  const exchange = Math.floor(value / 1e4) % 1000
  if (area < 200 || Math.floor(area / 10) % 10 === 9 || area % 100 === 11 || exchange < 200) return false
  return area !== DIRECTORY_AREA && value % TEN_ONES !== 0 && value !== COUNTED_DOWN
}
