import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../worker/src/core/failure.ts'

/**
 * The time that one request may take. A request goes through phases, each with its own bound. If a phase takes too
 * long, or the request is ended from outside, `signal` is aborted with the `Failure` that says why.
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

  /**
   * Begins the next phase, which must end within `ms`. `what` completes a sentence such as "took longer than 10 s to
   * …".
   */
  expect(what: string, ms: number): void {
    clearTimeout(this.#phase)
    this.#phase = setTimeout(() => this.end(tooLong(what, ms)), ms)
  }

  /** Ends the request now, with this reason. */
  end(reason: Failure): void {
    this.stop()
    this.#controller.abort(reason)
  }

  /** Stops the clock when the request is over. */
  stop(): void {
    clearTimeout(this.#phase)
    clearTimeout(this.#total)
  }

  /** Waits `ms`. Throws the reason if the request is ended meanwhile. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.signal }).catch(() => {})
    this.signal.throwIfAborted()
  }
}

function tooLong(what: string, ms: number): Failure {
  return new Failure(
    'timeout',
    `The SFTP server took longer than ${Math.ceil(ms / 1000)} s to ${what}.`,
    'Muster tries again by itself. If this keeps happening, ask the server’s administrator whether it is overloaded.',
  )
}
