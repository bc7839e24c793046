import { freeMemory } from './bytes.ts'
import { Digest } from './digest.ts'

const FEWEST = 1024
const SEEN = 1
const SCATTERED = 2
const CHANGED = 4
const PROTECTED = 8
const LEFT_OUT = 16
/** Changes whenever digests are computed in another way. */
const MAGIC = 0x4d537432

/** Where a file has its checksum, in integers of 32 bits from its start. */
const CHECKSUM_AT = 3
/** In place of the checksum, in files that were written before there was one. */
const UNCHECKED = 0

/** What another message of a plan needs to know of the contacts. */
export interface SavedKnown {
  seed: number
  salt: number
  idHigh: Int32Array<ArrayBuffer>
  idLow: Int32Array<ArrayBuffer>
  fingerprintHigh: Int32Array<ArrayBuffer>
  fingerprintLow: Int32Array<ArrayBuffer>
  key: Float64Array<ArrayBuffer>
  flags: Uint8Array<ArrayBuffer>
}

/** Digests of IDs whose rows are not next to each other, and the seed of the digests. */
export interface ScatteredIds {
  seed: number
  high: Int32Array
  low: Int32Array
}

/**
 * The contacts of a source that a plan has to account for, as digests in typed arrays: 25 bytes each, plus the slots of
 * an open-addressing table. A slot is a position in the arrays; -1 means none.
 */
export class KnownContacts {
  /** The seed of the digests, which is kept in the file: stored digests stay comparable. */
  readonly seed: number
  /** Decides the place of a digest in the table. It is not written, because nothing that is written depends on it. */
  readonly salt: number
  #count = 0
  #idHigh: Int32Array<ArrayBuffer>
  #idLow: Int32Array<ArrayBuffer>
  #fingerprintHigh: Int32Array<ArrayBuffer>
  #fingerprintLow: Int32Array<ArrayBuffer>
  /** The contact's key; 0 for a removed contact; -1, -2, … for the first, second, … contact that a plan adds. */
  #key: Float64Array<ArrayBuffer>
  #flags: Uint8Array<ArrayBuffer>
  #table: Int32Array<ArrayBuffer>
  readonly #digest = new Digest()

  /**
   * In production `seed` and `salt` are random integers of 32 bits, so that nobody can choose IDs whose digests share one
   * place, which would take as many steps as there are IDs. The contents do not depend on them.
   */
  constructor(seed = 0, salt = 0, capacity = FEWEST) {
    this.seed = seed
    this.salt = salt
    this.#idHigh = new Int32Array(capacity)
    this.#idLow = new Int32Array(capacity)
    this.#fingerprintHigh = new Int32Array(capacity)
    this.#fingerprintLow = new Int32Array(capacity)
    this.#key = new Float64Array(capacity)
    this.#flags = new Uint8Array(capacity)
    this.#table = new Int32Array(tableSize(capacity)).fill(-1)
  }

  /** Returns everything for another message of the same plan. */
  save(): SavedKnown {
    const count = this.#count
    return {
      seed: this.seed,
      salt: this.salt,
      idHigh: this.#idHigh.subarray(0, count),
      idLow: this.#idLow.subarray(0, count),
      fingerprintHigh: this.#fingerprintHigh.subarray(0, count),
      fingerprintLow: this.#fingerprintLow.subarray(0, count),
      key: this.#key.subarray(0, count),
      flags: this.#flags.subarray(0, count),
    }
  }

  /** Returns what `save` returned as contacts again. The arrays must not be used elsewhere. */
  static restore({ seed, salt, ...saved }: SavedKnown): KnownContacts {
    const known = new KnownContacts(seed, salt, 0)
    known.#idHigh = saved.idHigh
    known.#idLow = saved.idLow
    known.#fingerprintHigh = saved.fingerprintHigh
    known.#fingerprintLow = saved.fingerprintLow
    known.#key = saved.key
    known.#flags = saved.flags
    known.#count = saved.key.length
    known.#placeAll()
    return known
  }

  /** The number of slots, which are numbered from 0. */
  get size(): number {
    return this.#count
  }

  /** Returns the slot of the ID, or -1. */
  find(id: string): number {
    this.#digest.reset(this.seed).add(id)
    return this.#lookUp(this.#digest.high, this.#digest.low)
  }

  /** Adds an ID that `find` did not find. Returns its slot. */
  add(id: string, key: number): number {
    this.#digest.reset(this.seed).add(id)
    return this.#append(this.#digest.high, this.#digest.low, 0, 0, key)
  }

  /** Returns the slot of the ID, which is added without a key if it is new. */
  findOrAdd(id: string): number {
    const { high, low } = this.#digest.reset(this.seed).add(id)
    const slot = this.#lookUp(high, low)
    return slot === -1 ? this.#append(high, low, 0, 0, 0) : slot
  }

  key(slot: number): number {
    return this.#key[slot] ?? 0
  }

