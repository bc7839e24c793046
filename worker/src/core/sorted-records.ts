import { freeMemory } from './bytes.ts'

/**
 * Keeps sorted runs of records for which memory has no room: objects of R2 in the Worker, memory in a browser and in
 * tests.
 */
export interface Spill {
  /** How many bytes of records are in memory before they become a run. For a moment they are there twice. */
  readonly most: number
  /** Stores a run. Returns its name. */
  write(run: Uint8Array<ArrayBuffer>): Promise<string>
  /** Returns `length` bytes of a run from `from`. The run has as many. */
  read(name: string, from: number, length: number): Promise<Uint8Array>
  /** Deletes runs. */
  remove(names: readonly string[]): Promise<void>
}

/** A run in a `Spill`, of `bytes` bytes. */
interface Run {
  name: string
  bytes: number
}

/** What another message needs to know to go on adding records. */
export interface SavedRecords {
  runs: readonly Run[]
  bytes: Uint8Array<ArrayBuffer>
}

/** What a `Spill` holds in memory unless a test says otherwise. */
export const MOST_BYTES = 4 * 1024 * 1024
const FEWEST_BYTES = 64 * 1024
/** How much of each run is in memory while runs are merged: a share of `MERGED`, since each read takes a time of its own. */
const FEWEST_OF_RUN = 128 * 1024
const MERGED = 512 * 1024
/** The size of a record, the number and the length of the text of its key. The text and the fields follow. */
const SIZE = 4
const NUMBER = 8
const KEY = SIZE + NUMBER + 4

/**
 * Sorts records by a number and a text, in little memory: what does not fit is sorted in runs, which are merged. Of
 * records with equal keys, those that were added first come first. The result does not depend on the size of the runs.
 *
 * A record begins with `begin`, and its fields follow in the order in which they will be read.
 */
export class RecordSorter {
  readonly #spill: Spill
  readonly #runs: Run[]
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  /** Where the current record begins, and where it ends so far. */
  #start = 0
  #end = 0
  #count = 0

