import { changedAttributes } from './comparing.ts'
import { type ContactDetails, merge, writeDetails } from './contact.ts'
import { DigestCollision, refusedRow } from './contact-rows.ts'
import type { RunCounts } from './counts.ts'
import type { ErasedPeople } from './erased.ts'
import type { KnownContacts } from './known.ts'
import { LookAlikes, mayLookAlike } from './look-alikes.ts'
import { NUMBERS_OF, type PlannedSms } from './plan.ts'
import type { PlanningRules, PlanSink, ReportRow, StoredContact } from './plan-contract.ts'
import type { RowLengths } from './ragged.ts'
import { type ContactReader, contactReader, type Reading } from './reading.ts'
import type { Rekeying } from './rekeying.ts'
import type { Row } from './row.ts'
import { lookAlikeProblems, type RowReports } from './row-reports.ts'
import { isSamePerson, isSomebodyElse, mayChangePerson } from './same-person.ts'
import { NumberSharing } from './shared-numbers.ts'
import { decideSms, NO_SMS, type SmsReading, sameSms, statusOf } from './sms.ts'
import type { Spill } from './sorted-records.ts'
import { Spellings } from './spelling.ts'
import type { Tallying } from './tallying.ts'
import type { UnidentifiedRows } from './unidentified-rows.ts'
import { plainId } from './values/id.ts'

/** A contact whose rows have changed. */
export interface Candidate {
  id: string
  slot: number
  rows: Row[]
  /** Whether a rule leaves out all of the rows. Then only an opt-out in them counts. */
  leftOut: boolean
  /** Whether the rows hold more than a contact may. Then only an opt-out in them counts. */
  tooLarge: boolean
  fingerprintHigh: number
  fingerprintLow: number
}

/** The objects that one pass over a file works with. */
export interface Pass {
  known: KnownContacts
  rules: PlanningRules
  sink: PlanSink
  counts: RunCounts
  tallying: Tallying
  reports: RowReports
  unidentified: UnidentifiedRows
  /** Null if the rows need not be as long as the header. */
  lengths: RowLengths | null
  /** Null if people that come under new IDs are known already, or are not to be recognised. */
  rekeying: Rekeying | null
  spill: Spill
}

/** What another message needs to go on. */
export type SavedContacts = ReturnType<ContactPlanner['save']>

/** Plans one contact at a time, from its rows and from the contact in the directory. */
export class ContactPlanner {
  readonly #pass: Pass
  readonly #read: ContactReader
  /** How many contacts the source has. */
  readonly #contacts: number
  readonly spellings: Spellings
  readonly sharing: NumberSharing
  readonly lookAlikes: LookAlikes
  /** How many contacts could be read, changed or not. */
  valid: number
  /** How many added contacts the directory has never had. */
  added: number
  /** How many people come under new IDs. */
  rekeyed: number
  /** IDs of manual contacts whose people come under new IDs. */
  readonly adopted: Set<string>
  /** How many contacts have a new opt-out and no other change. */
  optOuts: number
  /** IDs that a new ID looks like. */
  readonly #twins: Set<string>
  /** How many rows are of people who were erased. */
  erased: number

  /** `saved`: what an earlier message saved. */
  constructor(pass: Pass, contacts: number, saved?: SavedContacts) {
    this.#pass = pass
    this.#read = contactReader(pass.rules, pass.lengths)
    this.#contacts = contacts
    this.spellings = new Spellings(saved?.spellings)
    this.sharing = new NumberSharing(pass.spill, saved?.sharing)
    this.lookAlikes = new LookAlikes(pass.spill, saved?.lookAlikes)
    this.valid = saved?.valid ?? 0
    this.added = saved?.added ?? 0
    this.rekeyed = saved?.rekeyed ?? 0
    this.adopted = new Set(saved?.adopted)
    this.optOuts = saved?.optOuts ?? 0
    this.#twins = new Set(saved?.twins)
    this.erased = saved?.erased ?? 0
  }

  /** Returns what another message needs to go on. */
  save() {
    const { valid, added, rekeyed, adopted, optOuts, erased } = this
    return {
      spellings: this.spellings.save(),
      sharing: this.sharing.save(),
      lookAlikes: this.lookAlikes.save(),
      twins: this.#twins,
      ...{ valid, added, rekeyed, adopted, optOuts, erased },
    }
  }

