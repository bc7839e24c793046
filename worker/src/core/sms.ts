import type { SmsStatus } from './contact.ts'
import { cleanLine, quote, readBlank } from './values/text.ts'
import type { Finding } from './values/value.ts'

/** How a source writes the SMS status (seed: Opt-Out Field). */
export interface SmsValues {
  optedIn: string
  optedOut: string
  emptyMeansOptedIn: boolean
}

/** What a source says of a contact's SMS status: its value as it came, and what that means; null means neither. */
export interface SmsReading {
  value: string
  means: 'opted_in' | 'opted_out' | null
}

/** What the directory knows of a contact's SMS status. */
export interface SmsState {
  status: SmsStatus
  /** When the opt-out that stands was made here, by a person, a system or a text; null where none does. */
  here: number | null
  /** Whether the source has shown that opt-out since. */
  shown: boolean
  /** The source's value at the last import; null where none has been seen. */
  seen: string | null
}

/** Nobody has said anything yet. */
export const NO_SMS: SmsState = { status: 'unknown', here: null, shown: false, seen: null }

/**
 * Reads a cell of the SMS status. The configured values go before everything else, exactly as written or else whatever
 * their case; a blank cell opts in only where the source says so, and any other value means nothing and is named.
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
 * The three-way rule (design: SMS status, invariants 7 and 8): only a change in the source's value since the last import
 * counts, except that while nobody has decided anything the value as it stands does. An opt-out counts at once; an
 * opt-in against an opt-out made here only once the source itself has shown that opt-out, in an import whose fetch began
 * (`fetchedAt`) after it was made. `store/sms.ts` says the same in SQL, which decides.
 */
export function decideSms(state: SmsState, { value, means }: SmsReading, fetchedAt: number): SmsState {
  const { here } = state
  const counts = value !== state.seen || state.status === 'unknown'
  const allowed = means === 'opted_out' || here === null || state.shown
  const status = counts && means !== null && allowed ? means : state.status
  if (status !== 'opted_out' || here === null) return { status, here: null, shown: false, seen: value }
  return { status, here, shown: state.shown || (means === 'opted_out' && fetchedAt > here), seen: value }
}

/** Whether the two say the same in everything. */
export function sameSms(one: SmsState, other: SmsState): boolean {
  return one.status === other.status && one.here === other.here && one.shown === other.shown && one.seen === other.seen
}
