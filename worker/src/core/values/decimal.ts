const PLAIN = /^([+-]?)(\d+|\d{1,3}(?:[, ']\d{3})+)?(?:\.(\d+))?$/u
const DECIMAL_COMMA = /^([+-]?)(\d+|\d{1,3}(?:[. ]\d{3})+),(\d+)$/u
const EXPONENT = /^([+-]?)(\d)(?:[.,](\d+))?E([+-]?\d{1,2})$/iu
/** A longer text is not a quantity. The canonical form keeps to the same limit, so that it can be read again. */
const LONGEST = 60

/**
 * Reads a number. Returns plain decimal digits, `-1234.5`, of any length and without loss. Returns null if the text is
 * not a number, and `lost` if a spreadsheet shortened it (`1.23457E+11`). `1,234` is grouped; `1,5` and `1.234,5` have
 * a decimal comma.
 */
export function readDecimal(text: string): string | 'lost' | null {
  const number = text.length > LONGEST ? null : readWritten(text)
  return number !== null && number.length > LONGEST ? null : number
}

function readWritten(text: string): string | 'lost' | null {
  const folded = text
    .normalize('NFKC')
    .replace(/\u2212/gu, '-')
    .replace(/\s/gu, ' ')
  const plain = PLAIN.exec(folded) ?? DECIMAL_COMMA.exec(folded)
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
