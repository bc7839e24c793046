import { monthNumber } from './month.ts'

/** Countries that write the month first (Unicode CLDR, short dates); all others write the day first. */
const MONTH_FIRST = new Set(['US', 'AS', 'FM', 'GU', 'MH', 'MP', 'PH', 'PR', 'PW', 'VI'])

const TIME = /(?:T|,? )\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)? ?(?:[AP]\.?M\.?)? ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/iu
const WEEKDAY = /^\p{L}{2,10}\.?,? (?=\p{L}|\d)/u
const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/u
/** A day, and perhaps a time, without separators, as Banner, PeopleSoft and HL7 write them. */
const COMPACT = /^((?:18|19|20|21)\d\d)(\d\d)(\d\d)(?:[T ]?\d{4}(?:\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{4})?)?$/u
const NUMERIC = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/u
const DAY_NAMED = /^(\d{1,2})(?:st|nd|rd|th|er|[.º°])?[- ](?:de )?(\p{L}{3,10}\.?)[-, ] ?(?:de )?(\d{4}|\d{2})$/iu
const NAMED_DAY = /^(\p{L}{3,10}\.?)[- ](\d{1,2})(?:st|nd|rd|th)?,? ?[- ](\d{4}|\d{2})$/iu
const LONGEST = 60

/**
 * Reads a date. Returns ISO 8601, `2019-10-05`, or null if the text is not a date. Accepts `2019-10-05`, `20191005`, `05 Oct 2019
 * 12:00 AM`, `Oct 5, 2019`, `5-Oct-19` and `3/4/2026`, which is read as the country writes it. A time of day is
 * dropped.
 */
export function readDate(text: string, defaultCountry: string): string | null {
  if (text.length > LONGEST) return null
  const day = text.normalize('NFKC').replace(/\s+/gu, ' ').replace(TIME, '')
  return readDay(day, defaultCountry) ?? readDay(day.replace(WEEKDAY, ''), defaultCountry)
}

function readDay(text: string, defaultCountry: string): string | null {
  const iso = ISO.exec(text) ?? COMPACT.exec(text)
  if (iso !== null) return isoDate(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const numeric = NUMERIC.exec(text)
  if (numeric !== null) {
    const [one, other, year] = [Number(numeric[1]), Number(numeric[3]), fullYear(numeric[4] ?? '')]
    const monthFirst = MONTH_FIRST.has(defaultCountry) && numeric[2] !== '.'
    return monthFirst
      ? (isoDate(year, one, other) ?? isoDate(year, other, one))
      : (isoDate(year, other, one) ?? isoDate(year, one, other))
  }
  const dayFirst = DAY_NAMED.exec(text)
  if (dayFirst !== null)
    return isoDate(fullYear(dayFirst[3] ?? ''), monthNumber(dayFirst[2] ?? ''), Number(dayFirst[1]))
  const monthFirst = NAMED_DAY.exec(text)
  if (monthFirst === null) return null
  return isoDate(fullYear(monthFirst[3] ?? ''), monthNumber(monthFirst[1] ?? ''), Number(monthFirst[2]))
}

/** Returns the year for two digits as Excel reads them: 00–29 in this century, 30–99 in the last. */
function fullYear(digits: string): number {
  const year = Number(digits)
  if (digits.length === 4) return year
  return year < 30 ? 2000 + year : 1900 + year
}

function isoDate(year: number, month: number | null, day: number): string | null {
  if (month === null || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || year < 1) return null
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0')
}