  /** Yields the keys of the contacts that are in the directory. */
  *keys(): Generator<number, void> {
    for (let slot = 0; slot < this.#count; slot++) if (this.key(slot) !== 0) yield this.key(slot)
  }

  setKey(slot: number, key: number): void {
    this.#key[slot] = key
  }

  /**
   * Returns whether the contact was last made from the row with this fingerprint. Always false for a cleared
   * fingerprint.
   */
  holds(slot: number, fingerprint: Digest): boolean {
    return (
      this.#fingerprintHigh[slot] === fingerprint.high &&
      this.#fingerprintLow[slot] === fingerprint.low &&
      (fingerprint.high !== 0 || fingerprint.low !== 0)
    )
  }

  setFingerprint(slot: number, high: number, low: number): void {
    this.#fingerprintHigh[slot] = high
    this.#fingerprintLow[slot] = low
  }

  /** Clears the fingerprints of all rows, because the settings that rows are read with have changed. */
  clearFingerprints(): void {
    this.#fingerprintHigh.fill(0)
    this.#fingerprintLow.fill(0)
  }

  /** Clears the fingerprints of contacts. `has` says whether a key is the key of one of them. */
  clearFingerprintsOf(has: (key: number) => boolean): void {
    for (let slot = 0; slot < this.#count; slot++) if (has(this.key(slot))) this.setFingerprint(slot, 0, 0)
  }

  seen(slot: number): boolean {
    return ((this.#flags[slot] ?? 0) & SEEN) !== 0
  }

  markSeen(slot: number): void {
    this.#flags[slot] = (this.#flags[slot] ?? 0) | SEEN
  }

  /** Returns whether all rows of the ID so far are left out, and at least one of them opts the contact out. */
  isLeftOut(slot: number): boolean {
    return ((this.#flags[slot] ?? 0) & LEFT_OUT) !== 0
  }

  leaveOut(slot: number): void {
    this.#flags[slot] = (this.#flags[slot] ?? 0) | LEFT_OUT
  }

  /** Returns whether the rows of this digest are not adjacent in the file. */
  scattered(slot: number): boolean {
    return ((this.#flags[slot] ?? 0) & SCATTERED) !== 0
  }

  markScattered(slot: number): void {
    this.#flags[slot] = (this.#flags[slot] ?? 0) | SCATTERED
  }

  /** Returns whether the plan adds or changes the contact. */
  changed(slot: number): boolean {
    return ((this.#flags[slot] ?? 0) & CHANGED) !== 0
  }

  /** Returns whether the source's contact with the ID comes under another one, so that the file does not have the ID. */
  left(slot: number): boolean {
    return this.changed(slot) && this.key(slot) === 0
  }

  markChanged(slot: number): void {
    this.#flags[slot] = (this.#flags[slot] ?? 0) | CHANGED
  }

  /** Returns whether the contact stays even if the file has no row of its own for it. */
  isProtected(slot: number): boolean {
    return ((this.#flags[slot] ?? 0) & PROTECTED) !== 0
  }

  protect(slot: number): void {
    this.#flags[slot] = (this.#flags[slot] ?? 0) | PROTECTED
  }

  /** Forgets the contacts with these keys in all slots but the given ones: they have another ID now, or are gone. */
  keepOnly(slots: ReadonlyMap<number, number>): void {
    if (slots.size === 0) return
    for (let slot = 0; slot < this.#count; slot++) {
      const kept = slots.get(this.key(slot))
      if (kept === undefined || kept === slot) continue
      this.setKey(slot, 0)
      this.setFingerprint(slot, 0, 0)
    }
  }

  /** Returns the digests of the IDs that are scattered. */
  scatteredIds(): ScatteredIds {
    const isScattered = (_: number, slot: number) => slot < this.#count && this.scattered(slot)
    return { seed: this.seed, high: this.#idHigh.filter(isScattered), low: this.#idLow.filter(isScattered) }
  }

  /** Marks IDs as scattered, which an earlier pass found to be so. Returns false if their digests have another seed. */
  takeScattered({ seed, high, low }: ScatteredIds): boolean {
    if (seed !== this.seed) return false
    for (const [at, digest] of high.entries()) {
      const own = this.#lookUp(digest, low[at] ?? 0)
      this.markScattered(own === -1 ? this.#append(digest, low[at] ?? 0, 0, 0, 0) : own)
    }
    return true
  }

  /** Frees all memory. No other method may be called afterwards. */
  free(): void {
    this.#count = 0
    for (const array of [this.#idHigh, this.#idLow, this.#fingerprintHigh, this.#fingerprintLow]) freeMemory(array)
    for (const array of [this.#key, this.#flags, this.#table]) freeMemory(array)
  }

  /** Returns the contacts that are in the directory, as a file for the next run's `read`. */
  write(): Uint8Array<ArrayBuffer> {
    let live = 0
    for (let slot = 0; slot < this.#count; slot++) if (this.key(slot) !== 0) live++
    const ints = new Int32Array(4 + live * 6)
    ints.set([MAGIC, this.seed, live])
    let at = 4
    const pair = new Float64Array(1)
    const halves = new Int32Array(pair.buffer)
    for (let slot = 0; slot < this.#count; slot++) {
      const key = this.key(slot)
      if (key === 0) continue
      pair[0] = key
      ints[at] = this.#idHigh[slot] ?? 0
      ints[at + 1] = this.#idLow[slot] ?? 0
      ints[at + 2] = this.#fingerprintHigh[slot] ?? 0
      ints[at + 3] = this.#fingerprintLow[slot] ?? 0
      ints[at + 4] = halves[0] ?? 0
      ints[at + 5] = halves[1] ?? 0
      at += 6
    }
    ints[CHECKSUM_AT] = checksumOf(ints)
    return new Uint8Array(ints.buffer)
  }

  /**
   * Reads the output of `write`. Returns null for a file that is damaged or of another version. `firstKey` is the key
   * of the first contact that the plan added; it was not known when the file was written. `salt`: see the constructor.
   */
  static read(bytes: ArrayBuffer, firstKey: number, salt = 0): KnownContacts | null {
    if (bytes.byteLength < 16 || bytes.byteLength % 4 !== 0) return null
    const ints = new Int32Array(bytes)
    const [magic, seed = 0, live = 0, checksum] = ints
    if (magic !== MAGIC || ints.length !== 4 + live * 6) return null
    if (checksum !== UNCHECKED && checksum !== checksumOf(ints)) return null
    const known = new KnownContacts(seed, salt, Math.max(1024, live))
    const pair = new Float64Array(1)
    const halves = new Int32Array(pair.buffer)
    for (let at = 4; at < ints.length; at += 6) {
      halves[0] = ints[at + 4] ?? 0
      halves[1] = ints[at + 5] ?? 0
      const key = pair[0] ?? 0
      known.#append(
        ints[at] ?? 0,
        ints[at + 1] ?? 0,
        ints[at + 2] ?? 0,
        ints[at + 3] ?? 0,
        key < 0 ? firstKey - key - 1 : key,
      )
    }
    return known
  }

  #lookUp(high: number, low: number): number {
    const mask = this.#table.length - 1
    for (let at = this.#placeOf(high, low) & mask; ; at = (at + 1) & mask) {
      const slot = this.#table[at] ?? -1
      if (slot === -1 || (this.#idHigh[slot] === high && this.#idLow[slot] === low)) return slot
    }
  }

  /** Returns the place at which the search for a digest begins, before it is cut to the size of the table. */
  #placeOf(high: number, low: number): number {
    let place = Math.imul(high ^ this.salt, 0x85ebca6b)
    place = Math.imul(place ^ (place >>> 15) ^ low, 0xc2b2ae35)
    return place ^ (place >>> 16)
  }

  #append(high: number, low: number, fingerprintHigh: number, fingerprintLow: number, key: number): number {
    if (this.#count === this.#key.length) this.#grow()
    const slot = this.#count++
    this.#idHigh[slot] = high
    this.#idLow[slot] = low
    this.#fingerprintHigh[slot] = fingerprintHigh
    this.#fingerprintLow[slot] = fingerprintLow
    this.#key[slot] = key
    this.#place(slot)
    return slot
  }

  #place(slot: number): void {
    const mask = this.#table.length - 1
    let at = this.#placeOf(this.#idHigh[slot] ?? 0, this.#idLow[slot] ?? 0) & mask
    while (this.#table[at] !== -1) at = (at + 1) & mask
    this.#table[at] = slot
  }

  #grow(): void {
    const capacity = Math.max(FEWEST, this.#key.length + (this.#key.length >> 1))
    this.#idHigh = enlarged(this.#idHigh, new Int32Array(capacity))
    this.#idLow = enlarged(this.#idLow, new Int32Array(capacity))
    this.#fingerprintHigh = enlarged(this.#fingerprintHigh, new Int32Array(capacity))
    this.#fingerprintLow = enlarged(this.#fingerprintLow, new Int32Array(capacity))
    this.#key = enlarged(this.#key, new Float64Array(capacity))
    this.#flags = enlarged(this.#flags, new Uint8Array(capacity))
    const size = tableSize(capacity)
    if (size === this.#table.length) return
    freeMemory(this.#table)
    this.#placeAll()
  }

  /** Makes the table for all slots. */
  #placeAll(): void {
    this.#table = new Int32Array(tableSize(this.#key.length)).fill(-1)
    for (let slot = 0; slot < this.#count; slot++) this.#place(slot)
  }
}

/** Returns a checksum of a file without its own place. It finds every change of a single integer, and is never `UNCHECKED`. */
function checksumOf(ints: Int32Array): number {
  let sum = MAGIC
  for (let at = 0; at < ints.length; at++) {
    if (at === CHECKSUM_AT) continue
    sum = Math.imul(sum ^ (ints[at] ?? 0), 0x9e3779b1)
    sum ^= sum >>> 15
  }
  return sum === UNCHECKED ? 1 : sum
}

/** Returns a power of two that leaves at least a quarter of the table free. */
function tableSize(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(FEWEST, capacity) * 1.34))
}

function enlarged<T extends Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
  from: T,
  into: T,
): T {
  into.set(from)
  freeMemory(from)
  return into
}
