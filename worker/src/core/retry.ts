const MINUTE = 60_000
const PAUSES = [1, 2, 5, 10, 30].map((minutes) => minutes * MINUTE)
const LAST_PAUSE = 60 * MINUTE

/** How long an outgoing message (an e-mail, a status for a CRM) is retried, in milliseconds. */
export const RETRIED_FOR = 24 * 60 * MINUTE

/**
 * Returns how long to wait after a failed attempt, in milliseconds. `attempts` is the number of attempts so far, from
 * 1.
 */
export function pauseAfter(attempts: number): number {
  return PAUSES[attempts - 1] ?? LAST_PAUSE
}
