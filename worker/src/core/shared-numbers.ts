import { freeMemory } from './bytes.ts'
import type { ContactNumber } from './contact.ts'

/**
 * Mobile numbers, in E.164, that more than one ID has once the plan is applied, each with the lowest two of those IDs.
 * If it is not `complete`, another pass must still gather the IDs in the file.
 */
export interface SharedNumbers {
  holders: ReadonlyMap<string, readonly string[]>
  /** Those that many added or changed contacts have. */
  crowded: ReadonlySet<string>
  complete: boolean
}

/** A contact of the directory that has a mobile number. */
export interface Holder {
  number: string
  id: string
  owner: 'source' | 'hand' | 'other'
}

const PIECE = 16_384
const PAGE = 1000
/** How many contacts with one number are many: more than a couple. */
const MANY = 3

/**
 * Finds the mobile numbers that added and changed contacts share with each other and with the directory. A number takes
 * eight bytes here, however many contacts have it. The next pass stores IDs, and only for shared numbers.
 */
export class NumberSharing {
  readonly #found: SharedNumbers | null
  readonly #gathered = new Map<string, string[]>()
  readonly #full: Float64Array<ArrayBuffer>[] = []
  #piece = new Float64Array(0)
  #used = PIECE

  /** Takes the result of the previous pass in `found`; null in the first pass. */
  constructor(found: SharedNumbers | null) {
    this.#found = found
    for (const [number, ids] of found?.holders ?? []) this.#gathered.set(number, [...ids])
  }

  /** Adds the numbers of a contact that the plan adds or changes. */
  add(id: string, numbers: readonly ContactNumber[]): void {
    if (this.#found?.complete === true) return
    // One number with two extensions belongs to one person.
    const mobiles = numbers.filter(({ type }) => type === 'mobile').map(({ number }) => number)
    for (const number of mobiles.length < 2 ? mobiles : new Set(mobiles)) {
      if (this.#found === null) this.#remember(Number(number))
      else {
        const ids = this.#gathered.get(number)
        if (ids !== undefined) keepLowest(ids, id)
      }
    }
  }

  /**
   * Returns the input of the next pass; null if this pass already knew everything. `lookUp` returns the contacts in the
   * directory that have the numbers and keep them.
   */
  async finish(lookUp: ((numbers: string[]) => Promise<Holder[]>) | null): Promise<SharedNumbers | null> {
    if (this.#found !== null) {
      const { complete, crowded } = this.#found
      return complete ? null : { holders: this.#gathered, crowded, complete: true }
    }
    const numbers = this.#sorted()
    const holders = new Map<string, string[]>()
    const crowded = new Set<string>()
    for (let i = 1; i < numbers.length; i++) {
      if (numbers[i] === numbers[i - 1]) holders.set(`+${numbers[i]}`, [])
      if (numbers[i] === numbers[i - MANY + 1]) crowded.add(`+${numbers[i]}`)
    }
    const complete = holders.size === 0
    for (let at = 0; lookUp !== null && at < numbers.length; at += PAGE) {
      const page = new Set([...numbers.subarray(at, at + PAGE)].map((number) => `+${number}`))
      for (const { number, id } of await lookUp([...page])) {
        const ids = holders.get(number) ?? []
        holders.set(number, ids)
        keepLowest(ids, id)
      }
    }
    freeMemory(numbers)
    return holders.size === 0 ? null : { holders, crowded, complete }
  }

  #remember(number: number): void {
    if (this.#used === PIECE) {
      this.#piece = new Float64Array(PIECE)
      this.#full.push(this.#piece)
      this.#used = 0
    }
    this.#piece[this.#used++] = number
  }

  /** Returns the collected numbers in order, and clears them. */
  #sorted(): Float64Array<ArrayBuffer> {
    if (this.#full.length === 0) return this.#piece
    const all = new Float64Array((this.#full.length - 1) * PIECE + this.#used)
    for (const [i, piece] of this.#full.entries()) {
      all.set(piece.subarray(0, all.length - i * PIECE), i * PIECE)
      freeMemory(piece)
    }
    this.#full.length = 0
    return all.sort()
  }
}

function keepLowest(ids: string[], id: string): void {
  if (ids.includes(id)) return
  ids.push(id)
  ids.sort()
  ids.length = Math.min(ids.length, 2)
}
