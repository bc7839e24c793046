import type { RowBatch } from './bytes.ts'
import { type Candidate, ContactPlanner, type Pass } from './contact-planning.ts'
import { ContactRows, DigestCollision, type RowsOfContact } from './contact-rows.ts'
import { noCounts } from './counts.ts'
import { Digest } from './digest.ts'
import { type Doubt, doubtsOf, EndOfFile, type FileEnd } from './file-end.ts'
import type { KnownContacts } from './known.ts'
import { exceeds } from './limits/limit.ts'
import type {
  Again,
  Directory,
  Found,
  Planned,
  PlanningRules,
  PlanSink,
  ReportRow,
  StoredContact,
} from './plan-contract.ts'
import { RowLengths } from './ragged.ts'
import { type RekeyedPeople, Rekeying } from './rekeying.ts'
import { type KeptContacts, Missing, removeMissing } from './removing.ts'
import type { Row } from './row.ts'
import {
  columnGone,
  contactsKept,
  encodingDoubtful,
  headerRepeated,
  hiddenSheet,
  RowReports,
  rowsTrimmed,
  severalSheets,
} from './row-reports.ts'
import { RowRules } from './row-rules.ts'
import type { Holder } from './shared-numbers.ts'
import { hasKey } from './somebody-else.ts'
import type { Spill } from './sorted-records.ts'
import { TableRows } from './table-rows.ts'
import { Tallying } from './tallying.ts'
import { UnidentifiedRows } from './unidentified-rows.ts'

/** How many contacts one query asks the directory for. */
const CANDIDATES = 1000

/** What another message needs to go on with a pass. */
export type SavedPlanner = ReturnType<Planner['save']>

/**
 * One pass over the rows of a file, which makes a plan. Rows of one ID that are next to each other are read together.
 * If some are not, `finish` asks for a second pass, which then knows their IDs and gathers them. The directory is asked
 * only about contacts whose rows have changed.
 */
export class Planner {
  readonly #known: KnownContacts
  readonly #rules: PlanningRules
  readonly #directory: Directory
  readonly #sink: PlanSink
  readonly #pass: Pass
  readonly #rows: ContactRows
  readonly #contact: ContactPlanner
  readonly #missing: Missing
  readonly #unidentified: UnidentifiedRows
  readonly #table: TableRows
  readonly #rowRules: RowRules | null
  readonly #lengths: RowLengths | null
  readonly #end: EndOfFile
  readonly #fingerprint = new Digest()
  #candidates: Candidate[]
  readonly #contacts: number
  /** Part of each fingerprint, since the same cells under other headers mean something else. */
  readonly #columnsSeed: number

