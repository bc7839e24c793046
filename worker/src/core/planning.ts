import type { RowBatch } from './bytes.ts'
import { changedAttributes, merge } from './comparing.ts'
import { ContactRows, DigestCollision, refusedRow } from './contact-rows.ts'
import { noCounts } from './counts.ts'
import { Digest } from './digest.ts'
import type { KnownContacts } from './known.ts'
import { findLookAlikes, mayLookAlike } from './look-alikes.ts'
import type { PlannedSms } from './plan.ts'
import type { Again, Directory, Planned, PlanningRules, PlanSink, ReportRow, StoredContact } from './plan-contract.ts'
import type { Problem } from './problem.ts'
import { raggedRow } from './ragged.ts'
import { type ContactReader, contactReader, type Row } from './reading.ts'
import { type Holder, NumberSharing } from './shared-numbers.ts'
import { decideSms, NO_SMS, type SmsReading, sameSms } from './sms.ts'
import { Spellings } from './spelling.ts'
import { Tallying } from './tallying.ts'
import { ownText } from './values/remembered.ts'

const CANDIDATES = 1000

interface Candidate {
  id: string
  slot: number
  rows: Row[]
  tooLarge: boolean
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
  readonly #rows: ContactRows
  readonly #fingerprint = new Digest()
  readonly #spellings = new Spellings()
  readonly #counts = noCounts()
  readonly #tallying = new Tallying()
  #candidates: Candidate[] = []
  /** Rows with problems that were found since the last candidates, to be given on in the order of the file. */
  #reports: ReportRow[] = []
  #valid = 0
  /** How many of the added contacts the directory has never had. */
  #new = 0
  /** IDs of added contacts that may be a known one, damaged. */
  readonly #suspects: string[] = []
  readonly #sharing: NumberSharing
  #removedHandMade = 0
  #resubscribed = 0
  #optOuts = 0
  readonly #contacts: number
  /** The same cells under other headers say something else. */
  readonly #columnsSeed: number

