import { Failure } from '../core/failure.ts'

/** How long a step may take and how often it shows that it goes on, in milliseconds; and with what it ends if it takes longer. */
export interface Bounds {
  within: number
  renewEvery: number
  tooLate(within: number): Error
}

/**
 * A fetch ends by itself before the platform ends its queue consumer, which takes 15 minutes and gives no reason. Every step
 * renews its lease several times within `STALE_AFTER`, so that no second message begins it beside a slow one.
 */
const STEP: Bounds = { within: 13 * 60_000, renewEvery: 30_000, tooLate: tooSlow }

/** Another message has taken over the run, so what this one does is of no use. */
class LeaseLost extends Error {
  override name = 'LeaseLost'
}

/**
 * Does `work`, and calls `renew` at times, which says whether the work still has its lease. Returns null if it has lost it.
 * Throws `Failure` `timeout`, or what `tooLate` makes, if the work takes too long, however steadily the server sends. Only work
 * that waits for a server must obey the signal; any other commits nothing once it has lost its lease.
 */
export async function leased<T>(
  renew: () => Promise<boolean>,
  work: (signal: AbortSignal) => Promise<T>,
  bounds: Partial<Bounds> = {},
): Promise<T | null> {
  const { within, renewEvery, tooLate } = { ...STEP, ...bounds }
  const stop = new AbortController()
  const late = setTimeout(() => stop.abort(tooLate(within)), within)
  const renewal = setInterval(() => {
    // A database that does not answer now may answer the next time.
    renew().then(
      (mine) => mine || stop.abort(new LeaseLost()),
      () => undefined,
    )
  }, renewEvery)
  try {
    return await work(stop.signal)
  } catch (error) {
    if (error instanceof LeaseLost) return null
    throw error
  } finally {
    clearTimeout(late)
    clearInterval(renewal)
  }
}

function tooSlow(within: number): Failure {
  return new Failure(
    'timeout',
    `The file did not arrive within ${Math.round(within / 60_000)} minutes in all.`,
    'Check how fast the server sends the file, and whether it can send it compressed or in smaller parts.',
  )
}