  /** `spill`: where records wait that are sorted and do not fit in memory. `saved`: what an earlier message saved. */
  constructor(
    known: KnownContacts,
    rules: PlanningRules,
    directory: Directory,
    sink: PlanSink,
    spill: Spill,
    saved?: SavedPlanner,
  ) {
    const counts = { ...noCounts(), ...saved?.counts }
    const reports = new RowReports(sink, counts, saved?.reports)
    this.#end = new EndOfFile(saved?.end)
    this.#candidates = [...(saved?.candidates ?? [])]
    this.#known = known
    this.#rules = rules
    this.#directory = directory
    this.#sink = sink
    this.#unidentified = new UnidentifiedRows(rules.defaultCountry, known, saved?.unidentified)
    this.#lengths = rules.fullRows ? new RowLengths(rules.columns, rules.trimmed, saved?.lengths ?? undefined) : null
    const recognises = rules.complete && rules.rekeyLimit !== null && rules.rekeyed === null
    this.#pass = {
      known,
      rules,
      sink,
      counts,
      tallying: new Tallying(known.salt, saved?.tallying),
      reports,
      unidentified: this.#unidentified,
      lengths: this.#lengths,
      rekeying: recognises ? new Rekeying(known.salt, spill, saved?.rekeying) : null,
      spill,
    }
    const contacts = {
      contact: (rows: RowsOfContact) => this.#judge(rows),
      refused: (report: ReportRow) => {
        if (this.#contact.leavesOut(report)) return
        counts.withoutId++
        reports.refuse(report)
        this.#contact.optOutRefused(report)
        if (!this.#mayRemove) return
        if (this.#lengths?.isTooLong(report.cells) === true) this.#unidentified.addShifted(report.cells)
        else this.#unidentified.add(report.cells)
      },
    }
    this.#rows = new ContactRows(known, rules.columns, rules.records, spill, contacts, saved?.rows)
    const { columns, records, smsStatus, ignoredRow } = rules
    const lengths = this.#lengths
    this.#rowRules =
      columns.rows.length === 0 ? null : new RowRules({ columns, known, lengths, smsStatus, ignoredRow }, saved?.rules)
    this.#table = new TableRows(
      { columns, records, known, lengths, end: this.#end, rules: this.#rowRules },
      {
        row: (number, cells) => this.#rows.take(number, cells),
        optOut: (number, cells) => this.#rows.takeLeftOut(number, cells),
        note: (cells) => this.#unidentified.add(cells),
      },
      saved?.table,
    )
    this.#columnsSeed = new Digest().reset(0).add(rules.columns.targets.join('\n')).low
    this.#contacts = saved?.contacts ?? countOf(known)
    this.#contact = new ContactPlanner(this.#pass, this.#contacts, saved?.contact)
    this.#missing = new Missing(known, directory, this.#unidentified, rules.rekeyed)
  }

  /** Returns what another message, with the same known contacts, needs to go on after the rows that were taken. */
  save() {
    const { counts, tallying, reports, rekeying } = this.#pass
    return {
      contacts: this.#contacts,
      counts,
      tallying: tallying.save(),
      reports: reports.save(),
      rekeying: rekeying?.save() ?? null,
      candidates: this.#candidates,
      contact: this.#contact.save(),
      unidentified: this.#unidentified.save(),
      lengths: this.#lengths?.save() ?? null,
      end: this.#end.save(),
      rows: this.#rows.save(),
      rules: this.#rowRules?.save() ?? null,
      table: this.#table.save(),
    }
  }

  /** Returns how many rows have been read. */
  get rows(): number {
    return this.#rows.count
  }

  /** Reads the next rows of the file. Throws `DigestCollision`, and `Failure` if the file ends inside a row. */
  async take(batch: RowBatch): Promise<void> {
    const last = batch.cells.length - 1
    if (batch.unfinished === true) this.#end.lineBreak = false
    for (let i = 0; i <= last; i++) {
      const number = batch.numbers[i] ?? 0
      const cells = batch.cells[i] ?? []
      this.#table.take(number, cells, i === last && batch.unfinished === true)
      if (this.#candidates.length + this.#pass.reports.waiting >= CANDIDATES) await this.#resolve()
    }
    await this.#rows.flush()
  }

  /** Ends the pass and plans the removal of missing contacts. Throws `DigestCollision`. */
  async finish(): Promise<Planned | Again> {
    this.#table.end()
    this.#rows.end()
    await this.#resolve()
    const { lookAlikes, lookUpNumbers } = this.#rules
    if (this.#rows.scattered) return this.#again({})
    await this.#resolveGathered()
    if (this.#lengths?.contradicted === true) return this.#again({ trimmed: this.#lengths.areTrimmed })
    const twins = this.#contact.keepTwins()
    const fileEnd = this.#fileEnd()
    const doubts = fileEnd === null ? [] : doubtsOf(fileEnd, this.#rules.fileEndBefore)
    if (this.#mustIgnoreLastRow(doubts)) return this.#again({ ignoredRow: this.#end.lastRow })
    const { alike, rekeyed } = await this.#findAlike()
    if (rekeyed !== null || alike.size > 0) {
      const found = { lookAlikes: new Map([...lookAlikes, ...alike]) }
      return this.#again(rekeyed === null ? found : { ...found, rekeyed })
    }
    const sharing = await this.#contact.sharing.match(lookUpNumbers ? (numbers) => this.#whoKeeps(numbers) : null)
    if (this.#mayRemove && this.#unidentified.tooMany) doubts.push('unidentified')
    const { counts, tallying } = this.#pass
    const { erased } = this.#contact
    counts.warnings += sharing.rows?.added ?? 0
    counts.rows = this.#rows.count + this.#table.leftOut
    counts.leftOut = this.#table.leftOut + erased
    const { spellings, added, rekeyed: moved, optOuts } = this.#contact
    const rulesOfRemoved = { ...this.#pass, ruleOf: (id: string) => this.#rowRules?.ruleOf(id) ?? null }
    const removed = this.#removes ? await removeMissing(this.#missing, rulesOfRemoved) : NO_REMOVALS
    if (this.#removes) counts.protected = removed.kept.count + twins
    this.#warnOfFile(removed.kept)
    const somebodyElse = tallying.somebodyElse()
    // What the source showed is forgotten for a new person, so the next import reads the rows of the ID again.
    if (somebodyElse.length > 0) this.#known.clearFingerprintsOf((key) => hasKey(somebodyElse, key))
    await this.#sink.flush()
    return {
      counts,
      newGroups: spellings.chosen(),
      contacts: this.#contacts,
      effects: await tallying.finish(this.#directory, removed.manual, sharing.gains),
      meaning: tallying.meaning.all,
      groups: tallying.groups,
      somebodyElse,
      newContacts: added + moved,
      rekeyed: moved,
      optOuts,
      shared: sharing.rows,
      doubts,
      fileEnd,
      lastRow: this.#end.lastRow,
      ruledOut: this.#table.ruledOut,
      erased,
      ignoredRow: this.#rules.ignoredRow !== null,
    }
  }

  /** Asks for another pass that knows what this pass and the passes before it found out. */
  #again(found: Partial<Found>): Again {
    const { lookAlikes, rekeyed, trimmed, ignoredRow } = this.#rules
    return { again: true, found: { lookAlikes, rekeyed, trimmed, ignoredRow, ...found } }
  }

  /** Returns how the file ended; null for the records of a CRM. */
  #fileEnd(): FileEnd | null {
    const { records, fullRows, modifiedAt } = this.#rules
    // The records of a CRM have full rows, since Muster itself writes them.
    if (records && fullRows) return null
    return { lineBreak: fullRows ? this.#end.lineBreak : null, closing: this.#end.closing, modifiedAt }
  }

  /** Returns whether another pass must ignore the last row of a text whose end is doubtful (invariant 1). */
  #mustIgnoreLastRow(doubts: readonly Doubt[]): boolean {
    const { fullRows, ignoredRow } = this.#rules
    return doubts.length > 0 && fullRows && ignoredRow === null && this.#end.lastRow > 0
  }

  /** Returns whether contacts that are missing from the file may be removed. */
  get #mayRemove(): boolean {
    return this.#rules.complete && this.#rules.removal === 'remove'
  }

  /** Returns whether the plan removes missing contacts. A file needs at least one valid row for that (invariant 1). */
  get #removes(): boolean {
    return this.#mayRemove && this.#contact.valid > 0
  }

  #warnOfFile(kept: KeptContacts): void {
    const { columns, goneColumns, details } = this.#rules
    const warnings = [
      encodingDoubtful(details),
      hiddenSheet(details),
      severalSheets(details),
      contactsKept(kept, columns),
      rowsTrimmed(this.#lengths),
    ].filter((one) => one !== null)
    this.#pass.reports.warnOfFile(columns, [
      ...goneColumns.map(columnGone),
      ...columns.repeated.map(headerRepeated),
      ...warnings,
    ])
  }

  #judge({ id, slot, rows, leftOut, tooLarge }: RowsOfContact): void {
    if (leftOut) {
      if (this.#known.key(slot) > 0) {
        this.#candidates.push({ id, slot, rows, leftOut, tooLarge, fingerprintHigh: 0, fingerprintLow: 0 })
      }
      return
    }
    this.#pass.counts.matched++
    if (tooLarge) {
      this.#candidates.push({ id, slot, rows, leftOut, tooLarge, fingerprintHigh: 0, fingerprintLow: 0 })
      return
    }
    const fingerprint = this.#fingerprintOf(id, rows)
    if (this.#known.holds(slot, fingerprint)) {
      this.#pass.counts.unchanged++
      this.#contact.valid++
      return
    }
    const { high, low } = fingerprint
    this.#candidates.push({ id, slot, rows, leftOut, tooLarge, fingerprintHigh: high, fingerprintLow: low })
  }

  #fingerprintOf(id: string, rows: readonly Row[]): Digest {
    const digest = this.#fingerprint.reset(this.#columnsSeed).add(id)
    const { columns } = this.#rules
    for (const { cells } of rows) {
      for (const index of columns.used) digest.add(cells[index] ?? '')
      // The cells that are used may be the same although the row is now too short or too long, or no longer is.
      const length = this.#lengths?.fingerprint(cells) ?? null
      if (length !== null) digest.add(length)
    }
    return digest
  }

  async #resolveGathered(): Promise<void> {
    let judged = 0
    for await (const rows of this.#rows.gathered()) {
      this.#judge(rows)
      if (++judged % CANDIDATES === 0) await this.#resolve()
    }
    await this.#resolve()
  }

  async #resolve(): Promise<void> {
    const candidates = this.#candidates
    this.#candidates = []
    const stored = candidates.length === 0 ? NOBODY : await this.#lookUp(candidates)
    const people = await this.#lookUpRekeyed(candidates)
    const nobody = stored.size === 0
    for (const candidate of candidates)
      this.#contact.plan(
        candidate,
        nobody ? null : (stored.get(candidate.id) ?? null),
        people?.get(candidate.id) ?? null,
      )
    this.#pass.reports.give()
    await this.#contact.flush()
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

  /** Returns the known contacts of people that come under the candidates' IDs, by these IDs; null if nobody does. */
  async #lookUpRekeyed(candidates: readonly Candidate[]): Promise<Map<string, StoredContact> | null> {
    const { rekeyed } = this.#rules
    if (rekeyed === null) return null
    const keys = new Map<number, string>()
    for (const { id } of candidates) {
      const key = rekeyed.keyOf(id)
      if (key !== null) keys.set(key, id)
    }
    if (keys.size === 0) return null
    const people = new Map<string, StoredContact>()
    for (const contact of await this.#directory.byKeys([...keys.keys()])) {
      if (!contact.removed) people.set(keys.get(contact.key) ?? '', contact)
    }
    return people
  }

