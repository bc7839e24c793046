import type { RowBatch } from './bytes.ts'
import { changedAttributes, merge } from './comparing.ts'
import type { ContactDetails } from './contact.ts'
import { noCounts, type RunCounts } from './counts.ts'
import { Digest } from './digest.ts'
import type { KnownContacts } from './known.ts'
import { findLookAlikes, mayLookAlike } from './look-alikes.ts'
import type { Change, Section } from './plan.ts'
import type { Problem } from './problem.ts'
import { type ContactReader, contactReader, type ReadingRules, type Row } from './reading.ts'
import { Spellings } from './spelling.ts'
import { Tallying } from './tallying.ts'
import { isExampleRow } from './template.ts'
import { readId } from './values/id.ts'

/** A contact as the directory has it. */
export interface StoredContact {
  key: number
  id: string
  madeByHand: boolean
  removed: boolean
  details: ContactDetails
}

/** What planning asks of the directory; it only reads. */
export interface Directory {
  byKeys(keys: readonly number[]): Promise<StoredContact[]>
  /** The source's own contacts with these IDs, removed ones too, and those made by hand. */
  byIds(ids: readonly string[]): Promise<StoredContact[]>
  /** All contacts made by hand, in the order of their keys. */
  madeByHand(): AsyncIterable<StoredContact>
}

/** A row with what is wrong with it, as the report shows it. */
export interface ReportRow {
  row: number
  cells: readonly string[]
  problems: Problem[]
}

/** Where a plan goes while it is made. */
export interface PlanSink {
  change(section: Section, change: Change): void
  report(row: ReportRow): void
  /** Waits until what was given so far has been taken. */
  flush(): Promise<void>
}

export interface PlanningRules extends ReadingRules {
  removal: 'remove' | 'keep'
  covers: 'own' | 'directory'
  /** New IDs that look like a known one that is missing, which is given with each. */
  lookAlikes: ReadonlyMap<string, string>
  /** Headers of optional columns that were there last time and are gone. */
  goneColumns: readonly string[]
  /** False where the directory cannot hold a contact that `known` does not: nothing made by hand, nothing removed. */
  lookUpNew: boolean
}

/** What a finished pass found. */
export interface Planned {
  counts: RunCounts
  newGroups: Record<string, string>
  /** Contacts the source had before. */
  contacts: number
  removedHandMade: number
  unreachable: number
  /** By attribute, `field:KEY` for custom fields: how many contacts would lose it. */
  blanked: Map<string, number>
  /** By group key: how many contacts leave it; groups that also gain one are left out. */
  losing: Map<string, number>
  /** How many of the added contacts are to be numbered. */
  newContacts: number
}

/** A pass that has to be made again: with `known` told which rows are scattered, and with these look-alikes. */
export interface Again {
  again: true
  lookAlikes: ReadonlyMap<string, string>
}

/** Two different IDs have one digest: the pass must be made again with digests of another seed. */
export class DigestCollision extends Error {}

/** The longest contact, in characters over all its rows (design: Files). */
const CONTACT_SIZE = 262_144
const CANDIDATES = 1000

interface Candidate {
  id: string
  slot: number
  rows: Row[]
  fingerprintHigh: number
  fingerprintLow: number
}

/**
 * One pass over a file's rows, from which a plan comes. Rows of one ID that stand together are read together; where
 * some stand apart, `finish` says so, and a second pass, told which, gathers them. The directory
 * is asked only about contacts whose rows are not as they were.
 */
export class Planner {
  readonly #known: KnownContacts
  readonly #rules: PlanningRules
  readonly #read: ContactReader
  readonly #directory: Directory
  readonly #sink: PlanSink
  readonly #id = new Digest()
  readonly #fingerprint = new Digest()
  readonly #spellings = new Spellings()
  readonly #gathered = new Map<string, { rows: Row[]; size: number }>()
  readonly #counts = noCounts()
  readonly #tallying = new Tallying()
  #candidates: Candidate[] = []
  /** Rows with problems that were found since the last candidates, to be given on in the order of the file. */
  #reports: ReportRow[] = []
  #current: { id: string; rows: Row[]; size: number } | null = null
  #scattered = false
  #valid = 0
  /** How many of the added contacts the directory has never had. */
  #new = 0
  /** IDs of added contacts that may be a known one, damaged. */
  readonly #suspects: string[] = []
  #removedHandMade = 0
  readonly #contacts: number
  readonly #mappedFields: string[]
  /** The same cells under other headers say something else. */
  readonly #columnsSeed: number

