import { setImmediate as nextTurn } from 'node:timers/promises'

interface Timer {
  at: number
  every: number | null
  call: () => void
}

/** What the clock replaces while a schedule is played. */
const REAL = {
  now: Date.now,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
}

/**
 * The clock and the timers of the Worker, which move only when the schedule says so. `wrap` puts a timer's function into the
 * invocation that set it.
 */
export class Clock {
  now: number
  /** Counts what the Worker does between two calls, so that an invocation at work is told from one that waits. */
  activity = 0
  readonly #timers = new Map<number, Timer>()
  #last = 0

  constructor(now: number) {
    this.now = now
  }

  /** Replaces the clock and the timers of this process, and returns a function that puts them back. */
  install(wrap: (call: () => void) => () => void): () => void {
    const set =
      (every: boolean) =>
      (call: (...given: unknown[]) => void, ms: number = 0, ...given: unknown[]) => {
        const id = ++this.#last
        const wrapped = wrap(() => call(...given))
        this.#timers.set(id, { at: this.now + ms, every: every ? Math.max(1, ms) : null, call: wrapped })
        return id
      }
    const clear = (id?: unknown) => void this.#timers.delete(Number(id))
    const scheduler = {
      wait: () => {
        this.activity++
        return nextTurn()
      },
    }
    Date.now = () => this.now
    Object.assign(globalThis, {
      ...{ setTimeout: set(false), clearTimeout: clear, setInterval: set(true), clearInterval: clear, scheduler },
    })
    return () => {
      const { now, ...timers } = REAL
      Date.now = now
      Object.assign(globalThis, timers)
    }
  }

  /** Returns when the next timer is due; null if no timer is set. */
  get next(): number | null {
    let next: number | null = null
    for (const { at } of this.#timers.values()) next = next === null ? at : Math.min(next, at)
    return next
  }

  /** Calls the timers that are due. */
  fire(): void {
    for (const [id, timer] of [...this.#timers]) {
      if (timer.at > this.now || !this.#timers.has(id)) continue
      if (timer.every === null) this.#timers.delete(id)
      else timer.at = this.now + timer.every
      timer.call()
    }
  }
}
