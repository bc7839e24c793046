import { ReadAgain, type RowBatch } from './bytes.ts'
import { findColumns } from './columns.ts'
import { DigestCollision } from './contact-rows.ts'
import type { RunCounts } from './counts.ts'
import { readHeaderRows } from './header-rows.ts'
import { KnownContacts } from './known.ts'
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
import type { SheetsOfFile } from './sheet-names.ts'

/** The result of importing a file into an empty directory. */
export interface Checked {
  counts: RunCounts
  /** The first problems, in the order of the file. */
  problems: Problem[]
}

export interface CheckRules extends Pick<PlanningRules, 'defaultCountry' | 'fields' | 'smsStatus'> {
  mapping: readonly MappingColumn[] | null
  rows: readonly RowRule[]
  /** How many problems are kept. */
  most: number
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
  details: SheetsOfFile
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
  for (let { seed } = rules, before: KnownContacts | null = null; ; ) {
    const known = new KnownContacts(seed, seed)
    if (before !== null) known.takeScattered(before)
    try {
      const checked = await pass(await open(), rules, known, found, onRows)
      if ('problems' in checked) return checked
      before = known
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
  { type, details, batches }: Opened,
  { mapping, rows: rowRules, most, seed: _, ...rules }: CheckRules,
  known: KnownContacts,
  found: Found,
  onRows: (rows: number) => void,
): Promise<Checked | Again> {
  const rows = batches[Symbol.asyncIterator]()
  const { first, seen } = await readHeaderRows(rows)
  const columns = findColumns(first, mapping, { rows: rowRules, ...details })
  const problems: Problem[] = []
  const sink: PlanSink = {
    change: () => undefined,
    report: (row) => void problems.push(...row.problems.slice(0, most - problems.length)),
    flush: async () => undefined,
  }
  const planning: PlanningRules = {
    ...rules,
    ...found,
    columns,
    fullRows: type === 'csv',
    removal: 'keep',
    covers: 'own',
    goneColumns: [],
    sheets: details,
    lookUpNew: false,
    lookUpNumbers: false,
    complete: true,
    rekeyLimit: null,
    userIds: null,
    fetchedAt: 0,
    records: type === 'json',
    fileEndBefore: null,
    modifiedAt: null,
  }
  const planner = new Planner(known, planning, NOBODY, sink)
  for (const batch of seen) await planner.take(batch)
  for (let next = await rows.next(); next.done !== true; next = await rows.next()) {
    await planner.take(next.value)
    onRows(planner.rows)
  }
  const planned: Planned | Again = await planner.finish()
  return 'again' in planned ? planned : { counts: planned.counts, problems }
}
