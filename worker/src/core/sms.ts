import type { SmsStatus } from './contact.ts'
import { optOutWords } from './sms-words.ts'
import { cleanLine, quote, readBlank } from './values/text.ts'
import type { Finding } from './values/value.ts'

/** How a source writes the SMS status (seed: Opt-Out Field): one value or several. The first is written back. */
export interface SmsValues {
  optedIn: string | readonly string[]
  optedOut: string | readonly string[]
  emptyMeansOptedIn: boolean
}

/** Returns the values of a setting that has one value or a list. */
export function smsValues(setting: string | readonly string[]): readonly string[] {
  return typeof setting === 'string' ? [setting] : setting
}

/** A source's value for a contact's SMS status, and the meaning of that value; null if it means neither. */
export interface SmsReading {
  value: string
  means: 'opted_in' | 'opted_out' | null
  /**
   * The row has an error, so that it may be about somebody else. Its opt-out counts (invariant 8), but it does not show that
   * the source knows of an opt-out that was made here.
   */
  doubtful?: true
}

/** What the directory stores about a contact's SMS status. */
export interface SmsState {
  /** The status by the decisions about the contact itself. */
  own: SmsStatus
  /** Whether the contact is opted out only because one of its numbers is. */
  byNumber: boolean
  /** When the newest opt-out of the contact was made here, by a person, a system or a text; null if none stands. */
  here: number | null
  /** Whether the source has shown that opt-out since then. */
  shown: boolean
  /** The source's value at the last import; null if no import has had one. */
  seen: string | null
}

/** The state of a contact without an opt-in or opt-out from any side. */
export const NO_SMS: SmsState = { own: 'unknown', byNumber: false, here: null, shown: false, seen: null }

/** Returns the status that follows. */
export function statusOf({ own, byNumber }: SmsState): SmsStatus {
  return byNumber ? 'opted_out' : own
}

/** A reading of a cell of the SMS status, with what is wrong with the cell. */
export type SmsCell = SmsReading & { findings: readonly Finding[] }

/**
 * Returns the reader for cells of the SMS status. The configured values are checked first: exactly as written, then
 * without case. Only a configured value opts in, or an empty cell if the source's settings say so. Words that can only
 * mean an opt-out there opt out (see `optOutWords`). Any other value means nothing and is reported.
 */
export function smsReader(values: SmsValues): (cell: string) => SmsCell {
  const optedIn = smsValues(values.optedIn).map(cleanLine)
  const optedOut = smsValues(values.optedOut).map(cleanLine)
  const isOptOut = optOutWords(optedIn, optedOut)
  const read = (value: string): SmsReading['means'] => {
    if (optedOut.includes(value)) return 'opted_out'
    if (optedIn.includes(value)) return 'opted_in'
    if (optedOut.some((one) => same(value, one))) return 'opted_out'
    return optedIn.some((one) => same(value, one)) ? 'opted_in' : null
  }
  return (cell) => {
    const value = cleanLine(cell)
    const configured = value === '' ? null : read(value)
    if (configured !== null) return { value, means: configured, findings: [] }
    const blank = readBlank(value)
    if (blank !== null) {
      // `none` is no value, but a person who wrote it has not opted in.
      const optsIn = values.emptyMeansOptedIn && value === ''
      return { value: '', means: optsIn ? 'opted_in' : null, findings: blank.findings }
    }
    if (isOptOut(value)) return { value, means: 'opted_out', findings: [] }
    return { value, means: null, findings: [unknown(value, optedIn, optedOut)] }
  }
}

function unknown(value: string, optedIn: readonly string[], optedOut: readonly string[]): Finding {
  const message =
    `${quote(value)} is neither an opted-in value (${quoted(optedIn)}) nor an opted-out value (${quoted(optedOut)}). ` +
    'The SMS status stays as it is. Correct the cell, or the values in the source’s settings.'
  return { code: 'sms_value_unknown', message }
}

const MOST_QUOTED = 3

function quoted(values: readonly string[]): string {
  const more = values.length > MOST_QUOTED ? ', …' : ''
  return values.slice(0, MOST_QUOTED).map(quote).join(', ') + more
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/**
 * Applies the three-way rule (design: SMS status, invariants 7 and 8): a source's value counts only if it has changed
 * since the last import. While nothing has been decided about the contact, the current value counts as well. An opt-out
 * counts at once. An opt-in counts against an opt-out made in Muster only after the source itself has shown that opt-out,
 * in an import whose fetch began (`fetchedAt`) after the opt-out was made. `store/sms-import.ts` implements the same rule
 * in SQL, and that result is the one that counts.
 */
export function decideSms(state: SmsState, { value, means, doubtful }: SmsReading, fetchedAt: number): SmsState {
  const { here } = state
  const counts = value !== state.seen || state.own === 'unknown'
  const allowed = means === 'opted_out' || here === null || state.shown
  const own = counts && means !== null && allowed ? means : state.own
  const byNumber = state.byNumber && own !== 'opted_out'
  if (own !== 'opted_out' || here === null) return { own, byNumber, here: null, shown: false, seen: value }
  const shows = means === 'opted_out' && doubtful !== true && fetchedAt > here
  return { own, byNumber, here, shown: state.shown || shows, seen: value }
}

/** Returns whether two states are equal. */
export function sameSms(one: SmsState, other: SmsState): boolean {
  return one.own === other.own && one.here === other.here && one.shown === other.shown && one.seen === other.seen
}
