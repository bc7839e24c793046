import type { ContactDetails, ContactNumber } from './contact.ts'
import { without } from './limits/difference.ts'
import { shown } from './limits/examples.ts'
import { type NumberGains, SharedNumberGains } from './limits/same-number.ts'
import { RecordSorter, recordsIn, type SavedRecords, type SortedRecords, type Spill } from './sorted-records.ts'

/** A contact of the directory that has a mobile number. */
export interface Holder {
  number: string
  id: string
  owner: 'source' | 'hand' | 'other'
}

/** A cell that has a number. */
export interface Place {
  row: number
  index: number
}

/** What the rows say of a contact's numbers. */
interface ReadNumbers {
  problems: readonly { row: number }[]
  /** Returns the cells that have the number. */
  placesOf(number: string): readonly Place[]
}

/** The mobile numbers that several IDs have once the plan is applied. */
export interface Sharing {
  /** The contacts that get such numbers, for the limit. */
  gains: NumberGains
  /** Null if no row has such a number. */
  rows: SharedRows | null
}

/** Returns the contacts in the directory that have mobile numbers, and keep them. */
type LookUp = (numbers: string[]) => Promise<Holder[]>

/** How many numbers one query asks the directory for. */
const PAGE = 5000
/** How many bytes of records wait for the answer. */
const PAGE_BYTES = 512 * 1024
/** More than the numbers that a contact can have. */
const MOST_OF_A_CONTACT = 2048
const NOBODY: readonly string[] = []

/**
 * Finds the mobile numbers that added and changed contacts share with each other and with the directory. The numbers are
 * sorted, so that the directory is asked for them in order, and those that are equal come together.
 */
export class NumberSharing {
  readonly #spill: Spill
  readonly #sorter: RecordSorter

  /** `saved`: what another message added. */
  constructor(spill: Spill, saved?: SavedRecords) {
    this.#spill = spill
    this.#sorter = new RecordSorter(spill, saved)
  }

  /** Adds the numbers of a contact that the plan adds (`stored` is null) or changes. */
  add(id: string, stored: ContactDetails | null, after: ContactDetails, read: ReadNumbers): void {
    const mobiles = mobilesOf(after.numbers)
    if (mobiles.length === 0) return
    const had = stored === null ? NOBODY : mobilesOf(stored.numbers)
    const gained = had.length === 0 ? null : new Set(without(mobiles, had))
    const reported = read.problems.length === 0 ? null : new Set(read.problems.map(({ row }) => row))
    const before = shown(had) ?? ''
    for (const [nth, number] of mobiles.entries()) {
      const record = this.#sorter.begin(Number(number), id).int(nth * 2 + (gained?.has(number) === false ? 0 : 1))
      record.text(after.name).text(before)
      const places = read.placesOf(number)
      record.int(places.length)
      for (const { row, index } of places) record.int(row).int(index * 2 + (reported?.has(row) === true ? 1 : 0))
    }
  }

  /** Moves numbers out of memory if there are too many. */
  flush(): Promise<void> {
    return this.#sorter.flush()
  }

  /** Returns what another message needs to go on. */
  save(): SavedRecords {
    return this.#sorter.save()
  }

  /**
   * Compares the numbers, once all contacts have been added. `lookUp` is null if the directory
   * has no contacts.
   */
  async match(lookUp: LookUp | null): Promise<Sharing> {
    const matching = new Matching(this.#spill, lookUp)
    const records = this.#sorter.sorted()
    const page = new Page()
    do {
      while (records.next()) {
        if (page.isFull(records.number)) {
          await matching.take(page)
          page.clear()
        }
        page.add(records)
      }
    } while (await records.more())
    await matching.take(page)
    return matching.finish()
  }
}

/** Returns the mobile numbers, each once: one number with two extensions belongs to one person. */
function mobilesOf(numbers: readonly ContactNumber[]): string[] {
  const mobiles = numbers.filter(({ type }) => type === 'mobile').map(({ number }) => number)
  return mobiles.length < 2 ? mobiles : [...new Set(mobiles)]
}

/** Records with some thousand numbers, in order, for which the directory is asked at once. */
class Page {
  #bytes = new Uint8Array(PAGE_BYTES + 16 * 1024)
  #used = 0
  /** The numbers, in order. */
  readonly numbers: number[] = []
  /** Those of several records. */
  readonly repeated = new Set<number>()
  /** How many records the last number has. */
  #last = 0

