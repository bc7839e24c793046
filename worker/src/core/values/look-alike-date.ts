import { monthNumber } from './month.ts'

const PAIR = /^(\d{1,2})[-/.](\d{1,2})(?:[-/.]\d{2})?$/
const MONTH_FIRST = /^([A-Za-z]{3,9})[- ]?(\d{1,2})$/
const MONTH_LAST = /^(\d{1,2})[- ]?([A-Za-z]{3,9})$/
const SHOWN_MONTH = /^(?:\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2})$/
const SHOWN_DATE = /^(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}(?: \d{1,2}:\d{2}.*)?$/
const SHOWN_ISO = /^\d{4}-(\d{2})-(\d{2})(?:[T ].*)?$/

/** Returns the keys of the dates that a spreadsheet may take an ID for: `3-4`, `3/4`, `3-4-26`, `MAR1`, `1 March`. */
export function dateLikeKeys(id: string): string[] {
  if (SHOWN_MONTH.test(id)) return []
  const pair = PAIR.exec(id)
  if (pair !== null) return bothWays(Number(pair[1]), Number(pair[2]))
  return named(id)
}

/**
 * Returns the keys of the date that an ID shows, if it has the form in which a spreadsheet shows dates: `04-Mar`,
 * `3/4/2026`.
 */
export function dateDisplayKeys(id: string): string[] {
  if (SHOWN_MONTH.test(id)) return named(id)
  const iso = SHOWN_ISO.exec(id)
  if (iso !== null) return [key(Number(iso[1]), Number(iso[2]))]
  const date = SHOWN_DATE.exec(id)
  return date === null ? [] : bothWays(Number(date[1]), Number(date[2]))
}

function named(id: string): string[] {
  const first = MONTH_FIRST.exec(id)
  const last = first === null ? MONTH_LAST.exec(id) : null
  const month = monthNumber(first?.[1] ?? last?.[2] ?? '')
  return month === null ? [] : [key(month, Number(first?.[2] ?? last?.[1]))]
}

/**
 * Returns the keys of both readings: `3-4` is the fourth of March or the third of April, depending on the country of
 * the spreadsheet.
 */
function bothWays(one: number, other: number): string[] {
  const keys = new Set<string>()
  if (one >= 1 && one <= 12) keys.add(key(one, other))
  if (other >= 1 && other <= 12) keys.add(key(other, one))
  return [...keys]
}

function key(month: number, day: number): string {
  return `date ${month}-${day}`
}