  /** `saved`: what another message added. */
  constructor(spill: Spill, saved: SavedRecords = NOTHING_SAVED) {
    this.#spill = spill
    this.#runs = [...saved.runs]
    this.#bytes = new Uint8Array(Math.max(FEWEST_BYTES, saved.bytes.length))
    this.#bytes.set(saved.bytes)
    this.#view = new DataView(this.#bytes.buffer)
    this.#start = saved.bytes.length
    this.#end = saved.bytes.length
    for (let at = 0; at < this.#end; at += SIZE + this.#view.getUint32(at)) this.#count++
  }

  /** Whether no record was added. */
  get isEmpty(): boolean {
    return this.#runs.length === 0 && this.#end === 0
  }

  /** Begins a record with the key. The number must not be negative. */
  begin(number: number, text = ''): this {
    this.#finish()
    this.#start = this.#end
    this.#count++
    this.#reserve(KEY)
    this.#view.setFloat64(this.#end + SIZE, number)
    this.#end += KEY
    const from = this.#end
    this.#write(text)
    this.#view.setUint32(from - 4, this.#end - from)
    return this
  }

  /** Begins a record that is sorted by a text. */
  beginText(text: string): this {
    return this.begin(firstUnits(text), text)
  }

  /** Adds a field with an integer of 32 bits. */
  int(value: number): this {
    this.#reserve(4)
    this.#view.setInt32(this.#end, value)
    this.#end += 4
    return this
  }

  /** Adds a field with any number. */
  float(value: number): this {
    this.#reserve(8)
    this.#view.setFloat64(this.#end, value)
    this.#end += 8
    return this
  }

  /** Adds a field with a text. */
  text(value: string): this {
    this.#reserve(4)
    this.#end += 4
    const from = this.#end
    this.#write(value)
    this.#view.setUint32(from - 4, this.#end - from)
    return this
  }

  /** Moves records out of memory if there are too many. Must be called now and then, between two records. */
  async flush(): Promise<void> {
    if (this.#end < this.#spill.most) return
    const run = this.#takeRun()
    this.#runs.push({ name: await this.#spill.write(run), bytes: run.length })
    freeMemory(run)
  }

  /** Returns what another message needs to go on, after which nothing must be added here. */
  save(): SavedRecords {
    this.#finish()
    return { runs: this.#runs, bytes: this.#bytes.slice(0, this.#end) }
  }

  /** Returns the records in order. Nothing must be added afterwards. */
  sorted(): SortedRecords {
    const last = this.#takeRun()
    freeMemory(this.#bytes)
    return new SortedRecords(this.#spill, this.#runs, last)
  }

  #finish(): void {
    if (this.#end > this.#start) this.#view.setUint32(this.#start, this.#end - this.#start - SIZE)
  }

  /** Returns the records in memory in order, and takes them out. */
  #takeRun(): Uint8Array<ArrayBuffer> {
    this.#finish()
    const [bytes, view] = [this.#bytes, this.#view]
    let order = new Uint32Array(this.#count)
    for (let at = 0, i = 0; at < this.#end; at += SIZE + view.getUint32(at)) order[i++] = at
    order = sortedByNumber(order, bytes)
    sortEqualByText(order, bytes, view)
    const run = new Uint8Array(this.#end)
    let to = 0
    for (const from of order) {
      const end = from + SIZE + view.getUint32(from)
      // For a few bytes, a call of `set` takes longer than this.
      for (let at = from; at < end; at++) run[to++] = bytes[at] ?? 0
    }
    this.#start = 0
    this.#end = 0
    this.#count = 0
    return run
  }

  #write(text: string): void {
    this.#reserve(text.length * 3)
    this.#end = writeText(text, this.#bytes, this.#end)
  }

  #reserve(more: number): void {
    const needed = this.#end + more
    if (needed <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.#bytes)
    freeMemory(this.#bytes)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}

const NOTHING_SAVED: SavedRecords = { runs: [], bytes: new Uint8Array() }

/** Sorts the places of records by their numbers, one byte after the other: the lowest byte first. */
function sortedByNumber(places: Uint32Array<ArrayBuffer>, bytes: Uint8Array): Uint32Array<ArrayBuffer> {
  const { length } = places
  let [from, to] = [places, new Uint32Array(length)]
  const next = new Uint32Array(256)
  // The bytes of a number that is not negative are in the same order as such numbers.
  for (let digit = SIZE + NUMBER - 1; digit >= SIZE; digit--) {
    next.fill(0)
    for (let i = 0; i < length; i++) {
      const value = bytes[(from[i] ?? 0) + digit] ?? 0
      next[value] = (next[value] ?? 0) + 1
    }
    if (next.includes(length)) continue
    for (let value = 0, sum = 0; value < next.length; value++) {
      const count = next[value] ?? 0
      next[value] = sum
      sum += count
    }
    for (let i = 0; i < length; i++) {
      const place = from[i] ?? 0
      const value = bytes[place + digit] ?? 0
      const at = next[value] ?? 0
      to[at] = place
      next[value] = at + 1
    }
    ;[from, to] = [to, from]
  }
  return from
}

/** Sorts the places of records with equal numbers by their texts. */
function sortEqualByText(places: Uint32Array, bytes: Uint8Array, view: DataView): void {
  const isEqual = (one: number, other: number) =>
    view.getUint32(one + SIZE) === view.getUint32(other + SIZE) &&
    view.getUint32(one + SIZE + 4) === view.getUint32(other + SIZE + 4)
  const byText = (one: number, other: number) =>
    compareBytes(
      ...([bytes, one + KEY, view.getUint32(one + KEY - 4)] as const),
      ...([bytes, other + KEY, view.getUint32(other + KEY - 4)] as const),
    ) || one - other
  for (let from = 0, to = 1; from < places.length; from = to, to++) {
    while (to < places.length && isEqual(places[from] ?? 0, places[to] ?? 0)) to++
    if (to - from > 1) places.subarray(from, to).sort(byText)
  }
}

function compareBytes(
  one: Uint8Array,
  from: number,
  length: number,
  other: Uint8Array,
  otherFrom: number,
  otherLength: number,
): number {
  const shorter = Math.min(length, otherLength)
  for (let i = 0; i < shorter; i++) {
    const difference = (one[from + i] ?? 0) - (other[otherFrom + i] ?? 0)
    if (difference !== 0) return difference
  }
  return length - otherLength
}

/**
 * Records in order. `next` goes to the next record, and `more` reads more bytes where it cannot:
 * `do { while (records.next()) … } while (await records.more())`.
 */
export class SortedRecords {
  readonly #spill: Spill
  readonly #runs: readonly Run[]
  /** The readers whose next record is in memory, as a heap: the first one has the lowest record. */
  readonly #heap: RunReader[] = []
  /** The readers whose next record is not in memory. */
  #waiting: RunReader[]
  #current: RunReader | null = null
  /** Where the next field of the current record is. */
  #at = 0

  constructor(spill: Spill, runs: readonly Run[], last: Uint8Array) {
    this.#spill = spill
    this.#runs = runs
    const block = Math.max(FEWEST_OF_RUN, Math.floor(MERGED / Math.max(1, runs.length)))
    this.#waiting = [...runs.map((run, i) => new RunReader(i, run, block)), new RunReader(runs.length, null, 0, last)]
    if (runs.length === 0) this.#take()
  }

  /** Goes to the next record. Returns false at the end, and where `more` must be called. */
  next(): boolean {
    const before = this.#current
    if (before !== null) {
      this.#current = null
      before.skip()
      if (before.hasRecord()) this.#sink(before)
      else {
        const last = this.#heap.pop()
        if (last !== undefined && last !== before) this.#sink(last)
        if (!before.isAtEnd) this.#waiting.push(before)
      }
    }
    const [lowest] = this.#heap
    if (lowest === undefined || this.#waiting.length > 0) return false
    this.#current = lowest
    this.#at = lowest.at + KEY + lowest.textLength
    return true
  }

  /** Reads more bytes of the runs. Returns false at the end, when the runs have been deleted. */
  async more(): Promise<boolean> {
    await Promise.all(this.#waiting.map((reader) => reader.load(this.#spill)))
    this.#take()
    if (this.#heap.length > 0) return true
    await this.remove()
    return false
  }

  /** Puts the waiting readers, whose next records are in memory now, among the others. */
  #take(): void {
    for (const reader of this.#waiting) {
      if (!reader.hasRecord()) continue
      this.#heap.push(reader)
      this.#rise()
    }
    this.#waiting = []
  }

  /** Returns the bytes of the current record, which are lost with the next one; see `recordsIn`. */
  get record(): Uint8Array {
    const { bytes, view, at } = this.#reader
    return bytes.subarray(at, at + SIZE + view.getUint32(at))
  }

  /** Deletes the runs, if not all records are needed. */
  async remove(): Promise<void> {
    if (this.#runs.length > 0) await this.#spill.remove(this.#runs.map(({ name }) => name))
  }

  /** The number of the current record's key. */
  get number(): number {
    return this.#reader.number
  }

  /** The text of the current record's key. */
  get keyText(): string {
    const reader = this.#reader
    return readText(reader.bytes, reader.at + KEY, reader.at + KEY + reader.textLength)
  }

  /** Reads the next field of the current record, an integer of 32 bits. */
  int(): number {
    this.#at += 4
    return this.#reader.view.getInt32(this.#at - 4)
  }

  /** Reads the next field of the current record, a number. */
  float(): number {
    this.#at += 8
    return this.#reader.view.getFloat64(this.#at - 8)
  }

  /** Reads the next field of the current record, a text. */
  text(): string {
    const { bytes, view } = this.#reader
    const from = this.#at + 4
    this.#at = from + view.getUint32(this.#at)
    return readText(bytes, from, this.#at)
  }

  get #reader(): RunReader {
    if (this.#current === null) throw new Error('There is no current record')
    return this.#current
  }

  /** Puts a reader in place of the first one, and then where it belongs. */
  #sink(reader: RunReader): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let lower = 2 * at + 1
      const [left, right] = [heap[lower], heap[lower + 1]]
      if (left === undefined) break
      let child = left
      if (right?.comesBefore(left) === true) {
        child = right
        lower++
      }
      if (!child.comesBefore(reader)) break
      heap[at] = child
      at = lower
    }
    heap[at] = reader
  }

  /** Puts the last reader where it belongs. */
  #rise(): void {
    const heap = this.#heap
    let at = heap.length - 1
    const reader = heap[at]
    while (at > 0 && reader !== undefined) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !reader.comesBefore(parent)) break
      heap[at] = parent
      heap[above] = reader
      at = above
    }
  }
}

/** Returns records whose bytes follow each other, in that order. */
export function recordsIn(bytes: Uint8Array): SortedRecords {
  return new SortedRecords(new MemorySpill(), [], bytes)
}

/** Reads the records of one run, a block at a time. */
class RunReader {
  /** Null if the whole run is in memory. */
  readonly #run: Run | null
  /** Of equal records, those of an earlier run come first. */
  readonly #place: number
  /** How many bytes are read at once, if the next record is not longer. */
  readonly #block: number
  bytes: Uint8Array
  view: DataView
  /** Where the current record begins in `bytes`. */
  at = 0
  /** The key of the current record. */
  number = 0
  textLength = 0
  #loaded: number
  readonly #size: number

  constructor(place: number, run: Run | null, block: number, bytes: Uint8Array = new Uint8Array()) {
    this.#place = place
    this.#block = block
    this.#run = run
    this.bytes = bytes
    this.view = viewOf(bytes)
    this.#loaded = bytes.length
    this.#size = run?.bytes ?? bytes.length
  }

  /** Whether every record has been read. */
  get isAtEnd(): boolean {
    return this.at === this.bytes.length && this.#loaded === this.#size
  }

  /** Says whether the current record is in memory, and reads its key. */
  hasRecord(): boolean {
    if (!this.#isLoaded()) return false
    this.number = this.view.getFloat64(this.at + SIZE)
    this.textLength = this.view.getUint32(this.at + KEY - 4)
    return true
  }

  skip(): void {
    this.at += SIZE + this.view.getUint32(this.at)
  }

  comesBefore(other: RunReader): boolean {
    const difference =
      this.number - other.number ||
      compareBytes(this.bytes, this.at + KEY, this.textLength, other.bytes, other.at + KEY, other.textLength) ||
      this.#place - other.#place
    return difference < 0
  }

  /** Reads the next block, and at least the next record. */
  async load(spill: Spill): Promise<void> {
    const run = this.#run
    while (run !== null && !this.#isLoaded()) {
      const rest = this.bytes.subarray(this.at)
      const wanted = rest.length < SIZE ? 0 : SIZE + this.view.getUint32(this.at) - rest.length
      const length = Math.min(Math.max(this.#block, wanted), this.#size - this.#loaded)
      const read = await spill.read(run.name, this.#loaded, length)
      this.bytes = new Uint8Array(rest.length + read.length)
      this.bytes.set(rest)
      this.bytes.set(read, rest.length)
      this.view = viewOf(this.bytes)
      this.at = 0
      this.#loaded += read.length
    }
  }

  #isLoaded(): boolean {
    const left = this.bytes.length - this.at
    return left >= SIZE && left >= SIZE + this.view.getUint32(this.at)
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/** Keeps runs in memory. */
export class MemorySpill implements Spill {
  readonly most: number
  readonly #runs = new Map<string, Uint8Array>()
  #last = 0

  constructor(most = MOST_BYTES) {
    this.most = most
  }

  /** How many runs there are. */
  get size(): number {
    return this.#runs.size
  }

  async write(run: Uint8Array): Promise<string> {
    const name = String(++this.#last)
    this.#runs.set(name, run.slice())
    return name
  }

  async read(name: string, from: number, length: number): Promise<Uint8Array> {
    const run = this.#runs.get(name)
    if (run === undefined) throw new Error('There is no such run')
    return run.slice(from, from + length)
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) this.#runs.delete(name)
  }
}

/** Returns a number by which texts are sorted as by their first three UTF-16 units. */
function firstUnits(text: string): number {
  const unit = (at: number) => (at < text.length ? text.charCodeAt(at) : 0)
  return unit(0) * 2 ** 32 + unit(1) * 2 ** 16 + unit(2)
}

/**
 * Writes a text, each UTF-16 unit in one to three bytes as UTF-8 has it, so that texts are sorted as JavaScript sorts them
 * and any text comes back as it was. Returns where it ends.
 */
function writeText(text: string, bytes: Uint8Array, from: number): number {
  let at = from
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) bytes[at++] = unit
    else if (unit < 0x800) {
      bytes[at++] = 0xc0 | (unit >> 6)
      bytes[at++] = 0x80 | (unit & 0x3f)
    } else {
      bytes[at++] = 0xe0 | (unit >> 12)
      bytes[at++] = 0x80 | ((unit >> 6) & 0x3f)
      bytes[at++] = 0x80 | (unit & 0x3f)
    }
  }
  return at
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function readText(bytes: Uint8Array, from: number, to: number): string {
  if (from === to) return ''
  try {
    return UTF8.decode(bytes.subarray(from, to))
  } catch {
    // Surrogates are not written as UTF-8 has them.
    return readUnits(bytes, from, to)
  }
}

function readUnits(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; ) {
    const first = bytes[at++] ?? 0
    let unit = first
    if (first >= 0xe0) unit = ((first & 0xf) << 12) | (((bytes[at++] ?? 0) & 0x3f) << 6) | ((bytes[at++] ?? 0) & 0x3f)
    else if (first >= 0x80) unit = ((first & 0x1f) << 6) | ((bytes[at++] ?? 0) & 0x3f)
    text += String.fromCharCode(unit)
  }
  return text
}
