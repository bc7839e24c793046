import { expect } from 'vitest'
import type { RowBatch } from '../core/bytes.ts'
import { findColumns } from '../core/columns.ts'
import type { FieldDefinition } from '../core/field.ts'
import type { FileEnd } from '../core/file-end.ts'
import { readHeaderRows } from '../core/header-rows.ts'
import { KnownContacts, type ScatteredIds } from '../core/known.ts'
import { Examples } from '../core/limits/examples.ts'
import type { MappingColumn, RowRule } from '../core/mapping.ts'
import { pack, unpack } from '../core/packing.ts'
import type { Change } from '../core/plan.ts'
import {
  type Directory,
  type Found,
  NOTHING_FOUND,
  type Planned,
  type PlanningRules,
  type ReportRow,
  restoreFoundOut,
  type StoredContact,
  saveFoundOut,
} from '../core/plan-contract.ts'
import { Planner } from '../core/planning.ts'
import { reportShared } from '../core/shared-report.ts'
import { decideSms, NO_SMS } from '../core/sms.ts'
import { MemorySpill } from '../core/sorted-records.ts'

/** A file as rows of cells, header first. */
export type Sheet = readonly (readonly string[])[]

export interface PlanOptions {
  /** Whether the file has all contacts, and not only the ones that have changed. */
  complete?: boolean
  removal?: 'remove' | 'keep'
  covers?: 'own' | 'directory'
  /** Null for the template's headers. */
  mapping?: MappingColumn[] | null
  rows?: RowRule[]
  fields?: readonly FieldDefinition[]
  /** Null if people that come under new IDs are not recognised. */
  rekeyLimit?: PlanningRules['rekeyLimit']
  /** How many rows arrive in a batch. */
  batch?: number
  /** Whether the file ends in a line break. */
  lineBreak?: boolean
  modifiedAt?: string | null
  /** How many bytes of sorted records are in memory; few enough that most tests move them out. */
  spill?: number
  /** The IDs of all users; null if they are not known. */
  userIds?: ReadonlySet<string> | null
  /** As which type of file a sheet counts. */
  type?: Opened['type']
}

/** A file that can be read several times, as the Worker reads it. */
export interface Opened {
  type: 'csv' | 'xlsx' | 'json'
  batches: AsyncIterable<RowBatch>
}

export interface Plan {
  planned: Planned
  changes: Change[]
  reports: ReportRow[]
  /** How many contacts the directory was asked for. */
  asked: number
  /** The fingerprints after the plan, as they are written. */
  fingerprints: Uint8Array
}

/** Says after which batches a plan is paused: after each of the first, and ever more rarely in a long file. */
function pausesAfter(batches: number): boolean {
  return batches < 4 || Number.isInteger(Math.log2(batches))
}

/** Returns a value as another message gets it. */
function copied<T>(value: T): T {
  const { json, arrays } = pack(value)
  const unpacked = unpack(json)
  for (const [i, array] of unpacked.arrays.entries()) array.set(arrays[i] ?? [])
  return unpacked.value as T
}

/** Returns everything about a plan as text. */
function shown({ planned, changes, reports }: Plan): string {
  return JSON.stringify({ planned, changes, reports }, (_, value: unknown) => {
    if (value instanceof Examples) return value.save()
    return value instanceof Map || value instanceof Set || value instanceof Float64Array ? [...value] : value
  })
}

/** A directory in memory that plans and applies files as the Worker does, using only the core. */
export class PlannedDirectory implements Directory {
  readonly contacts = new Map<number, StoredContact>()
  #known: { bytes: ArrayBuffer; firstKey: number } | null = null
  #next: { bytes: ArrayBuffer; firstKey: number } | null = null
  #lastKey = 0
  #fileEnd: FileEnd | null = null
  #asked = 0

  add(id: string, details: StoredContact['details'], manual = true): number {
    const key = ++this.#lastKey
    this.contacts.set(key, { key, id, manual, removed: false, details, sms: NO_SMS })
    return key
  }

  /** Opts a contact out in Muster, as a person would. `shown` says whether its source has since shown the opt-out. */
  optOut(key: number, shown: boolean): void {
    const contact = this.contacts.get(key)
    if (contact === undefined) throw new Error('There is no such contact')
    this.contacts.set(key, { ...contact, sms: { ...contact.sms, own: 'opted_out', here: 1, shown } })
  }

  async byKeys(keys: readonly number[]) {
    this.#asked += keys.length
    return keys.flatMap((key) => this.contacts.get(key) ?? [])
  }

  async byIds(ids: readonly string[]) {
    this.#asked += ids.length
    const wanted = new Set(ids)
    return [...this.contacts.values()].filter((one) => wanted.has(one.id) && !(one.manual && one.removed))
  }

  async byMobileNumbers(numbers: readonly string[]) {
    const wanted = new Set(numbers)
    return [...this.contacts.values()].flatMap(({ id, manual, removed, details }) => {
      const mobiles = details.numbers.filter(({ number, type }) => type === 'mobile' && wanted.has(number))
      const owner = manual ? ('hand' as const) : ('source' as const)
      return removed ? [] : [...new Set(mobiles.map(({ number }) => number))].map((number) => ({ number, id, owner }))
    })
  }

  async *manualContacts() {
    for (const contact of [...this.contacts.values()]) if (contact.manual && !contact.removed) yield contact
  }

  /** Makes the plan of a file and applies it. */
  async import(sheet: Sheet, options: PlanOptions = {}): Promise<Plan> {
    const plan = await this.plan(sheet, options)
    this.apply(plan)
    return plan
  }

