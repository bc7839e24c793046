import { Failure } from '../../core/failure.ts'
import { retryAfterSeconds } from '../status.ts'

/** How long to wait if D4H asks for fewer requests and names no time, in seconds. */
const UNSAID = 30

/**
 * Respects the limits that D4H names in its answers: `ratelimit` (draft 7 of the IETF's header fields) before it
 * refuses, and `Retry-After` or the same reset time once it has refused (D4H API: Request Limits).
 */
export class Pace {
  readonly #host: string
  readonly #signal: AbortSignal
  #patience: number
  #notBefore = 0

  /** `patience` is the longest total wait, in milliseconds; a run must not pause for longer. */
  constructor(host: string, signal: AbortSignal, patience: number) {
    this.#host = host
    this.#signal = signal
    this.#patience = patience
  }

  /** Waits until the next request may be sent. Throws `Failure` `rate_limited`, or the signal's reason when aborted. */
  async turn(): Promise<void> {
    const wait = this.#notBefore - Date.now()
    if (wait <= 0) return
    if (wait > this.#patience) throw this.#limited(Math.ceil(wait / 1000))
    this.#patience -= wait
    await sleep(wait, this.#signal)
  }

  /** Notes the limit that an answer names. A refused request (429) must be sent again after `turn`. */
  note({ status, headers }: Response): void {
    const now = Date.now()
    const { remaining, reset } = limitOf(headers.get('RateLimit'))
    const refused = status === 429
    const seconds = refused ? (retryAfterSeconds(headers.get('Retry-After'), now) ?? reset ?? UNSAID) : reset
    // A refusal is never retried at once: D4H would refuse again, endlessly and without using up the patience.
    if (refused) this.#notBefore = now + Math.max(1, seconds ?? UNSAID) * 1000
    else if (remaining === 0 && seconds !== null) this.#notBefore = now + seconds * 1000
  }

  #limited(seconds: number): Failure {
    return new Failure(
      'rate_limited',
      `${this.#host} asks for fewer requests, and to wait ${seconds} seconds.`,
      'Wait, and import less often if this goes on; other programs that use D4H with this account count too.',
      { retryAfter: seconds },
    )
  }
}

/** Reads `limit=200, remaining=0, reset=30`; a missing value is null. */
function limitOf(header: string | null): { remaining: number | null; reset: number | null } {
  const stated = (name: string) => {
    const digits = new RegExp(`(?:^|[,;\\s])${name}=(\\d{1,9})`, 'i').exec(header ?? '')?.[1]
    return digits === undefined ? null : Number(digits)
  }
  return { remaining: stated('remaining'), reset: stated('reset') }
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abort = () => reject(signal.reason)
  const timer = setTimeout(resolve, milliseconds)
  signal.addEventListener('abort', abort)
  try {
    await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}
