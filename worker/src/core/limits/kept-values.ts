import { Digest } from '../digest.ts'

const digest = new Digest()

/** Returns a digest of values, as a whole number below 2^53. */
export function digestOf(...values: readonly string[]): number {
  digest.reset(0)
  for (const value of values) digest.add(value)
  return (digest.high >>> 0) * 2 ** 21 + (digest.low >>> 11)
}

/**
 * Says which values are kept in memory, so that there are never too many. Once there are, it keeps every second of all
 * values, then every fourth: those whose digests end in so many zeros. So the values that are kept depend neither on the
 * order of the rows nor on each other, and everything about a value that is kept is known.
 */
export class Kept {
  readonly #most: number
  #step: number

  /** `most`: how many values. `step`: the step that an earlier message came to. */
  constructor(most: number, step = 1) {
    this.#most = most
    this.#step = step
  }

  /** One of so many values is kept. */
  get step(): number {
    return this.#step
  }

  /** Whether every value is kept. */
  get all(): boolean {
    return this.#step === 1
  }

  /** Whether the value with this digest is kept. */
  keeps(value: number): boolean {
    return value % this.#step === 0
  }

  /** Takes values out of the map while it has too many. `digestOfKey` gives the digest of a key. */
  thin<K>(map: Map<K, unknown>, digestOfKey: (key: K) => number): void {
    while (map.size > this.#most) {
      this.#step *= 2
      for (const key of map.keys()) if (!this.keeps(digestOfKey(key))) map.delete(key)
    }
  }
}