  /**
   * Plans one contact from its rows. `stored` is the contact in the directory. `person` is the contact that comes under
   * this ID and has another one until now.
   */
  plan(candidate: Candidate, stored: StoredContact | null, person: StoredContact | null): void {
    const { id, slot, rows, fingerprintHigh, fingerprintLow } = candidate
    const { known, rules, counts, reports, unidentified } = this.#pass
    if (candidate.leftOut) {
      this.#planLeftOut(candidate, stored)
      return
    }
    const before = stored === null || stored.removed ? null : stored.details
    const reading = this.#read(id, rows, before === null)
    if (rules.erased !== undefined && this.#isErased(rules.erased, candidate, before, reading)) return
    const { lookAlikes } = rules
    const twin = before === null && lookAlikes.size > 0 ? lookAlikes.get(id) : undefined
    if (twin !== undefined) {
      this.#twins.add(twin)
      counts.contactsWithErrors++
      reports.add(rows, lookAlikeProblems(id, twin, rows, rules.columns))
      this.#optOutFailed(id, reading, rows)
      return
    }
    const isForNumbers = before === null || stored?.manual === true
    if (candidate.tooLarge) {
      const [row] = rows
      known.setFingerprint(slot, 0, 0)
      counts.contactsWithErrors++
      if (row !== undefined) reports.refuse(refusedRow(row, id, rules.columns, 'contact_too_large', TOO_LARGE))
      this.#planOptOut(stored, reading.sms, rows)
      if (isForNumbers) this.#optOutFailed(id, reading, rows)
      return
    }
    if (reading.problems.length > 0) known.setFingerprint(slot, 0, 0)
    else known.setFingerprint(slot, fingerprintHigh, fingerprintLow)
    if (reading.failed) {
      counts.contactsWithErrors++
      reports.add(rows, reading.problems)
      if (before === null) for (const { cells } of reading.shifted) unidentified.addShifted(cells)
      this.#planOptOut(stored, reading.sms === null ? null : { ...reading.sms, doubtful: true }, rows)
      if (isForNumbers) this.#optOutFailed(id, reading, rows)
      return
    }
    this.valid++
    for (const { key, spelling } of reading.groups) this.spellings.add(key, spelling)
    if (person !== null && stored === null) {
      this.#rekey(candidate, person, reading)
      return
    }
    const after = merge(before, reading.provided)
    const changed = before === null ? [] : changedAttributes(before, after)
    reports.add(rows, reading.problems)
    if (before === null || changed.length > 0 || stored?.manual === true) {
      // A shared number is reported only for contacts that are added or changed. It is no reason to read the row again,
      // so the fingerprint stays.
      this.sharing.add(id, before, after, reading)
      known.markChanged(slot)
    }
    if (before === null || stored === null) this.#add(candidate, stored, after, reading.sms)
    else this.#update(candidate, stored, after, changed, reading.sms)
  }

  /** Moves what is sorted out of memory if it is too much. */
  async flush(): Promise<void> {
    await this.sharing.flush()
    await this.lookAlikes.flush()
    await this.#pass.rekeying?.flush()
  }

  /** Lets missing contacts stay whose ID a new one looks like, once the whole file has been read. Returns how many. */
  keepTwins(): number {
    const { known } = this.#pass
    let kept = 0
    for (const id of this.#twins) {
      const slot = known.find(id)
      if (slot === -1 || known.seen(slot)) continue
      known.markSeen(slot)
      kept++
    }
    return kept
  }

  /**
   * Plans the opt-out of a contact of whom the file has only rows that a rule leaves out (invariant 8). If the rows are of
   * another person than the contact, it counts for their numbers only.
   */
  #planLeftOut({ id, slot, rows }: Candidate, stored: StoredContact | null): void {
    if (stored === null || stored.removed || stored.manual) return
    const { provided, sms } = this.#read(
      id,
      rows.map(({ number, cells }) => ({ number, cells })),
      false,
    )
    this.#pass.known.setFingerprint(slot, 0, 0)
    const { details } = stored
    if (isSomebodyElse(details, merge(details, provided))) {
      this.#optOutNumbers('failed', id, merge(null, provided), sms, rows)
    } else this.#planOptOut(stored, sms, rows)
  }

  /** Plans the opt-out of a row whose ID cannot be read, so that it counts for the row's numbers. */
  optOutRefused({ row: number, cells }: Pick<ReportRow, 'row' | 'cells'>): void {
    if (this.#pass.rules.columns.smsStatus === -1) return
    const rows = [{ number, cells }]
    this.#optOutFailed('', this.#read('', rows, true), rows)
  }

  /** Leaves out a row without an ID if it is of a person who was erased, and returns whether it is. */
  leavesOut({ row: number, cells }: Pick<ReportRow, 'row' | 'cells'>): boolean {
    const { erased } = this.#pass.rules
    if (erased === undefined) return false
    const { provided } = this.#read('', [{ number, cells }], true)
    if (!erased.has('', merge(null, provided), false)) return false
    this.erased++
    return true
  }

  /** Leaves out the rows of a person who was erased, and returns whether they are. The rows are counted, and say nothing. */
  #isErased(
    erased: ErasedPeople,
    { id, slot, rows, tooLarge }: Candidate,
    before: ContactDetails | null,
    reading: Reading,
  ): boolean {
    const isNew = before === null
    const isErased = reading.failed
      ? // What can be read of the row may show the person under another ID.
        erased.has(id, null, isNew) || erased.has(id, merge(null, reading.provided), false)
      : erased.has(id, merge(before, reading.provided), isNew)
    if (!isErased) return false
    const { known, counts } = this.#pass
    known.setFingerprint(slot, 0, 0)
    counts.matched--
    this.erased += rows.length
    if (!reading.failed && !tooLarge) this.valid++
    return true
  }

  /** Plans an added contact. `returns` is the removed contact that comes back with it. */
  #add(
    { id, slot, rows }: Candidate,
    returns: StoredContact | null,
    after: ContactDetails,
    sms: SmsReading | null,
  ): void {
    const { known, rules, sink, counts, tallying } = this.#pass
    counts.added++
    const key = returns?.key ?? -++this.added
    known.setKey(slot, key)
    tallying.added(id, after)
    if (rules.complete && (this.#contacts > 0 ? mayLookAlike(id) : plainId(id) !== id)) this.lookAlikes.add(id)
    if (returns === null) this.#pass.rekeying?.add(id, after)
    // What was decided about a contact may have ended while it was away, so its value is judged when it is back.
    const expected = this.#expected(returns, sms, returns !== null)
    tallying.meaning.reached(null, { details: after, isOut: isOut(returns, expected) })
    this.#optOutNumbers('add', id, after, sms, rows)
    sink.change('adds', { op: 'add', key, id, before: null, after, ...expected, rows: numbersOf(rows) })
  }

  /** Plans a new ID for a known contact. `reading`: what the rows say of a new contact. Throws `DigestCollision`. */
  #rekey({ id, slot, rows }: Candidate, person: StoredContact, reading: Reading): void {
    const { known, rules, sink, counts, tallying, reports } = this.#pass
    const { key, id: fromId, manual, details: before } = person
    const added = merge(null, reading.provided)
    if (!isSamePerson(before, added)) throw new DigestCollision()
    const after = merge(before, this.#read(id, rows, false).provided)
    const changed = changedAttributes(before, after)
    counts.updated++
    tallying.rekeyed({ key, id, before, after, changed, adopted: manual }, fromId)
    reports.add(rows, reading.problems)
    this.sharing.add(id, before, after, reading)
    known.markChanged(slot)
    known.setKey(slot, key)
    if (manual) this.adopted.add(fromId)
    else this.#leave(fromId)
    if (manual) this.#optOutNumbers('remove', id, added, reading.sms, rows)
    const optedOut = !manual && this.#planOptOut(person, reading.sms, rows)
    const expected = reading.sms?.means === 'opted_out' && !manual ? {} : this.#expected(person, reading.sms)
    this.#reached(person, after, expected, optedOut)
    const removes = rules.removal === 'remove' && (!manual || rules.covers === 'directory')
    sink.change('rekeys', {
      op: 'rekey',
      key,
      id,
      fromId,
      ...(manual ? { owner: 'source' as const } : {}),
      before,
      after,
      changed,
      otherwise: {
        number: ++this.rekeyed,
        after: writeDetails(added),
        ...this.#expected(null, reading.sms),
        removes,
      },
      ...expected,
      rows: numbersOf(rows),
    })
  }

  /** Notes that the source's contact with this ID comes under another one, so that it is not missing. */
  #leave(id: string): void {
    const { known } = this.#pass
    const slot = known.find(id)
    known.markSeen(slot)
    known.markChanged(slot)
    known.setKey(slot, 0)
  }

  #update(
    { id, slot, rows }: Candidate,
    stored: StoredContact,
    after: ContactDetails,
    changed: (keyof ContactDetails)[],
    reading: SmsReading | null,
  ): void {
    const { known, sink, counts, tallying } = this.#pass
    const { key, manual, details: before } = stored
    known.setKey(slot, key)
    const optedOut = !manual && this.#planOptOut(stored, reading, rows, mayChangePerson(changed) ? after : null)
    // If the adopted contact becomes somebody else, the value is that person's, though the one of before had the same.
    const adopted = manual && mayChangePerson(changed)
    const expected = reading?.means === 'opted_out' && !manual ? {} : this.#expected(stored, reading, adopted)
    this.#reached(stored, after, expected, optedOut)
    if (changed.length === 0 && !manual) {
      const { sms } = expected
      if (sms !== undefined) {
        sink.change('updates', { op: 'sms', key, id, before, after: before, sms, rows: numbersOf(rows) })
      }
      if (optedOut) this.optOuts++
      if (optedOut || (sms !== undefined && sms.before !== sms.after)) counts.updated++
      else counts.unchanged++
      return
    }
    counts.updated++
    if (manual) this.#optOutNumbers('update', id, after, reading, rows)
    tallying.updated({ key, id, before, after, changed, adopted: manual })
    const owner = manual ? { owner: 'source' as const } : {}
    sink.change('updates', {
      op: 'update',
      key,
      id,
      ...owner,
      before,
      after,
      changed,
      ...expected,
      rows: numbersOf(rows),
    })
  }

  /**
   * Plans the opt-out of a contact that the source has. It goes into the section that is applied even if the plan is
   * held or rejected (invariant 8). Returns whether the status of the contact is expected to change. `becomes`: the details
   * after the rows, if these may make the ID somebody else. Then the opt-out is the new person's.
   */
  #planOptOut(
    stored: StoredContact | null,
    reading: SmsReading | null,
    rows: readonly Row[],
    becomes: ContactDetails | null = null,
  ): boolean {
    if (stored === null || stored.removed || stored.manual || reading?.means !== 'opted_out') return false
    const { sms } = this.#expected(stored, reading, becomes !== null)
    if (sms === undefined) return false
    const { key, id, details: before } = stored
    const after = becomes ?? before
    this.#pass.sink.change('optOuts', { op: 'sms', key, id, before, after, sms, rows: numbersOf(rows) })
    const optsOut = sms.before !== sms.after
    if (!optsOut) return false
    this.#pass.counts.optOuts++
    this.#pass.tallying.meaning.reached({ details: before, isOut: false }, { details: before, isOut: true })
    return true
  }

  /** Counts how a known contact can be reached before and after. `optedOut`: its opt-out has been counted. */
  #reached(stored: StoredContact, after: ContactDetails, expected: { sms?: PlannedSms }, optedOut: boolean): void {
    const before = { details: stored.details, isOut: optedOut || statusOf(stored.sms) === 'opted_out' }
    this.#pass.tallying.meaning.reached(before, { details: after, isOut: optedOut || isOut(stored, expected) })
  }

  /** Plans the opt-out of rows with an error that no contact of the source has, for the rows' numbers. */
  #optOutFailed(id: string, { provided: { numbers = [] }, sms }: Reading, rows: readonly Row[]): void {
    this.#optOutNumbers('failed', id, merge(null, { numbers }), sms, rows)
  }

  /** Plans the opt-out of a row whose ID has no contact of the source yet, for the row's numbers (invariant 8). */
  #optOutNumbers(
    of: keyof typeof NUMBERS_OF,
    id: string,
    after: ContactDetails,
    reading: SmsReading | null,
    rows: readonly Row[],
  ): void {
    if (reading?.means !== 'opted_out' || after.numbers.length === 0) return
    const sms = { value: reading.value, means: reading.means, before: 'opted_out', after: 'opted_out' } as const
    const change = { op: 'sms', key: NUMBERS_OF[of], id, before: null, after, sms, rows: numbersOf(rows) } as const
    this.#pass.sink.change('optOuts', change)
  }

  /**
   * Returns the change of SMS status that the source's value is expected to make; nothing if it makes none. `stored` is
   * null for a new contact. `always`: returns it even if the value makes no change.
   */
  #expected(stored: StoredContact | null, reading: SmsReading | null, always = false): { sms?: PlannedSms } {
    if (reading === null) return {}
    const before = stored?.sms ?? NO_SMS
    const after = decideSms(before, reading, this.#pass.rules.fetchedAt)
    if (!always && sameSms(before, after)) return {}
    if (stored !== null && before.own === 'opted_out' && statusOf(after) === 'opted_in') {
      const { id, details, removed } = stored
      this.#pass.tallying.resubscribed.add({ id, name: details.name, madeHere: before.here !== null, returns: removed })
    }
    const { value, means, doubtful } = reading
    const sms = { value, means, before: statusOf(before), after: statusOf(after) }
    return { sms: doubtful === true ? { ...sms, doubtful } : sms }
  }
}

/** Returns whether a contact is expected to be opted out after the change; a new one has no status before it. */
function isOut(stored: StoredContact | null, { sms }: { sms?: PlannedSms }): boolean {
  return (sms?.after ?? (stored === null ? 'unknown' : statusOf(stored.sms))) === 'opted_out'
}

function numbersOf(rows: readonly Row[]): number[] {
  return rows.map((row) => row.number)
}

const TOO_LARGE = 'The rows of this ID hold more than 256 KB. Check whether the same ID was given to many people.'