  constructor(known: KnownContacts, rules: PlanningRules, directory: Directory, sink: PlanSink) {
    this.#known = known
    this.#rules = rules
    this.#read = contactReader(rules)
    this.#directory = directory
    this.#sharing = new NumberSharing(rules.shared)
    this.#sink = sink
    this.#rows = new ContactRows(known, rules.columns, {
      contact: ({ id, slot, rows, tooLarge }) => this.#judge(id, slot, rows, tooLarge),
      refused: (report) => this.#refuse(report),
    })
    this.#columnsSeed = new Digest().reset(0).add(rules.columns.targets.join('\n')).low
    let contacts = 0
    for (let slot = 0; slot < known.size; slot++) if (known.key(slot) > 0) contacts++
    this.#contacts = contacts
  }

  /** How many rows have been read. */
  get rows(): number {
    return this.#rows.count
  }

  /** Reads the next rows of the file. Throws `DigestCollision`. */
  async take(batch: RowBatch): Promise<void> {
    for (let i = 0; i < batch.cells.length; i++) {
      this.#rows.take(batch.numbers[i] ?? 0, batch.cells[i] ?? [])
      if (this.#candidates.length + this.#reports.length >= CANDIDATES) await this.#resolve()
    }
  }

  /** Ends the pass: removes who is missing. Throws `DigestCollision`. */
  async finish(): Promise<Planned | Again> {
    this.#rows.end()
    await this.#resolve()
    const { lookAlikes, shared, lookUpNumbers } = this.#rules
    if (this.#rows.scattered) return { again: true, found: { lookAlikes, shared } }
    await this.#resolveGathered()
    const alike = await this.#findLookAlikes()
    if (alike.size > 0) return { again: true, found: { lookAlikes: new Map([...lookAlikes, ...alike]), shared: null } }
    const sharing = await this.#sharing.finish(lookUpNumbers ? (numbers) => this.#whoKeeps(numbers) : null)
    if (sharing !== null) return { again: true, found: { lookAlikes, shared: sharing } }
    if (this.#rules.goneColumns.length > 0) this.#reportGone()
    const counts = this.#counts
    counts.rows = this.#rows.count
    // A file without one valid row says nothing about who has left (invariant 1).
    if (this.#rules.complete && this.#rules.removal === 'remove' && this.#valid > 0) await this.#removeMissing()
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
      resubscribed: this.#resubscribed,
      optOuts: this.#optOuts,
    }
  }

  #judge(id: string, slot: number, rows: Row[], tooLarge: boolean): void {
    this.#counts.matched++
    if (tooLarge) {
      const row = rows[0]
      this.#known.setFingerprint(slot, 0, 0)
      if (row !== undefined) this.#refuse(refusedRow(row, this.#rules.columns, 'contact_too_large', TOO_LARGE))
      if (this.#rules.columns.smsStatus !== -1) {
        this.#candidates.push({ id, slot, rows, tooLarge, fingerprintHigh: 0, fingerprintLow: 0 })
      }
      return
    }
    const fingerprint = this.#fingerprintOf(id, rows)
    if (this.#known.holds(slot, fingerprint)) {
      this.#counts.unchanged++
      this.#valid++
      return
    }
    const { high, low } = fingerprint
    this.#candidates.push({ id, slot, rows, tooLarge, fingerprintHigh: high, fingerprintLow: low })
  }

  #refuse(report: ReportRow): void {
    this.#counts.errors++
    this.#reports.push(report)
  }

  #fingerprintOf(id: string, rows: readonly Row[]): Digest {
    const digest = this.#fingerprint.reset(this.#columnsSeed).add(id)
    const { columns, fullRows } = this.#rules
    for (const { cells } of rows) {
      for (const index of columns.used) digest.add(cells[index] ?? '')
      // What is used may be as it was, and the row yet be told from one that is whole.
      if (fullRows && raggedRow(cells, columns) !== null) digest.add(String(cells.length))
    }
    return digest
  }

  async #resolveGathered(): Promise<void> {
    for (const { id, slot, rows, tooLarge } of this.#rows.gathered()) {
      this.#judge(id, slot, rows, tooLarge)
      if (this.#candidates.length >= CANDIDATES) await this.#resolve()
    }
    await this.#resolve()
  }

  async #resolve(): Promise<void> {
    const candidates = this.#candidates
    this.#candidates = []
    const stored = candidates.length === 0 ? NOBODY : await this.#lookUp(candidates)
    const nobody = stored.size === 0
    for (const candidate of candidates) this.#plan(candidate, nobody ? null : (stored.get(candidate.id) ?? null))
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
        const other = found.get(contact.id)
        if (other === undefined || nearer(contact, other)) found.set(contact.id, contact)
      }
    }
    if (keys.length > 0) for (const contact of await this.#directory.byKeys(keys)) found.set(contact.id, contact)
    for (const { id, slot } of candidates) {
      if (this.#known.key(slot) > 0 && !found.has(id)) throw new DigestCollision()
    }
    return found
  }

  #plan(candidate: Candidate, stored: StoredContact | null): void {
    const { id, slot, rows, fingerprintHigh, fingerprintLow } = candidate
    const known = this.#known
    const before = stored === null || stored.removed ? null : stored.details
    const { lookAlikes } = this.#rules
    const twin = before === null && lookAlikes.size > 0 ? lookAlikes.get(id) : undefined
    if (twin !== undefined) {
      this.#refuseLookAlike(id, twin, rows)
      return
    }
    const reading = this.#read(id, rows, before === null)
    if (candidate.tooLarge) {
      this.#countOptOut(this.#planOptOut(stored, reading.sms, rows))
      return
    }
    if (reading.problems.length > 0) known.setFingerprint(slot, 0, 0)
    else known.setFingerprint(slot, fingerprintHigh, fingerprintLow)
    if (reading.failed) {
      this.#reportProblems(rows, reading.problems)
      this.#countOptOut(this.#planOptOut(stored, reading.sms, rows))
      return
    }
    this.#valid++
    for (const { key, spelling } of reading.groups) this.#spellings.add(key, spelling)
    const after = merge(before, reading.provided)
    const changed = before === null ? [] : changedAttributes(before, after)
    if (before === null || changed.length > 0 || stored?.madeByHand === true) {
      // Said of who is added or changed, and no reason to read the row again: its fingerprint stays.
      this.#reportProblems(rows, [...reading.problems, ...reading.sharing(after.numbers)])
      this.#sharing.add(id, after.numbers)
      known.markChanged(slot)
    } else this.#reportProblems(rows, reading.problems)
    const numbers = rows.map((row) => row.number)
    if (before === null || stored === null) {
      this.#counts.added++
      const key = stored?.key ?? -++this.#new
      known.setKey(slot, key)
      this.#tallying.added(after)
      const sms = this.#expected(stored, reading.sms)
      if (this.#rules.complete && this.#contacts > 0 && mayLookAlike(id)) this.#suspects.push(ownText(id))
      this.#sink.change('changes', { op: 'add', key, id, before: null, after, ...sms, rows: numbers })
      return
    }
    known.setKey(slot, stored.key)
    const optedOut = !stored.madeByHand && this.#planOptOut(stored, reading.sms, rows)
    const sms = reading.sms?.means === 'opted_out' && !stored.madeByHand ? {} : this.#expected(stored, reading.sms)
    if (changed.length === 0 && !stored.madeByHand) {
      if (sms.sms !== undefined) {
        const { key, details } = stored
        this.#sink.change('changes', {
          op: 'sms',
          key,
          id,
          before: details,
          after: details,
          sms: sms.sms,
          rows: numbers,
        })
      }
      this.#countOptOut(optedOut)
      if (sms.sms !== undefined && sms.sms.before !== sms.sms.after) this.#counts.updated++
      else if (!optedOut) this.#counts.unchanged++
      return
    }
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
      ...sms,
      rows: numbers,
    })
  }

  /**
   * Plans an opt-out of a contact that the source has into the section that is applied whatever becomes of the plan
   * (invariant 8). Gives whether the contact's status is expected to change.
   */
  #planOptOut(stored: StoredContact | null, reading: SmsReading | null, rows: readonly Row[]): boolean {
    if (stored === null || stored.removed || stored.madeByHand || reading?.means !== 'opted_out') return false
    const { sms } = this.#expected(stored, reading)
    if (sms === undefined) return false
    const { key, id, details } = stored
    const numbers = rows.map((row) => row.number)
    this.#sink.change('optOuts', { op: 'sms', key, id, before: details, after: details, sms, rows: numbers })
    return sms.before !== sms.after
  }

  #countOptOut(optedOut: boolean): void {
    if (!optedOut) return
    this.#optOuts++
    this.#counts.updated++
  }

  /** What the source's value is expected to change for the contact, null for a new one; nothing where it is as it was. */
  #expected(stored: StoredContact | null, reading: SmsReading | null): { sms?: PlannedSms } {
    if (reading === null) return {}
    const before = stored?.sms ?? NO_SMS
    const after = decideSms(before, reading, this.#rules.fetchedAt)
    if (sameSms(before, after)) return {}
    if (before.status === 'opted_out' && after.status === 'opted_in') this.#resubscribed++
    const { value, means } = reading
    return { sms: { value, means, before: before.status, after: after.status } }
  }

  /** Who in the directory has these mobile numbers now, and still has them when this plan has been applied. */
  async #whoKeeps(numbers: readonly string[]): Promise<Holder[]> {
    const known = this.#known
    const { complete, removal, covers } = this.#rules
    const removes = complete && removal === 'remove'
    return (await this.#directory.byMobileNumbers(numbers)).filter(({ id, owner }) => {
      if (owner === 'other') return true
      const slot = known.find(id)
      // What a changed contact has afterwards is in the plan itself.
      if (slot !== -1 && known.changed(slot)) return false
      return (slot !== -1 && known.seen(slot)) || !removes || (owner === 'hand' && covers === 'own')
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

/** A contact that is there comes before a removed one, and the source's own before one made by hand, which it adopts. */
function nearer(one: StoredContact, other: StoredContact): boolean {
  return one.removed === other.removed ? other.madeByHand : other.removed
}

const NOBODY: ReadonlyMap<string, StoredContact> = new Map()
const TOO_LARGE = 'The rows of this ID hold more than 256 KB. Check whether the same ID was given to many people.'
