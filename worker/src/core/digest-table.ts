import type { Digest } from './digest.ts'

const FEWEST = 1024

/** A list of integers that takes four bytes each. */
export class IntList {
  #all: Int32Array<ArrayBuffer>
  length: number

  /** `saved`: what an earlier message saved. It must not be used elsewhere. */
  constructor(saved: Int32Array<ArrayBuffer> = new Int32Array(0)) {
    this.#all = saved.length === 0 ? new Int32Array(FEWEST) : saved
    this.length = saved.length
  }

  /** Returns the integers for another message. */
  save(): Int32Array<ArrayBuffer> {
    return this.#all.subarray(0, this.length)
  }

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

/** The digests of a table, in their order. */
export interface SavedDigests {
  high: Int32Array<ArrayBuffer>
  low: Int32Array<ArrayBuffer>
}

/**
 * Numbers digests of 64 bits from 0 in the order in which they are added: eight bytes each, and the places of a table.
 * Equal digests are only a hint (see `Digest`). The digests must be made with a random seed.
 */
export class DigestTable {
  readonly #high: IntList
  readonly #low: IntList
  #places = new Int32Array(0)

  /** `saved`: what an earlier message saved. */
  constructor(saved?: SavedDigests) {
    this.#high = new IntList(saved?.high)
    this.#low = new IntList(saved?.low)
    this.#place(FEWEST * 2)
  }

  /** Returns the digests for another message. */
  save(): SavedDigests {
    return { high: this.#high.save(), low: this.#low.save() }
  }

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
    if (this.size * 2 > this.#places.length) this.#place(this.#places.length * 2)
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

  /** Makes a table with at least so many places. */
  #place(fewest: number): void {
    let length = fewest
    while (this.size * 2 > length) length *= 2
    this.#places = new Int32Array(length).fill(-1)
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
