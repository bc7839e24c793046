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

/**
 * Turns the number of a cell, the text of its `v` element, into the text that Excel shows in a column that is wide
 * enough.
 */
export type NumberFormat = (raw: string) => string

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
  if (shown === undefined || shown.length > LONGEST_FORMAT || /^(?:general|@)$/i.test(shown)) return formatGeneral
  const memoized = new Map<string, string>()
  return (raw) => {
    const known = memoized.get(raw)
    if (known !== undefined) return known
    const text = formatWith(shown, raw, date1904)
    if (raw.length + text.length > LONGEST_MEMOIZED) return text
    if (memoized.size === MOST_MEMOIZED) memoized.clear()
    memoized.set(raw, text)
    return text
  }
}

/** Returns the serial number of an ISO 8601 date (`t="d"`, ECMA-376 18.18.11), or null if the text is not a date. */
export function serialOf(iso: string, date1904: boolean): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?Z?)?$/.exec(iso.trim())
  if (match === null) return null
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1).map((part) => Number(part ?? 0))
  const days = Date.UTC(year ?? 0, (month ?? 1) - 1, day) / 86_400_000 + (date1904 ? 24_107 : 25_569)
  return days + (hour * 3600 + minute * 60 + second) / 86_400
}

function formatWith(code: string, raw: string, date1904: boolean): string {
  const value = Number(raw)
  if (raw.trim() === '' || Number.isNaN(value)) return raw
  try {
    // Accounting formats pad with blanks to the width of a sign or a parenthesis.
    const text = SSF.format(code, value, { date1904 }).slice(0, LONGEST_TEXT).trim()
    return text === '' ? formatGeneral(raw) : text
  } catch {
    return formatGeneral(raw)
  }
}