  /** Returns the contacts that have these mobile numbers now and still have them after this plan is applied. */
  async #whoKeeps(numbers: readonly string[]): Promise<Holder[]> {
    const known = this.#known
    const { covers } = this.#rules
    const removes = this.#removes
    const holders = await this.#directory.byMobileNumbers(numbers)
    const staying = removes ? await this.#missing.staying(holders) : NOBODY_STAYS
    return holders.filter((holder) => {
      const { id, owner } = holder
      if (owner === 'other' || staying.has(holder)) return true
      if (owner === 'hand' && this.#contact.adopted.has(id)) return false
      const slot = known.find(id)
      // The numbers that a changed contact has afterwards are in the plan itself. A manual contact is another one than the
      // source's contact that leaves the same ID.
      const left = slot !== -1 && known.left(slot)
      if (slot !== -1 && known.changed(slot) && !(owner === 'hand' && left)) return false
      return (slot !== -1 && known.seen(slot) && !left) || !removes || (owner === 'hand' && covers === 'own')
    })
  }

  /**
   * Returns the new IDs that look like another one, without those that an earlier pass has found, and the people that come
   * under new IDs; null if they are not over the limit, or are known already. A new ID that looks like the ID of the same
   * person is an error as long as there are two of them at most. Above that they are people under new IDs.
   */
  async #findAlike(): Promise<{ alike: Map<string, string>; rekeyed: RekeyedPeople | null }> {
    const rekeyed = await this.#findRekeyed()
    const alike = new Map<string, string>()
    /** Those of the same person, as many as may count. */
    const same = new Map<string, string>()
    for await (const { id, other } of this.#lookAlikes()) {
      if (rekeyed === null || rekeyed.keyOf(id) !== this.#known.key(this.#known.find(other))) alike.set(id, other)
      else if (same.size <= MOST_ALIKE || !this.#isOverRekeyLimit(same.size)) same.set(id, other)
    }
    const areMoved = same.size > MOST_ALIKE
    for (const id of alike.keys()) rekeyed?.leaveOut(id)
    if (!areMoved) for (const id of same.keys()) rekeyed?.leaveOut(id)
    const isOver = rekeyed !== null && this.#isOverRekeyLimit(rekeyed.size)
    if (!areMoved || !isOver) for (const [id, other] of same) alike.set(id, other)
    return { alike, rekeyed: isOver ? rekeyed : null }
  }

  async #findRekeyed(): Promise<RekeyedPeople | null> {
    const { rekeying } = this.#pass
    if (rekeying === null || !this.#isOverRekeyLimit(rekeying.added)) return null
    const rekeyed = await rekeying.pairs(this.#missing.people())
    return this.#isOverRekeyLimit(rekeyed.size) ? rekeyed : null
  }

  #isOverRekeyLimit(people: number): boolean {
    const { rekeyLimit } = this.#rules
    return rekeyLimit !== null && exceeds(people, this.#contacts, rekeyLimit)
  }

  async *#lookAlikes(): AsyncGenerator<{ id: string; other: string }> {
    const { lookAlikes } = this.#contact
    const added = this.#rules.complete && this.#contacts > 0 && this.#pass.counts.added > 0
    if (lookAlikes.isEmpty && !added) return
    for await (const found of lookAlikes.find(this.#missing.ids(), this.#known)) {
      if (!this.#rules.lookAlikes.has(found.id)) yield found
    }
  }
}

/** Returns how many contacts the source has in the directory. */
function countOf(known: KnownContacts): number {
  let contacts = 0
  for (let slot = 0; slot < known.size; slot++) if (known.key(slot) > 0) contacts++
  return contacts
}

/**
 * Says whether `one` is the better match for an ID. A present contact comes before a removed one, and the source's own
 * contact before a manual one, which would be adopted.
 */
function nearer(one: StoredContact, other: StoredContact): boolean {
  return one.removed === other.removed ? other.manual : other.removed
}

/** With more look-alike IDs of the same people, the IDs were changed on purpose. */
const MOST_ALIKE = 2
const NOBODY: ReadonlyMap<string, StoredContact> = new Map()
const NOBODY_STAYS: ReadonlySet<Holder> = new Set()
const NO_REMOVALS = { manual: 0, kept: { count: 0, ids: [] } }
