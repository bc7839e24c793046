import { Digest } from './digest.ts'
import { DigestTable, IntList, type SavedDigests } from './digest-table.ts'
import { without } from './limits/difference.ts'
import {
  isSomebodyElse,
  keepsNothing,
  PERSON_KINDS,
  type PersonChange,
  type PersonDetails,
  type PersonValues,
  personChange,
} from './same-person.ts'

/** What another message needs to go on. */
export interface SavedSomebodyElse {
  lost: SavedDigests
  found: Float64Array
  keys: Float64Array
  ends: Int32Array<ArrayBuffer>
  high: Int32Array<ArrayBuffer>
  low: Int32Array<ArrayBuffer>
}

/**
 * Finds the contacts that a plan makes somebody else: they keep no name, number or e-mail address that counts. If a contact
 * gains a value that another contact of the plan loses, the rows may have moved. Then a value that it keeps does not count
 * if another contact that the plan changes or removes loses it (design: Consent, “The same person”). So a contact that
 * keeps a value is judged only after all changes have been received. Their order does not matter.
 *
 * The plan is judged as it was made. If only a part of it is approved, another contact may keep a value after all.
 *
 * It keeps digests of 64 bits, in all about 60 bytes for a contact that changes its number and keeps its name and address.
 */
export class SomebodyElse {
  readonly #seed: number
  readonly #digest = new Digest()
  readonly #lost: DigestTable
  readonly #found: number[]
  /** Contacts that keep some values and gain others: their keys, and in the lists below the values of each. */
  readonly #keys: number[]
  /** Two for each contact: where the values that it keeps end in the lists, and where those that it gains end. */
  readonly #ends: IntList
  readonly #high: IntList
  readonly #low: IntList

  /** `seed`: a random integer of 32 bits. `saved`: what an earlier message, with the same seed, saved. */
  constructor(seed: number, saved?: SavedSomebodyElse) {
    this.#seed = seed
    this.#lost = new DigestTable(saved?.lost)
    this.#found = [...(saved?.found ?? [])]
    this.#keys = [...(saved?.keys ?? [])]
    this.#ends = new IntList(saved?.ends)
    this.#high = new IntList(saved?.high)
    this.#low = new IntList(saved?.low)
  }

  /** Returns what another message needs to go on. */
  save(): SavedSomebodyElse {
    return {
      lost: this.#lost.save(),
      found: Float64Array.from(this.#found),
      keys: Float64Array.from(this.#keys),
      ends: this.#ends.save(),
      high: this.#high.save(),
      low: this.#low.save(),
    }
  }

  /** Receives an update, or the adoption of a manual contact. */
  updated(key: number, change: PersonChange): void {
    this.#lose(change)
    if (keepsNothing(change)) this.#found.push(key)
    else this.#keep(key, change)
  }

  /** Receives a change of a contact that gets a new ID because it is the same person (`isSamePerson`). */
  rekeyed(change: PersonChange): void {
    this.#lose(change)
  }

  removed(was: PersonValues): void {
    this.#lose({ was, becomes: NOTHING })
  }

  /** Returns the keys of the contacts that become somebody else, in order, once all changes have been received. */
  finish(): Float64Array {
    const found = [...this.#found]
    let at = 0
    for (const [i, key] of this.#keys.entries()) {
      let [counts, moved] = [false, false]
      for (; at < this.#ends.at(2 * i); at++) counts ||= !this.#isLost(at)
      for (; at < this.#ends.at(2 * i + 1); at++) moved ||= this.#isLost(at)
      if (moved && !counts) found.push(key)
    }
    return Float64Array.from(found).sort()
  }

  #lose({ was, becomes }: PersonChange): void {
    for (const kind of PERSON_KINDS) {
      for (const value of without(was[kind], becomes[kind])) this.#lost.add(this.#digestOf(value))
    }
  }

  #keep(key: number, change: PersonChange): void {
    const kept = keptValues(change)
    const gained = gainedValues(change)
    // A contact that had nothing was nobody.
    if (kept.length === 0 || gained.length === 0) return
    this.#keys.push(key)
    for (const values of [kept, gained]) {
      for (const value of values) {
        const { high, low } = this.#digestOf(value)
        this.#high.push(high)
        this.#low.push(low)
      }
      this.#ends.push(this.#high.length)
    }
  }

  /** Returns whether the value at a place is lost by a contact. That is another one, since this one has it afterwards. */
  #isLost(at: number): boolean {
    this.#digest.high = this.#high.at(at)
    this.#digest.low = this.#low.at(at)
    return this.#lost.find(this.#digest) !== -1
  }

  // A name, a number and an address are never the same text, so their kind need not be in the digest.
  #digestOf(value: string): Digest {
    return this.#digest.reset(this.#seed).add(value)
  }
}

/** The details of a contact before and after a change. */
interface Details {
  before: PersonDetails
  after: PersonDetails
}

/**
 * Returns whether an undo makes a contact somebody else: it keeps nothing, or the undone change made the contact somebody
 * else (`became`) and the undo keeps only values that the undone change kept too. So an undo gives an ID back to exactly
 * the people from whom the import took it. The other contacts of the undo do not matter: they lose what the import gave
 * them, and not what it took from them.
 */
export function isSomebodyElseAgain(undone: Details, undoing: Details, became: boolean): boolean {
  if (isSomebodyElse(undoing.before, undoing.after)) return true
  if (!became) return false
  const change = personChange(undoing.before, undoing.after)
  const keptBefore = keptValues(personChange(undone.before, undone.after))
  return isChanged(change) && without(keptValues(change), keptBefore).length === 0
}

/** Returns whether a contact loses or gains a value. */
function isChanged({ was, becomes }: PersonChange): boolean {
  return PERSON_KINDS.some(
    (kind) => without(was[kind], becomes[kind]).length > 0 || without(becomes[kind], was[kind]).length > 0,
  )
}

function gainedValues({ was, becomes }: PersonChange): string[] {
  return PERSON_KINDS.flatMap((kind) => without(becomes[kind], was[kind]))
}

function keptValues({ was, becomes }: PersonChange): string[] {
  return PERSON_KINDS.flatMap((kind) => without(was[kind], without(was[kind], becomes[kind])))
}

/** Returns whether a key is in a list of keys, which are in order. */
export function hasKey(keys: Float64Array, key: number): boolean {
  return placeOf(keys, key) !== -1
}

/** Returns the place of a key in a list of keys, which are in order; -1 if it is not there. */
export function placeOf(keys: Float64Array, key: number): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] ?? 0) < key) low = middle + 1
    else high = middle
  }
  return keys[low] === key ? low : -1
}

const NOTHING: PersonValues = { names: [], numbers: [], emails: [] }
