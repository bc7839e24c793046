import { freeMemory } from './bytes.ts'
import type { ContactNumber } from './contact.ts'

/**
 * Mobile numbers that more than one ID would have once the plan is applied, in E.164, each with the lowest two of the
 * IDs that have it. Not `complete`: the IDs in the file are still to be gathered, by a further pass.
 */
export interface SharedNumbers {
  holders: ReadonlyMap<string, readonly string[]>
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

/**
 * Finds the mobile numbers that added and changed contacts share with each other and with the directory. A number is
 * eight bytes here, whoever has it: only of those that are shared are IDs remembered, in the next pass.
 */
export class NumberSharing {
  readonly #found: SharedNumbers | null
  readonly #gathered = new Map<string, string[]>()
  readonly #full: Float64Array<ArrayBuffer>[] = []
  #piece = new Float64Array(0)
  #used = PIECE

  /** `found`: what the pass before found out; null in the first. */
  constructor(found: SharedNumbers | null) {
    this.#found = found
    for (const [number, ids] of found?.holders ?? []) this.#gathered.set(number, [...ids])
  }

  /** Takes the numbers of a contact that the plan adds or changes. */
  add(id: string, numbers: readonly ContactNumber[]): void {
    if (this.#found?.complete === true) return
    for (const [i, { number, type }] of numbers.entries()) {
      if (type !== 'mobile') continue
      // One number with two extensions is still one person's.
      if (i > 0 && numbers.findIndex((other) => other.type === 'mobile' && other.number === number) < i) continue
      if (this.#found === null) this.#remember(Number(number))
      else {
        const ids = this.#gathered.get(number)
        if (ids !== undefined) keepLowest(ids, id)
      }
    }
  }

  /**
   * What the next pass has to know; null where there is nothing that this one did not know. `lookUp` gives who in the
   * directory has the numbers and keeps them.
   */
  async finish(lookUp: ((numbers: string[]) => Promise<Holder[]>) | null): Promise<SharedNumbers | null> {
    if (this.#found !== null) return this.#found.complete ? null : { holders: this.#gathered, complete: true }
    const numbers = this.#sorted()
    const holders = new Map<string, string[]>()
    for (let i = 1; i < numbers.length; i++) if (numbers[i] === numbers[i - 1]) holders.set(`+${numbers[i]}`, [])
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
    return holders.size === 0 ? null : { holders, complete }
  }

  #remember(number: number): void {
    if (this.#used === PIECE) {
      this.#piece = new Float64Array(PIECE)
      this.#full.push(this.#piece)
      this.#used = 0
    }
    this.#piece[this.#used++] = number
  }

  /** In order; what was remembered is gone. */
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
