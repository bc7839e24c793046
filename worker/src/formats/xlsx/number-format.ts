import { SSF } from 'xlsx'

/** The built-in formats that depend on the region of Excel (ECMA-376 18.8.30), as Excel shows them in North America. */
const LOCAL_FORMATS: Record<number, string> = { 14: 'm/d/yyyy', 22: 'm/d/yyyy h:mm' }
const MOST_MEMOIZED = 5_000
/** The longest format that Excel takes, and the longest text of a cell that it shows (Excel, specifications and limits). */
const LONGEST_FORMAT = 255
const LONGEST_TEXT = 32_767
/** Longer numbers and texts are rare, and are not kept. */
const LONGEST_MEMOIZED = 100
/** From this value on a double no longer holds every digit; Excel keeps fifteen. */
const MOST_EXACT = 1e15

/** Turns the number of a cell, the text of its `v` element, into text. */
export interface NumberFormat {
  /** Returns what Excel shows in a column that is wide enough, or the number itself if that hides digits of its whole part. */
  show(raw: string): string
  /**
   * Returns the text of a cell that identifies somebody, such as an ID or a telephone number: `100001` for what the
   * format shows as `$100,001.00`, `1.00E+05` or a date. A format that only places the digits is kept (`00100001`,
   * `604-555-0100`). `dates`: what stands for a date, its text or its digits.
   */
  identify(raw: string, dates: DateReading): string
}

/** How a cell with a date format is read: as the date, or as the number that the format hides. */
export type DateReading = 'date' | 'digits'

/** The format of a cell without one. */
export const GENERAL: NumberFormat = { show: formatGeneral, identify: formatGeneral }

/**
 * Formats a number as General. Excel shows an integer of twelve digits or more as `1.60455E+11`. All its digits are
 * stored, and an ID or a telephone number needs them, so they are returned.
 */
export function formatGeneral(raw: string): string {
  if (/^-?[1-9]\d{0,14}$/.test(raw)) return raw
  const value = Number(raw)
  if (raw.trim() === '' || Number.isNaN(value)) return raw
  if (Number.isInteger(value) && Math.abs(value) < MOST_EXACT) return String(value)
  return SSF.format('General', value)
}

/**
 * Returns a number format by its ID and, for a custom format of the workbook, its code. `date1904` says that days are
 * counted from 1904. General replaces a format that shows nothing, that cannot be read or that is longer than Excel
 * takes, so that no value is lost.
 */
export function numberFormat(id: number, code: string | undefined, date1904: boolean): NumberFormat {
  const shown = code ?? LOCAL_FORMATS[id] ?? SSF.get_table()[id]
  if (shown === undefined || shown.length > LONGEST_FORMAT || /^(?:general|@)$/i.test(shown)) return GENERAL
  const isDate = isDateFormat(shown)
  const places = placesDigits(shown)
  const memoized = new Map<string, string>()
  const show = (raw: string) => {
    const known = memoized.get(raw)
    if (known !== undefined) return known
    const text = formatWith(shown, raw, date1904, isDate)
    if (raw.length + text.length > LONGEST_MEMOIZED) return text
    if (memoized.size === MOST_MEMOIZED) memoized.clear()
    memoized.set(raw, text)
    return text
  }
  const identify = (raw: string, dates: DateReading) => {
    if (isDate) return dates === 'date' ? show(raw) : formatGeneral(raw)
    const plain = formatGeneral(raw)
    if (!places) return plain
    const text = show(raw)
    return digitsOf(text).endsWith(digitsOf(plain)) ? text : plain
  }
  return { show, identify }
}

/** Returns the serial number of an ISO 8601 date (`t="d"`, ECMA-376 18.18.11), or null if the text is not a date. */
export function serialOf(iso: string, date1904: boolean): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?Z?)?$/.exec(iso.trim())
  if (match === null) return null
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1).map((part) => Number(part ?? 0))
  const days = Date.UTC(year ?? 0, (month ?? 1) - 1, day) / 86_400_000 + (date1904 ? 24_107 : 25_569)
  return days + (hour * 3600 + minute * 60 + second) / 86_400
}

function formatWith(code: string, raw: string, date1904: boolean, isDate: boolean): string {
  const value = Number(raw)
  if (raw.trim() === '' || Number.isNaN(value)) return raw
  try {
    // Accounting formats pad with blanks to the width of a sign or a parenthesis.
    const text = SSF.format(code, value, { date1904 }).slice(0, LONGEST_TEXT).trim()
    return text === '' || (!isDate && hidesDigits(text, value)) ? formatGeneral(raw) : text
  } catch {
    return formatGeneral(raw)
  }
}

/** Returns whether a text has digits but not those of the value's whole part: `1.00E+05`, `1.2M`, a rounded number. */
function hidesDigits(text: string, value: number): boolean {
  const whole = Math.trunc(Math.abs(value))
  const digits = digitsOf(text)
  return whole > 0 && digits !== '' && !digits.includes(digitsOf(formatGeneral(String(whole))))
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '')
}

/** Texts and conditions in a format (ECMA-376 18.8.31): `"text"`, `\x`, `_x`, `*x`, `[Red]`, `[<=9999999]`, `[$-409]`. */
const LITERALS = /"[^"]*"|[\\_*].|\[[^\]]*\]/gsu

function isDateFormat(code: string): boolean {
  try {
    return SSF.is_date(code)
  } catch {
    return false
  }
}

/** Returns whether a format only places the digits of a number, between other characters than those of an amount. */
function placesDigits(code: string): boolean {
  return !/\p{Sc}/u.test(code) && !/[.,%/]|E[+-]|general/i.test(code.replace(LITERALS, ''))
}
