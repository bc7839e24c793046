import { ReadAgain, type RowBatch } from './bytes.ts'
import { type Cause, Causes } from './causes.ts'
import { findColumns } from './columns.ts'
import type { ContactDetails, SmsStatus } from './contact.ts'
import { DigestCollision } from './contact-rows.ts'
import type { RunCounts } from './counts.ts'
import type { FileDetails } from './file-details.ts'
import { readHeaderRows } from './header-rows.ts'
import { KnownContacts, type ScatteredIds } from './known.ts'
import type { MappingColumn, RowRule } from './mapping.ts'
import {
  type Again,
  type Directory,
  type Found,
  NOTHING_FOUND,
  type Planned,
  type PlanningRules,
  type PlanSink,
} from './plan-contract.ts'
import { Planner } from './planning.ts'
import type { Problem } from './problem.ts'
import { reportShared } from './shared-report.ts'
import { MemorySpill } from './sorted-records.ts'

/** A contact that a file would add. */
export interface CheckedContact {
  id: string
  details: ContactDetails
  sms: SmsStatus
  rows: readonly number[]
}

/** The result of importing a file into an empty directory. */
export interface Checked {
  counts: RunCounts
  /** The first contacts, in the order of the file. */
  contacts: CheckedContact[]
  /** The spelling of each group, by group key. */
  groups: ReadonlyMap<string, string>
  causes: Cause[]
  /** The first problems, in the order of the file. */
  problems: Problem[]
}

export interface CheckRules
  extends Pick<PlanningRules, 'defaultCountry' | 'fields' | 'smsStatus'>,
    Partial<Pick<PlanningRules, 'userIds' | 'erased'>> {
  mapping: readonly MappingColumn[] | null
  rows: readonly RowRule[]
  /** How many problems are kept. */
  most: number
  /** How many contacts are kept; none unless it is given. */
  mostContacts?: number
  /** Whether the rows are the records of a CRM, which have other requirements. */
  records?: { numberRequired: boolean }
  /** A random integer of 32 bits; see `KnownContacts`. */
  seed: number
}

const NOBODY: Directory = {
  byKeys: async () => [],
  byIds: async () => [],
  byMobileNumbers: async () => [],
  async *manualContacts() {},
}

/** A file's rows, which can be read once. */
interface Opened {
  type: 'csv' | 'xlsx' | 'json'
  details: FileDetails
  batches: AsyncIterable<RowBatch>
}

/**
 * Reads a file as an import would, and compares it with nothing (design: Check a file). `open` returns the rows from
 * the start, and may be called several times. `onRows` is called now and then with the number of rows read so far.
 * Throws `Failure`, and passes on what `open` throws.
 */
export async function checkFile(
  open: () => Promise<Opened>,
  rules: CheckRules,
  onRows: (rows: number) => void,
): Promise<Checked> {
  let found: Found = NOTHING_FOUND
  for (let { seed } = rules, before: ScatteredIds | null = null; ; ) {
    const known = new KnownContacts(seed, seed)
    if (before !== null) known.takeScattered(before)
    try {
      const checked = await pass(open, rules, known, found, onRows)
      if ('problems' in checked) return checked
      before = known.scatteredIds()
      found = checked.found
    } catch (error) {
      if (error instanceof ReadAgain) continue
      if (!(error instanceof DigestCollision)) throw error
      seed++
      before = null
    }
  }
}

async function pass(
  open: () => Promise<Opened>,
  { mapping, rows: rowRules, most, mostContacts = 0, records, seed: _, ...rules }: CheckRules,
  known: KnownContacts,
  found: Found,
  onRows: (rows: number) => void,
): Promise<Checked | Again> {
  const { type, details, batches } = await open()
  const rows = batches[Symbol.asyncIterator]()
  const { first, seen } = await readHeaderRows(rows)
  const columns = findColumns(first, mapping, { ...records, rows: rowRules, ...details })
  const problems: Problem[] = []
  const causes = new Causes()
  const contacts: CheckedContact[] = []
  const sink: PlanSink = {
    change(_, change) {
      if (change.op !== 'add') return
      const { id, after, sms, rows: numbers } = change
      contacts.push({ id, details: after, sms: sms?.after ?? 'unknown', rows: numbers })
      // Contacts whose rows are not adjacent come last.
      if (contacts.length > 2 * mostContacts) keepFirst(contacts, mostContacts)
    },
    report(row) {
      causes.add(row)
      problems.push(...row.problems)
      // Rows of one ID that are not next to each other come after others, and shared numbers last.
      if (problems.length > 2 * most) keepFirstProblems(problems, most)
    },
    reportShared: (row) => sink.report(row),
    flush: async () => undefined,
  }
  const planning: PlanningRules = {
    userIds: null,
    ...rules,
    ...found,
    columns,
    fullRows: type === 'csv',
    removal: 'keep',
    covers: 'own',
    goneColumns: [],
    details,
    lookUpNew: false,
    lookUpNumbers: false,
    complete: true,
    rekeyLimit: null,
    fetchedAt: 0,
    records: records !== undefined || type === 'json',
    fileEndBefore: null,
    modifiedAt: null,
  }
  const planner = new Planner(known, planning, NOBODY, sink, new MemorySpill())
  for (const batch of seen) await planner.take(batch)
  for (let next = await rows.next(); next.done !== true; next = await rows.next()) {
    await planner.take(next.value)
    onRows(planner.rows)
  }
  const planned: Planned | Again = await planner.finish()
  if ('again' in planned) return planned
  const { shared } = planned
  if (shared !== null) await reportShared(shared, (await open()).batches, planning, sink)
  keepFirst(contacts, mostContacts)
  keepFirstProblems(problems, most)
  return { counts: planned.counts, contacts, groups: planned.newGroups, causes: causes.all, problems }
}

/** Keeps the problems of the rows that come first. */
function keepFirstProblems(problems: Problem[], most: number): void {
  problems.sort((one, other) => one.row - other.row)
  problems.length = Math.min(problems.length, most)
}

/** Keeps the contacts whose first rows come first. */
function keepFirst(contacts: CheckedContact[], most: number): void {
  contacts.sort((one, other) => (one.rows[0] ?? 0) - (other.rows[0] ?? 0))
  contacts.length = Math.min(contacts.length, most)
}
