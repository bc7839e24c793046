import type { SmsStatus } from './contact.ts'
import { cleanLine, quote, readBlank } from './values/text.ts'
import type { Finding } from './values/value.ts'

/** How a source writes the SMS status (seed: Opt-Out Field). */
export interface SmsValues {
  optedIn: string
  optedOut: string
  emptyMeansOptedIn: boolean
}

/** A source's value for a contact's SMS status, and the meaning of that value; null if it means neither. */
export interface SmsReading {
  value: string
  means: 'opted_in' | 'opted_out' | null
}

/** The state that the directory stores for a contact's SMS status. */
export interface SmsState {
  status: SmsStatus
  /** When the current opt-out was made in Muster, by a person, a system or a text message; null if there is none. */
  here: number | null
  /** Whether the source has shown that opt-out since then. */
  shown: boolean
  /** The source's value at the last import; null if no import has had one. */
  seen: string | null
}

/** The state of a contact without an opt-in or opt-out from any side. */
export const NO_SMS: SmsState = { status: 'unknown', here: null, shown: false, seen: null }

/**
 * Reads a cell of the SMS status. The configured values are checked first: exactly as written, then without case. A
 * blank cell opts in only if the source's settings say so. Any other value means nothing and is reported.
 */
export function readSms(cell: string, values: SmsValues): SmsReading & { findings: readonly Finding[] } {
  const value = cleanLine(cell)
  const [optedIn, optedOut] = [cleanLine(values.optedIn), cleanLine(values.optedOut)]
  const stated = (means: SmsReading['means'], findings: readonly Finding[] = []) => ({ value, means, findings })
  if (value !== '') {
    if (value === optedOut) return stated('opted_out')
    if (value === optedIn) return stated('opted_in')
    if (same(value, optedOut)) return stated('opted_out')
    if (same(value, optedIn)) return stated('opted_in')
  }
  const blank = readBlank(value)
  if (blank !== null) {
    return { value: '', means: values.emptyMeansOptedIn ? 'opted_in' : null, findings: blank.findings }
  }
  const message =
    `${quote(value)} is neither the opted-in value (${quote(optedIn)}) nor the opted-out value (${quote(optedOut)}). ` +
    'The SMS status stays as it is. Correct the cell, or the values in the source’s settings.'
  return stated(null, [{ code: 'sms_value_unknown', message }])
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/**
 * Applies the three-way rule (design: SMS status, invariants 7 and 8): a source's value counts only if it has changed
 * since the last import. While the status is still `unknown`, the current value counts as well. An opt-out counts at
 * once. An opt-in counts against an opt-out made in Muster only after the source itself has shown that opt-out, in an
 * import whose fetch began (`fetchedAt`) after the opt-out was made. `store/sms.ts` implements the same rule in SQL,
 * and that result is the one that counts.
 */
export function decideSms(state: SmsState, { value, means }: SmsReading, fetchedAt: number): SmsState {
  const { here } = state
  const counts = value !== state.seen || state.status === 'unknown'
  const allowed = means === 'opted_out' || here === null || state.shown
  const status = counts && means !== null && allowed ? means : state.status
  if (status !== 'opted_out' || here === null) return { status, here: null, shown: false, seen: value }
  return { status, here, shown: state.shown || (means === 'opted_out' && fetchedAt > here), seen: value }
}

/** Returns whether two states are equal. */
export function sameSms(one: SmsState, other: SmsState): boolean {
  return one.status === other.status && one.here === other.here && one.shown === other.shown && one.seen === other.seen
}
