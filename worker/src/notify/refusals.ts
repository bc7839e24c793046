import { noteOf } from '../core/note.ts'
import { pauseAfter, RETRIED_FOR } from '../core/retry.ts'
import type { NotificationRow } from '../store/notifications.ts'

/** What follows from a refusal of Email Service. */
interface Refusal {
  /** Whether it is about this recipient only. Otherwise the others would get the same. */
  concerns: 'recipient' | 'all'
  /** When another attempt may succeed: never, after so many milliseconds, or after pauses that grow. */
  retry: 'never' | 'growing' | number
}

const HOUR = 60 * 60_000

/**
 * The refusals after which Muster does not simply try again with growing pauses.
 * https://developers.cloudflare.com/email-service/api/send-emails/workers-api/#error-codes
 */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  // An address stays suppressed for a day at least, and one that bounced until a person takes it off the list.
  E_RECIPIENT_SUPPRESSED: { concerns: 'recipient', retry: 'never' },
  E_RECIPIENT_NOT_ALLOWED: { concerns: 'recipient', retry: 'never' },
  // The address is the only part of a message that a person typed.
  E_VALIDATION_ERROR: { concerns: 'recipient', retry: 'never' },
  E_DELIVERY_FAILED: { concerns: 'recipient', retry: 'growing' },
  E_FIELD_MISSING: { concerns: 'all', retry: 'never' },
  E_TOO_MANY_RECIPIENTS: { concerns: 'all', retry: 'never' },
  E_CONTENT_TOO_LARGE: { concerns: 'all', retry: 'never' },
  E_HEADER_NOT_ALLOWED: { concerns: 'all', retry: 'never' },
  E_HEADER_VALUE_INVALID: { concerns: 'all', retry: 'never' },
  E_RATE_LIMIT_EXCEEDED: { concerns: 'all', retry: HOUR },
  // The quota of a day is free again at some time within 24 hours.
  E_DAILY_LIMIT_EXCEEDED: { concerns: 'all', retry: 4 * HOUR },
}

/** Email Service cannot be reached, is not set up yet, or refuses for a reason that this version does not know. */
const OTHER: Refusal = { concerns: 'all', retry: 'growing' }

/** Returns the code of a refusal by Email Service, or what may be logged of another error. Neither names anybody. */
export function refusalOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^E_[A-Z_]{1,60}$/.test(code) ? code : noteOf(error)
}

/** Returns whether a refusal with this code is about the recipient only. */
export function concernsRecipient(code: string): boolean {
  return (REFUSALS[code] ?? OTHER).concerns === 'recipient'
}

/**
 * Returns how long to wait for the next attempt after a refusal, in milliseconds; null if another attempt is of no use.
 * `attempts`: how many there have been.
 */
export function pauseAfterRefusal(code: string, attempts: number): number | null {
  const { retry } = REFUSALS[code] ?? OTHER
  if (retry === 'never') return null
  return retry === 'growing' ? pauseAfter(attempts) : retry
}

/**
 * How often a notification is tried for a recipient at most. A refusal is retried for a day, which is fewer attempts: this
 * ends one whose attempts crash.
 */
export const MOST_ATTEMPTS = 100
/** How often it is tried at least before it is given up: after an outage the day may be over at the first attempt. */
const LEAST_ATTEMPTS = 5

/**
 * Returns when a refused notification is tried again, in milliseconds since 1970; null if it is given up: `pause` is null, or
 * it has been tried for a day since it was made or last asked for. `attempts`: how many there have been.
 */
export function nextAttempt(
  { createdAt, requestedAt }: Pick<NotificationRow, 'createdAt' | 'requestedAt'>,
  attempts: number,
  pause: number | null,
  now: number,
): number | null {
  const isOver = now - (requestedAt ?? createdAt) >= RETRIED_FOR && attempts >= LEAST_ATTEMPTS
  return pause === null || isOver ? null : now + pause
}
