import type { Digest } from './digest.ts'

const FEWEST = 1024

/** A list of integers that takes four bytes each. */
export class IntList {
  #all = new Int32Array(FEWEST)
  length = 0

  /** Returns the integer at a position; 0 beyond the end. */
  at(index: number): number {
    return this.#all[index] ?? 0
  }

  set(index: number, value: number): void {
    this.#all[index] = value
  }

  /** Adds an integer. Returns its position. */
  push(value: number): number {
    if (this.length === this.#all.length) this.#all = enlarged(this.#all)
    this.#all[this.length] = value
    return this.length++
  }
}

/**
 * Numbers digests of 64 bits from 0 in the order in which they are added: eight bytes each, and the places of a table.
 * Equal digests are only a hint (see `Digest`). The digests must be made with a random seed.
 */
export class DigestTable {
  readonly #high = new IntList()
  readonly #low = new IntList()
  #places = new Int32Array(FEWEST * 2).fill(-1)

  get size(): number {
    return this.#high.length
  }

  /** Returns the number of a digest, or -1. */
  find({ high, low }: Digest): number {
    return this.#places[this.#placeOf(high, low)] ?? -1
  }

  /** Returns the number of a digest, which is added if it is new. */
  add({ high, low }: Digest): number {
    const place = this.#placeOf(high, low)
    const known = this.#places[place] ?? -1
    if (known !== -1) return known
    const added = this.#high.push(high)
    this.#low.push(low)
    this.#places[place] = added
    if (this.size * 2 > this.#places.length) this.#grow()
    return added
  }

  /** Returns the place of a digest, or the free place where it belongs. */
  #placeOf(high: number, low: number): number {
    const mask = this.#places.length - 1
    for (let at = (high ^ low) & mask; ; at = (at + 1) & mask) {
      const number = this.#places[at] ?? -1
      if (number === -1 || (this.#high.at(number) === high && this.#low.at(number) === low)) return at
    }
  }

  #grow(): void {
    this.#places = new Int32Array(this.#places.length * 2).fill(-1)
    for (let number = 0; number < this.size; number++) {
      this.#places[this.#placeOf(this.#high.at(number), this.#low.at(number))] = number
    }
  }
}

function enlarged(from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const into = new Int32Array(from.length * 2)
  into.set(from)
  return into
}
