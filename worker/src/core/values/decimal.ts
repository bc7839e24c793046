const PLAIN = /^([+-]?)(\d+|\d{1,3}(?:[, ']\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})?(?:\.(\d+))?$/u
const DECIMAL_COMMA = /^([+-]?)(\d+|\d{1,3}(?:[. ]\d{3})+),(\d+)$/u
/** Several points are thousands. One point is taken for a decimal point, as spreadsheets and databases write it. */
const THOUSANDS = /^([+-]?)(\d{1,3}(?:\.\d{3}){2,})$/u
const CURRENCY = String.raw`(?:[A-Z]{0,3}\p{Sc}|USD|CAD|EUR|GBP|CHF|AUD|NZD|MXN|SEK|NOK|DKK|PLN|CZK|JPY|kr\.?|Fr\.)`
const BEFORE = new RegExp(`^([+-]?) ?${CURRENCY} ?(?=[+-]?[.,]?\\d)`, 'u')
/** After the number: a currency, the dash that stands for no cents, or a sign of percent. */
const AFTER = new RegExp(`(?<=\\d)(?:[.,]-{1,2})? ?(?:${CURRENCY}|%)$`, 'u')
const IN_BRACKETS = /^\((.*)\)$/u
const SIGN_LAST = /^(.*\d)-$/u
const EXPONENT = /^([+-]?)(\d)(?:[.,](\d+))?E([+-]?\d{1,2})$/iu
/** Countries that write the decimal comma (Unicode CLDR). */
const COMMA_COUNTRIES: ReadonlySet<string> = new Set(
  `AD AL AM AO AR AT AW AX AZ BA BE BF BG BI BJ BL BN BO BR BY CD CF CG CI CL CM CO CR CV CY CZ DE DJ DK DZ EC EE ES FI FO
  FR GA GE GF GL GN GP GQ GR GW HR HU ID IS IT KG KZ LA LB LT LU LV LY MA MC MD ME MF MK MQ MR MU MZ NA NC NL NO PF PL PM PT
  RE RO RS RU RW SC SE SI SJ SK SM SN SR ST TG TJ TL TM TN TR UA UY UZ VA VE VN WF XK YT ZA`.split(/\s+/),
)
const THREE_DIGITS = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/u

/**
 * Returns whether a written number may be a thousand times another: where people write the decimal comma, `1.234` may be
 * theirs, or a program's.
 */
export function isAmbiguous(text: string, country: string): boolean {
  return COMMA_COUNTRIES.has(country) && THREE_DIGITS.test(text)
}

/** A longer text is not a quantity. The canonical form keeps to the same limit, so that it can be read again. */
const LONGEST = 60

/**
 * Reads a number. Returns plain decimal digits, `-1234.5`, of any length and without loss. Returns null if the text is
 * not a number, and `lost` if a spreadsheet shortened it (`1.23457E+11`). `1,234` is grouped; `1,5` and `1.234,5` have
 * a decimal comma. A currency (`$1,200.00`, `1.200,00 €`) and a percent sign are left out; `(12)` and `12-` are negative.
 */
export function readDecimal(text: string): string | 'lost' | null {
  const number = text.length > LONGEST ? null : readWritten(text)
  return number !== null && number.length > LONGEST ? null : number
}

function readWritten(text: string): string | 'lost' | null {
  const folded = text
    .normalize('NFKC')
    .replace(/\u2212/gu, '-')
    .replace(/\u2019/gu, "'")
    .replace(/\s/gu, ' ')
  const bracketed = IN_BRACKETS.exec(folded)?.[1] ?? SIGN_LAST.exec(folded)?.[1]
  if (bracketed === undefined) return readSigned(folded)
  const number = /^[+-]/u.test(bracketed) ? null : readSigned(bracketed)
  return number === null || number === 'lost' || number === '0' || number.startsWith('-') ? number : `-${number}`
}

function readSigned(written: string): string | 'lost' | null {
  const folded = written.replace(BEFORE, '$1').replace(AFTER, '')
  const plain = PLAIN.exec(folded) ?? DECIMAL_COMMA.exec(folded) ?? THOUSANDS.exec(folded)
  if (plain !== null && /\d/u.test(folded)) {
    return canonical(plain[1] === '-', (plain[2] ?? '').replace(/\D/gu, ''), plain[3] ?? '')
  }
  const exponent = EXPONENT.exec(folded)
  return exponent === null ? null : readExponent(exponent)
}

function readExponent([, sign, first = '', fraction = '', digitsMoved]: RegExpExecArray): string | 'lost' {
  const exponent = Number(digitsMoved)
  if (fraction.length < exponent) return 'lost'
  const digits = first + fraction
  if (exponent < 0) return canonical(sign === '-', '0', '0'.repeat(-exponent - 1) + digits)
  return canonical(sign === '-', digits.slice(0, exponent + 1), digits.slice(exponent + 1))
}

function canonical(negative: boolean, whole: string, decimals: string): string {
  const digits = whole.replace(/^0+(?=\d)/u, '') || '0'
  const fraction = decimals.replace(/0+$/u, '')
  const number = fraction === '' ? digits : `${digits}.${fraction}`
  return negative && number !== '0' ? `-${number}` : number
}
