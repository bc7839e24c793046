import type { KnownContacts } from './known.ts'
import { RecordSorter, type SavedRecords, type SortedRecords, type Spill } from './sorted-records.ts'
import { plainId } from './values/id.ts'
import { damageKeys } from './values/look-alike.ts'

/** A new ID that looks like another one. */
interface LookAlike {
  id: string
  other: string
}

/** The place of an ID that differs only by what nobody sees, before all keys, and after them if the other one is missing. */
const PLAIN = -1
const PLAIN_OF_MISSING = 1000

/**
 * Finds new IDs that look like another ID: one of a known contact that is missing from the file, probably the same
 * person after a spreadsheet has damaged the ID, or restored it; or one of the file itself that differs only by what
 * nobody sees (design: IDs are never repaired). IDs that have a key in common come together when they are sorted by it.
 */
export class LookAlikes {
  readonly #spill: Spill
  /** New IDs that may look like others. */
  readonly #suspects: RecordSorter

  /** `saved`: what an earlier message saved. */
  constructor(spill: Spill, saved?: SavedRecords) {
    this.#spill = spill
    this.#suspects = new RecordSorter(spill, saved)
  }

  /** Returns what another message needs to go on. */
  save(): SavedRecords {
    return this.#suspects.save()
  }

  /** Whether no new ID can look like a missing one. */
  get isEmpty(): boolean {
    return this.#suspects.isEmpty
  }

  /** Adds a new ID that may look like another one (`mayLookAlike`). */
  add(id: string): void {
    this.#suspects.begin(0).text(id)
  }

  /** Moves IDs out of memory if there are too many. */
  flush(): Promise<void> {
    return this.#suspects.flush()
  }

  /**
   * Yields the new IDs with the IDs that they look like, in order, once all have been added. `known` knows all IDs of the
   * file and of the directory.
   */
  async *find(missing: AsyncIterable<string>, known: KnownContacts): AsyncGenerator<LookAlike> {
    const found = new RecordSorter(this.#spill)
    const keys = new RecordSorter(this.#spill)
    for await (const id of missing) {
      for (const key of damageKeys(id).filed) keys.beginText(key).int(MISSING).text(id)
      const plain = plainId(id)
      if (plain !== id && isAdded(known, plain)) found.beginText(plain).int(PLAIN_OF_MISSING).text(id)
      await keys.flush()
      await found.flush()
    }
    for await (const suspects of eachOf(this.#suspects.sorted())) {
      const id = suspects.text()
      const plain = plainId(id)
      if (plain !== id && isPresent(known, plain)) found.beginText(id).int(PLAIN).text(plain)
      else for (const [nth, key] of damageKeys(id).sought.entries()) keys.beginText(key).int(nth).text(id)
      await keys.flush()
      await found.flush()
    }
    await findByKeys(keys.sorted(), found)
    yield* firstOfEach(found.sorted())
  }
}

/** Marks the ID of a missing contact among the records of a key. New IDs have the place of the key among theirs. */
const MISSING = -1

/** Goes to one record after the other. */
async function* eachOf(records: SortedRecords): AsyncGenerator<SortedRecords> {
  do while (records.next()) yield records
  while (await records.more())
}

/** Finds the new IDs that have a key of a missing one. Of several missing ones, the lowest counts in any order. */
async function findByKeys(keys: SortedRecords, found: RecordSorter): Promise<void> {
  let key: string | null = null
  let lowest: string | null = null
  for await (const record of eachOf(keys)) {
    if (record.keyText !== key) {
      key = record.keyText
      lowest = null
    }
    const nth = record.int()
    const id = record.text()
    // The missing ones were added first.
    if (nth === MISSING) lowest = lowerOf(lowest, id)
    else if (lowest !== null) found.beginText(id).int(nth).text(lowest)
    await found.flush()
  }
}

function lowerOf(one: string | null, other: string): string {
  return one === null || other < one ? other : one
}

/** Yields each ID with the other one of its first key. */
async function* firstOfEach(found: SortedRecords): AsyncGenerator<LookAlike> {
  let first: LookAlike & { nth: number } = { id: '', other: '', nth: 0 }
  for await (const record of eachOf(found)) {
    const next = { id: record.keyText, nth: record.int(), other: record.text() }
    if (next.id !== first.id) {
      if (first.id !== '') yield first
      first = next
    } else if (next.nth < first.nth || (next.nth === first.nth && next.other < first.other)) first = next
  }
  if (first.id !== '') yield first
}

function isAdded(known: KnownContacts, id: string): boolean {
  const slot = known.find(id)
  return slot !== -1 && known.key(slot) < 0
}

/** Returns whether the file or the directory has the ID. */
function isPresent(known: KnownContacts, id: string): boolean {
  const slot = known.find(id)
  return slot !== -1 && (known.seen(slot) || known.key(slot) > 0)
}

/** Returns whether an ID can look like a known one that is missing; most IDs cannot. */
export function mayLookAlike(id: string): boolean {
  return damageKeys(id).sought.length > 0
}
