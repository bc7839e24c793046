const MINUTE = 60_000
const PAUSES = [1, 2, 5, 10, 30].map((minutes) => minutes * MINUTE)
const LAST_PAUSE = 60 * MINUTE

/** How long a message to the outside (an e-mail, a status for a CRM) is tried before it is given up, in milliseconds. */
export const RETRIED_FOR = 24 * 60 * MINUTE

/** Returns how long to wait after a failed attempt, in milliseconds. `attempts`: how many there have been, from 1. */
export function pauseAfter(attempts: number): number {
  return PAUSES[attempts - 1] ?? LAST_PAUSE
}
