/** A generator of numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Returns a number from 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let value = this.#state
    value = Math.imul(value ^ (value >>> 15), value | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }

  /** Returns a whole number from 0 up to, not including, `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound)
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  /** Returns how many of `count` things happen, if each has the probability `share`. */
  hits(count: number, share: number): number {
    const expected = count * share
    const whole = Math.floor(expected)
    return Math.min(count, whole + (this.chance(expected - whole) ? 1 : 0))
  }

  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    const picked = from[this.below(from.length)]
    if (picked === undefined) throw new Error('Nothing to pick from')
    return picked
  }

  /** Returns `count` different elements of `from` in their order; all of them if there are fewer. */
  some<T>(from: readonly T[], count: number): T[] {
    const chosen = new Set(this.shuffled(from.map((_, i) => i)).slice(0, count))
    return from.filter((_, i) => chosen.has(i))
  }

  shuffled<T>(from: readonly T[]): T[] {
    const all = [...from]
    for (let i = all.length - 1; i > 0; i--) {
      const other = this.below(i + 1)
      const held = all[i] as T
      all[i] = all[other] as T
      all[other] = held
    }
    return all
  }
}