  /** Returns the records, which must be read before the page is cleared. */
  get records(): SortedRecords {
    return recordsIn(this.#bytes.subarray(0, this.#used))
  }

  /** Returns whether the page must be taken before a record with the number is added. */
  isFull(number: number): boolean {
    if (number !== this.numbers.at(-1)) return this.numbers.length >= PAGE || this.#used >= PAGE_BYTES
    // The lowest two IDs that have a number come first, and all others need them.
    return this.#last >= 2 && this.#used >= PAGE_BYTES
  }

  add({ number, record }: SortedRecords): void {
    if (number === this.numbers.at(-1)) {
      this.repeated.add(number)
      this.#last++
    } else {
      this.numbers.push(number)
      this.#last = 1
    }
    if (this.#used + record.length > this.#bytes.length) {
      const larger = new Uint8Array((this.#used + record.length) * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(record, this.#used)
    this.#used += record.length
  }

  clear(): void {
    this.#used = 0
    this.#last = 0
    this.numbers.length = 0
    this.repeated.clear()
  }
}

/** A contact that the plan adds or changes, with one of its mobile numbers. */
interface Entry {
  id: string
  /** The place of the number among those of the contact. */
  nth: number
  /** Whether the contact does not have the number now. */
  gained: boolean
  name: string
  /** The mobile numbers that the contact has now, as examples show them. */
  had: string | null
  /** The cells with the number, and whether their rows have problems of their own. */
  places: (Place & { reported: boolean })[]
}

function entryOf(records: SortedRecords): Entry {
  const id = records.keyText
  const flags = records.int()
  const name = records.text()
  const had = records.text()
  const places = Array.from({ length: records.int() }, () => {
    const row = records.int()
    const index = records.int()
    return { row, index: index >> 1, reported: (index & 1) === 1 }
  })
  return { id, nth: flags >> 1, gained: (flags & 1) === 1, name, had: had === '' ? null : had, places }
}

/** Compares numbers, one page after the other. */
class Matching {
  readonly #lookUp: LookUp | null
  readonly #gains = new SharedNumberGains()
  readonly #rows: RecordSorter
  readonly #warned = new RowSet()
  readonly #columns = new Set<number>()
  /** How many rows have a shared number and no problem of their own. */
  #added = 0
  /** The last number that several have, which the next page may go on with, and the lowest two IDs that have it. */
  #number = 0
  #ids: readonly string[] = NOBODY

  constructor(spill: Spill, lookUp: LookUp | null) {
    this.#lookUp = lookUp
    this.#rows = new RecordSorter(spill)
  }

  async take({ numbers, repeated, records }: Page): Promise<void> {
    const begun = this.#number
    const holders = await this.#holders(numbers.filter((number) => number !== begun))
    let group: Entry[] = []
    let at = 0
    while (records.next()) {
      const { number } = records
      if (number !== begun && !repeated.has(number) && !holders.has(number)) continue
      if (number !== at) {
        this.#takeGroup(at, group, holders)
        group = []
        at = number
      }
      group.push(entryOf(records))
    }
    this.#takeGroup(at, group, holders)
    await this.#rows.flush()
  }

  finish(): Sharing {
    const rows = this.#rows.isEmpty ? null : new SharedRows(this.#rows.sorted(), this.#columns, this.#added)
    return { gains: this.#gains.finish(), rows }
  }

  /** Returns the IDs of the contacts of the directory that have the numbers. */
  async #holders(numbers: readonly number[]): Promise<Map<number, string[]>> {
    const holders = new Map<number, string[]>()
    if (this.#lookUp === null || numbers.length === 0) return holders
    for (const { number, id } of await this.#lookUp(numbers.map((one) => `+${one}`))) {
      const ids = holders.get(Number(number))
      if (ids === undefined) holders.set(Number(number), [id])
      else ids.push(id)
    }
    return holders
  }

  /** Takes contacts with one number, in the order of their IDs. */
  #takeGroup(number: number, group: readonly Entry[], holders: ReadonlyMap<number, readonly string[]>): void {
    const [first, second] = group
    if (first === undefined) return
    const others = number === this.#number ? this.#ids : (holders.get(number) ?? NOBODY)
    const ids = [...new Set([first.id, ...(second === undefined ? [] : [second.id]), ...others])].sort().slice(0, 2)
    // A contact of another source with the same ID is the same person.
    if (ids.length < 2) return
    this.#number = number
    this.#ids = ids
    for (const { id, name, had, nth, gained, places } of group) {
      this.#gains.add(number, gained, { id, name, before: had, after: `+${number}` })
      const other = ids.find((one) => one !== id) ?? ''
      for (const { row, index, reported } of places) {
        if (this.#warned.add(row) && !reported) this.#added++
        this.#columns.add(index)
        this.#rows
          .begin(row * MOST_OF_A_CONTACT + nth)
          .float(number)
          .text(id)
          .text(other)
          .int(index * 2 + (reported ? 1 : 0))
      }
    }
  }
}

/** Numbers of rows, a bit each. */
class RowSet {
  #bits = new Uint8Array(1024)

  /** Adds a row. Returns whether it is new. */
  add(row: number): boolean {
    const at = row >> 3
    if (at >= this.#bits.length) {
      const larger = new Uint8Array(at * 2)
      larger.set(this.#bits)
      this.#bits = larger
    }
    const bit = 1 << (row & 7)
    const bits = this.#bits[at] ?? 0
    this.#bits[at] = bits | bit
    return (bits & bit) === 0
  }
}

/** A shared number in a cell. */
export interface SharedCell {
  number: string
  /** The ID of the row, and the lowest other ID that has the number. */
  id: string
  other: string
  index: number
}

/** The rows with shared numbers, in order. Their text is in the file, which must be read again for it. */
export class SharedRows {
  readonly #records: SortedRecords
  /** The columns with shared numbers. */
  readonly columns: ReadonlySet<number>
  /** How many of the rows have no problem of their own. */
  readonly added: number
  /** Whether there may be further rows. */
  #open = true
  #has = false

  constructor(records: SortedRecords, columns: ReadonlySet<number>, added: number) {
    this.#records = records
    this.columns = columns
    this.added = added
  }

  /** Returns the number of the next row; null at the end. */
  async next(): Promise<number | null> {
    while (this.#open && !this.#has) {
      this.#has = this.#records.next()
      if (!this.#has) this.#open = await this.#records.more()
    }
    return this.#has ? Math.floor(this.#records.number / MOST_OF_A_CONTACT) : null
  }

  /** Takes the next row: its cells with shared numbers, and whether it has problems of its own. */
  async take(): Promise<{ cells: SharedCell[]; reported: boolean }> {
    const row = await this.next()
    const cells: SharedCell[] = []
    let reported = false
    while (row !== null && (await this.next()) === row) {
      const number = `+${this.#records.float()}`
      const id = this.#records.text()
      const other = this.#records.text()
      const index = this.#records.int()
      cells.push({ number, id, other, index: index >> 1 })
      reported = (index & 1) === 1
      this.#has = false
    }
    return { cells, reported }
  }

  /** Deletes what is kept of the rows that have not been taken. */
  async end(): Promise<void> {
    if (this.#open) await this.#records.remove()
    this.#open = false
    this.#has = false
  }
}
