/** The form that a spreadsheet gave a whole number when it saved it as a number. */
export type SpreadsheetNumber = { kind: 'digits'; digits: string } | { kind: 'lost' }

const DECIMAL = /^(\+?\d+)\.0{1,2}$/
const GROUPED = /^(\+?\d{1,3}(?:,\d{3})+)(?:\.0{1,2})?$/
const EXPONENT = /^(\d)(?:[.,](\d+))?E\+?(\d{1,2})$/i
const FORMULA = /^=?"([^"]*)"$/

/**
 * Returns the digits of a number that a spreadsheet saved as `6045550100.0`, `6,045,550,100`, `6.045550100E+09`,
 * `="6045550100"` or `'6045550100`. Returns `lost` if the number was shortened (`6.04555E+09`), and null for any other
 * text.
 */
export function readSpreadsheetNumber(text: string): SpreadsheetNumber | null {
  const plain = text.startsWith("'") ? text.slice(1) : (FORMULA.exec(text)?.[1] ?? text)
  const whole = DECIMAL.exec(plain)?.[1] ?? GROUPED.exec(plain)?.[1]?.replaceAll(',', '')
  if (whole !== undefined) return { kind: 'digits', digits: whole }
  const match = EXPONENT.exec(plain)
  if (match !== null) return readExponent(match[1] ?? '', match[2] ?? '', Number(match[3]))
  return plain === text ? null : { kind: 'digits', digits: plain }
}

/**
 * Expands an exponent. No digit is lost if the mantissa has at least as many digits after its point as the exponent
 * moves it.
 */
function readExponent(first: string, fraction: string, exponent: number): SpreadsheetNumber | null {
  if (fraction.length < exponent) return { kind: 'lost' }
  if (!/^0*$/.test(fraction.slice(exponent))) return null
  return { kind: 'digits', digits: first + fraction.slice(0, exponent) }
}