  constructor(known: KnownContacts, rules: PlanningRules, directory: Directory, sink: PlanSink) {
    this.#known = known
    this.#rules = rules
    this.#read = contactReader(rules)
    this.#directory = directory
    this.#sink = sink
    this.#mappedFields = rules.columns.fields.map((field) => field.key)
    this.#columnsSeed = new Digest().reset(0).add(rules.columns.targets.join('\n')).low
    let contacts = 0
    for (let slot = 0; slot < known.size; slot++) if (known.key(slot) > 0) contacts++
    this.#contacts = contacts
  }

  /** How many rows have been read. */
  get rows(): number {
    return this.#counts.rows
  }

  /** Reads the next rows of the file. Throws `DigestCollision`. */
  async take(batch: RowBatch): Promise<void> {
    for (let i = 0; i < batch.cells.length; i++) {
      this.#takeRow(batch.numbers[i] ?? 0, batch.cells[i] ?? [])
      if (this.#candidates.length + this.#reports.length >= CANDIDATES) await this.#resolve()
    }
  }

  /** Ends the pass: removes who is missing. Throws `DigestCollision`. */
  async finish(): Promise<Planned | Again> {
    this.#endContact()
    await this.#resolve()
    if (this.#scattered) return { again: true, lookAlikes: this.#rules.lookAlikes }
    await this.#resolveGathered()
    const lookAlikes = await this.#findLookAlikes()
    if (lookAlikes.size > 0) return { again: true, lookAlikes: new Map([...this.#rules.lookAlikes, ...lookAlikes]) }
    if (this.#rules.goneColumns.length > 0) this.#reportGone()
    const counts = this.#counts
    // A file without one valid row says nothing about who has left (invariant 1).
    if (this.#rules.removal === 'remove' && this.#valid > 0) await this.#removeMissing()
    await this.#sink.flush()
    return {
      counts,
      newGroups: this.#spellings.chosen(() => false),
      contacts: this.#contacts,
      removedHandMade: this.#removedHandMade,
      unreachable: this.#tallying.unreachable,
      blanked: this.#tallying.blanked,
      losing: this.#tallying.losing,
      newContacts: this.#new,
    }
  }

  #takeRow(number: number, cells: readonly string[]): void {
    const { columns } = this.#rules
    if (number <= columns.headerRow) return
    const cell = cells[columns.id] ?? ''
    // Most IDs are plain ASCII with a digit; only the others need looking at.
    let id = cell
    if (!PLAIN.test(cell)) {
      if (cells.every((text) => text.trim() === '')) return
      const read = readId(cell)
      if (read.kind !== 'value') {
        this.#counts.rows++
        this.#refuseRow(number, cells, read.findings[0].code, read.findings[0].message)
        return
      }
      id = read.value
    }
    if (columns.template && number === columns.headerRow + 1 && isExampleRow(columns.header, cells)) return
    this.#counts.rows++
    let size = 0
    for (const text of cells) size += text.length
    if (this.#current !== null && this.#current.id === id) {
      this.#current.rows.push({ number, cells })
      this.#current.size += size
      if (this.#current.size > CONTACT_SIZE) this.#current.rows.length = Math.min(this.#current.rows.length, 2)
      return
    }
    this.#endContact()
    this.#current = { id, rows: [{ number, cells }], size }
  }

  #refuseRow(number: number, cells: readonly string[], code: string, message: string): void {
    const { columns } = this.#rules
    this.#counts.errors++
    const value = cells[columns.id] ?? ''
    this.#reports.push({
      row: number,
      cells,
      problems: [
        {
          row: number,
          id: null,
          name: cells[columns.name]?.trim() || null,
          column: columns.header[columns.id]?.trim() ?? null,
          severity: 'error',
          code,
          message,
          value: value === '' ? null : value.slice(0, 200),
        },
      ],
    })
  }

  /** The rows of one ID that stand together have all been seen. */
  #endContact(): void {
    const current = this.#current
    if (current === null) return
    this.#current = null
    const known = this.#known
    let slot = known.find(current.id)
    if (slot === -1) slot = known.add(current.id, 0)
    if (known.scattered(slot)) {
      const gathered = this.#gathered.get(current.id)
      if (gathered === undefined) this.#gathered.set(current.id, { rows: current.rows, size: current.size })
      else {
        gathered.size += current.size
        if (gathered.size <= CONTACT_SIZE) gathered.rows.push(...current.rows)
      }
      return
    }
    if (known.seen(slot)) {
      known.markScattered(slot)
      this.#scattered = true
      return
    }
    known.markSeen(slot)
    this.#judge(current.id, slot, current.rows, current.size > CONTACT_SIZE)
  }

  #judge(id: string, slot: number, rows: Row[], tooLarge: boolean): void {
    this.#counts.matched++
    if (tooLarge) {
      const row = rows[0]
      this.#known.setFingerprint(slot, 0, 0)
      if (row !== undefined) this.#refuseRow(row.number, row.cells, 'contact_too_large', TOO_LARGE)
      return
    }
    const fingerprint = this.#fingerprintOf(id, rows)
    if (this.#known.holds(slot, fingerprint)) {
      this.#counts.unchanged++
      this.#valid++
      return
    }
    this.#candidates.push({ id, slot, rows, fingerprintHigh: fingerprint.high, fingerprintLow: fingerprint.low })
  }

  #fingerprintOf(id: string, rows: readonly Row[]): Digest {
    const digest = this.#fingerprint.reset(this.#columnsSeed).add(id)
    for (const { cells } of rows) for (const index of this.#rules.columns.used) digest.add(cells[index] ?? '')
    return digest
  }

  async #resolveGathered(): Promise<void> {
    const slots = new Set<number>()
    for (const [id, { rows, size }] of [...this.#gathered].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const slot = this.#known.find(id)
      if (slots.has(slot)) throw new DigestCollision()
      slots.add(slot)
      this.#known.markSeen(slot)
      this.#judge(id, slot, rows, size > CONTACT_SIZE)
      if (this.#candidates.length >= CANDIDATES) await this.#resolve()
    }
    await this.#resolve()
  }

  async #resolve(): Promise<void> {
    const candidates = this.#candidates
    this.#candidates = []
    const stored = candidates.length === 0 ? NOBODY : await this.#lookUp(candidates)
    for (const candidate of candidates) this.#plan(candidate, stored.get(candidate.id) ?? null)
    for (const report of this.#reports.sort((a, b) => a.row - b.row)) this.#sink.report(report)
    this.#reports = []
    await this.#sink.flush()
  }

  async #lookUp(candidates: readonly Candidate[]): Promise<Map<string, StoredContact>> {
    const keys: number[] = []
    const ids: string[] = []
    for (const { id, slot } of candidates) {
      const key = this.#known.key(slot)
      if (key > 0) keys.push(key)
      else if (this.#rules.lookUpNew) ids.push(id)
    }
    const found = new Map<string, StoredContact>()
    if (ids.length > 0) {
      for (const contact of await this.#directory.byIds(ids)) {
        // The source's own contact, even a removed one, comes before one made by hand with the same ID.
        if (!contact.madeByHand || !found.has(contact.id)) found.set(contact.id, contact)
      }
    }
    if (keys.length > 0) for (const contact of await this.#directory.byKeys(keys)) found.set(contact.id, contact)
    for (const { id, slot } of candidates) {
      if (this.#known.key(slot) > 0 && !found.has(id)) throw new DigestCollision()
    }
    return found
  }

  #plan({ id, slot, rows, fingerprintHigh, fingerprintLow }: Candidate, stored: StoredContact | null): void {
    const known = this.#known
    const before = stored === null || stored.removed ? null : stored.details
    const twin = before === null ? this.#rules.lookAlikes.get(id) : undefined
    if (twin !== undefined) {
      this.#refuseLookAlike(id, twin, rows)
      return
    }
    const reading = this.#read(id, rows, before === null)
    this.#reportProblems(rows, reading.problems)
    if (reading.problems.length > 0) known.setFingerprint(slot, 0, 0)
    else known.setFingerprint(slot, fingerprintHigh, fingerprintLow)
    if (reading.failed) return
    this.#valid++
    for (const { key, spelling } of reading.groups) this.#spellings.add(key, spelling)
    const after = merge(before, reading.provided, this.#mappedFields)
    const numbers = rows.map((row) => row.number)
    if (before === null || stored === null) {
      this.#counts.added++
      const key = stored?.key ?? -++this.#new
      known.setKey(slot, key)
      this.#tallying.added(after)
      if (this.#contacts > 0 && mayLookAlike(id)) this.#suspects.push(id)
      this.#sink.change('changes', { op: 'add', key, id, before: null, after, rows: numbers })
      return
    }
    const changed = changedAttributes(before, after)
    if (changed.length === 0 && !stored.madeByHand) {
      this.#counts.unchanged++
      return
    }
    known.setKey(slot, stored.key)
    this.#counts.updated++
    this.#tallying.updated(before, after, changed)
    this.#sink.change('changes', {
      op: 'update',
      key: stored.key,
      id,
      ...(stored.madeByHand ? { owner: 'source' } : {}),
      before,
      after,
      changed,
      rows: numbers,
    })
  }

  /** New IDs that look like one of the known contacts this file does not have. */
  async #findLookAlikes(): Promise<Map<string, string>> {
    const suspects = this.#suspects.filter((id) => !this.#rules.lookAlikes.has(id))
    if (suspects.length === 0) return new Map()
    return findLookAlikes(suspects, this.#missingIds())
  }

  async *#missingIds(): AsyncGenerator<string> {
    for (const keys of this.#missingKeys()) for (const { id } of await this.#directory.byKeys(keys)) yield id
  }

  /** A damaged ID is not repaired: its row is an error that names both, and the known contact stays. */
  #refuseLookAlike(id: string, twin: string, rows: readonly Row[]): void {
    const { columns } = this.#rules
    const slot = this.#known.find(twin)
    if (slot !== -1) this.#known.markSeen(slot)
    const message =
      `The new ID “${id}” looks like “${twin}”, which is missing from the file; a spreadsheet may have changed it. ` +
      'Format the ID column as text and enter the ID as it was, or remove the old contact first.'
    const column = columns.header[columns.id]?.trim() ?? null
    const problems = rows.map(({ number, cells }): Problem => {
      const name = cells[columns.name]?.trim() || null
      return {
        row: number,
        id,
        name,
        column,
        severity: 'error',
        code: 'id_looks_like',
        message,
        value: id.slice(0, 200),
      }
    })
    this.#reportProblems(rows, problems)
  }

  #reportGone(): void {
    const { columns, goneColumns } = this.#rules
    const problems = goneColumns.map(
      (column): Problem => ({
        row: columns.headerRow,
        id: null,
        name: null,
        column,
        severity: 'warning',
        code: 'column_gone',
        message: `The column “${column}” was there last time and is gone. What is stored of it stays.`,
        value: null,
      }),
    )
    this.#counts.warnings++
    this.#sink.report({ row: columns.headerRow, cells: columns.header, problems })
  }

  #reportProblems(rows: readonly Row[], problems: readonly Problem[]): void {
    if (problems.length === 0) return
    for (const row of rows) {
      const own = problems.filter((problem) => problem.row === row.number)
      if (own.length === 0) continue
      if (own.some((problem) => problem.severity === 'error')) this.#counts.errors++
      if (own.some((problem) => problem.severity === 'warning')) this.#counts.warnings++
      this.#reports.push({ row: row.number, cells: row.cells, problems: own })
    }
  }

  /** The keys of known contacts that the file does not have, some at a time. */
  *#missingKeys(): Generator<number[]> {
    let keys: number[] = []
    for (let slot = 0; slot < this.#known.size; slot++) {
      if (this.#known.key(slot) <= 0 || this.#known.seen(slot)) continue
      keys.push(this.#known.key(slot))
      if (keys.length === CANDIDATES) {
        yield keys
        keys = []
      }
    }
    if (keys.length > 0) yield keys
  }

  async #removeMissing(): Promise<void> {
    for (const keys of this.#missingKeys()) {
      const contacts = await this.#directory.byKeys(keys)
      await this.#remove(contacts)
      for (const { id } of contacts) this.#known.setKey(this.#known.find(id), 0)
    }
    if (this.#rules.covers === 'own') return
    for await (const contact of this.#directory.madeByHand()) {
      const slot = this.#known.find(contact.id)
      if (slot !== -1 && this.#known.seen(slot)) continue
      this.#removedHandMade++
      await this.#remove([contact])
    }
  }

  async #remove(contacts: readonly StoredContact[]): Promise<void> {
    for (const { key, id, details, madeByHand } of contacts) {
      const owner = madeByHand ? { owner: 'hand' as const } : {}
      this.#counts.removed++
      this.#tallying.removed(details)
      this.#sink.change('removals', { op: 'remove', key, id, ...owner, before: details, after: null, rows: [] })
    }
    await this.#sink.flush()
  }
}

const NOBODY: ReadonlyMap<string, StoredContact> = new Map()
/** No placeholder such as `n/a` and no error value of Excel's looks like this. */
const PLAIN = /^[A-Za-z]*[0-9][\x21-\x7e]*$/
const TOO_LARGE = 'The rows of this ID hold more than 256 KB. Check whether the same ID was given to many people.'