  /** Applies a plan to the directory. */
  apply({ changes, planned }: Plan): void {
    for (const change of changes) this.#apply(change)
    this.#known = this.#next
    this.#lastKey += planned.newContacts
    this.#fileEnd = planned.fileEnd
  }

  plan(sheet: Sheet, { batch = 7, lineBreak = true, type = 'csv', ...options }: PlanOptions = {}): Promise<Plan> {
    const batches = async function* (): AsyncGenerator<RowBatch> {
      for (let at = 0; at < sheet.length; at += batch) {
        const cells = sheet.slice(at, at + batch).map((row) => [...row])
        const rows = { numbers: cells.map((_, i) => at + i + 1), cells }
        yield lineBreak || at + batch < sheet.length ? rows : { ...rows, unfinished: true }
      }
    }
    return this.planFile(async () => ({ type, batches: batches() }), options)
  }

  /**
   * Makes the plan of a file that `open` opens. Makes it twice: in one go, and with pauses in which everything is packed as if
   * another message went on. Throws if the two differ.
   */
  async planFile(
    open: () => Promise<Opened>,
    options: Omit<PlanOptions, 'batch' | 'lineBreak' | 'type'> = {},
  ): Promise<Plan> {
    const paused = await this.#planFile(open, options, true)
    const plan = await this.#planFile(open, options, false)
    expect(shown(paused)).toBe(shown(plan))
    return plan
  }

  async #planFile(
    open: () => Promise<Opened>,
    {
      complete = true,
      removal = 'remove',
      covers = 'own',
      mapping = null,
      rows: rowRules = [],
      fields = [],
      modifiedAt = null,
      rekeyLimit = null,
      spill = 256,
      userIds = null,
    }: Omit<PlanOptions, 'batch' | 'lineBreak' | 'type'>,
    pauses: boolean,
  ): Promise<Plan> {
    this.#asked = 0
    let count = 0
    let scattered: ScatteredIds | null = null
    let found: Found = NOTHING_FOUND
    for (;;) {
      const known =
        this.#known === null ? new KnownContacts() : KnownContacts.read(this.#known.bytes, this.#known.firstKey)
      if (known === null) throw new Error('What was written cannot be read')
      if (scattered !== null) known.takeScattered(scattered)
      const { type, batches } = await open()
      const rows = batches[Symbol.asyncIterator]()
      const { first, seen } = await readHeaderRows(rows)
      const columns = findColumns(first, mapping, { rows: rowRules })
      const changes: Change[] = []
      const reports: ReportRow[] = []
      const sink = {
        change: (_: string, change: Change) => void changes.push(change),
        report: (row: ReportRow) => void reports.push(row),
        reportShared: (row: ReportRow) => addShared(reports, row),
        flush: async () => undefined,
      }
      const rules: PlanningRules = {
        complete,
        rekeyLimit,
        columns,
        fullRows: type === 'csv',
        records: type === 'json',
        fileEndBefore: this.#fileEnd,
        modifiedAt,
        defaultCountry: 'US',
        fields: new Map(fields.map((field) => [field.key, field])),
        userIds,
        smsStatus: { optedIn: 'Y', optedOut: 'N', emptyMeansOptedIn: false },
        fetchedAt: 0,
        removal,
        covers,
        ...found,
        goneColumns: [],
        details: {},
        lookUpNew: true,
        lookUpNumbers: true,
      }
      const spilled = new MemorySpill(spill)
      let contacts = known
      let planner = new Planner(contacts, rules, this, sink, spilled)
      const take = async (read: RowBatch) => {
        await planner.take(read)
        if (!pauses || !pausesAfter(++count)) return
        const saved = copied({ known: contacts.save(), planner: planner.save(), found: saveFoundOut(found) })
        contacts = KnownContacts.restore(saved.known)
        planner = new Planner(
          contacts,
          { ...rules, ...restoreFoundOut(saved.found) },
          this,
          sink,
          spilled,
          saved.planner,
        )
      }
      for (const read of seen) await take(read)
      for (let next = await rows.next(); next.done !== true; next = await rows.next()) await take(next.value)
      const planned = await planner.finish()
      if ('again' in planned) {
        scattered = contacts.scatteredIds()
        found = planned.found
        continue
      }
      if (planned.shared !== null) await reportShared(planned.shared, (await open()).batches, rules, sink)
      const fingerprints = contacts.write()
      this.#next = { bytes: fingerprints.buffer, firstKey: this.#lastKey + 1 }
      return { planned, changes, reports, asked: this.#asked, fingerprints }
    }
  }

  #apply(change: Change): void {
    const { key, id } = change
    const before = this.contacts.get(key)
    if (change.op === 'remove') {
      if (before !== undefined) this.contacts.set(key, { ...before, removed: true })
      return
    }
    // An opt-out that is only for the numbers of a row makes no contact.
    if (change.op === 'sms' && change.before === null) return
    const own = key < 0 ? this.#lastKey - key : key
    const state = before?.sms ?? NO_SMS
    const sms = change.sms === undefined ? state : decideSms(state, change.sms, 0)
    this.contacts.set(own, { key: own, id, manual: false, removed: false, details: change.after, sms })
  }
}

/** Adds the shared numbers of a row to its other problems. */
function addShared(reports: ReportRow[], row: ReportRow): void {
  const same = reports.find((one) => one.row === row.row)
  if (same !== undefined) same.problems.push(...row.problems)
  else {
    const after = reports.findIndex((one) => one.row > row.row)
    reports.splice(after === -1 ? reports.length : after, 0, row)
  }
}
