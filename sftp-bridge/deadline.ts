import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../worker/src/core/failure.ts'

/**
 * The time one request may take. A request goes through phases, each with its own bound; one that overruns, or is ended
 * from outside, aborts `signal` with the `Failure` that says why.
 */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #total: NodeJS.Timeout
  #phase: NodeJS.Timeout | undefined

  /** `totalMs` bounds all phases together. */
  constructor(totalMs: number) {
    this.#total = setTimeout(() => this.end(tooLong('finish the transfer', totalMs)), totalMs)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Begins the next phase: what is awaited, in words that follow "to", must come within `ms`. */
  expect(what: string, ms: number): void {
    clearTimeout(this.#phase)
    this.#phase = setTimeout(() => this.end(tooLong(what, ms)), ms)
  }

  /** Ends the request now, with the reason. */
  end(reason: Failure): void {
    this.stop()
    this.#controller.abort(reason)
  }

  /** Stops the clock: the request is over. */
  stop(): void {
    clearTimeout(this.#phase)
    clearTimeout(this.#total)
  }

  /** Waits `ms`; throws the reason if the request is ended meanwhile. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.signal }).catch(() => {})
    this.signal.throwIfAborted()
  }
}

function tooLong(what: string, ms: number): Failure {
  return new Failure(
    'timeout',
    `The SFTP server took longer than ${Math.ceil(ms / 1000)} s to ${what}.`,
    'Muster tries again by itself. If this keeps happening, ask whoever runs the server whether it is overloaded.',
  )
}
