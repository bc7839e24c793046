import { givesRecords } from '../connections/facts.ts'
import { mappingOf, numberRequired, recordMapping } from '../connections/mapping.ts'
import { recordFormat } from '../connections/records.ts'
import { ReadAgain, type RowBatch } from '../core/bytes.ts'
import { type Columns, findColumns } from '../core/columns.ts'
import { DigestCollision } from '../core/contact-rows.ts'
import { Failure } from '../core/failure.ts'
import { readHeaderRows } from '../core/header-rows.ts'
import { MOST_OF_A_KIND } from '../core/kept-problems.ts'
import type { Tally } from '../core/limits/tally.ts'
import { type HoldReason, judge } from '../core/limits.ts'
import { PARTS, type Part } from '../core/plan.ts'
import { type Again, type Found, NOTHING_FOUND, type Planned, type PlanningRules } from '../core/plan-contract.ts'
import { Planner } from '../core/planning.ts'
import type { Row } from '../core/row.ts'
import { reportShared } from '../core/shared-report.ts'
import { shapeFor } from '../core/table-shape.ts'
import { TEMPLATE } from '../core/template.ts'
import type { Env } from '../env.ts'
import { type Table, tableOpener } from '../formats/table.ts'
import { randomSeed } from '../security/random.ts'
import { type Revisions, revisions } from '../store/counters.ts'
import { directoryOf, type Known, loadKnown, type Seeding } from '../store/directory.ts'
import { readErased } from '../store/erasures.ts'
import { fieldsFor } from '../store/fields.ts'
import { storedBytes } from '../store/files.ts'
import { dividePlan } from '../store/plan-dividing.ts'
import { PlanFiles } from '../store/plan-files.ts'
import type { PlanManifest } from '../store/plan-reading.ts'
import { fetchedAt, moveRun, type RunRow, reportProgress, STALE_AFTER } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import { StoredSpill } from '../store/spill.ts'
import { tally } from '../store/tally.ts'
import { userIds } from '../store/users.ts'
import { yieldThread } from '../yield-thread.ts'
import { applyOptOuts, beginApplying } from './apply.ts'
import { endNothingNew, endPreviewed } from './finish.ts'
import { sendStep } from './step.ts'
import { beginHeld } from './waiting.ts'

/**
 * How many rows are read between two reports of progress. It is not a time, since in a deployed Worker the clock moves
 * only with I/O.
 */
const PROGRESS_EVERY = 10_000

/**
 * Makes the plan of a run from its snapshot. The only change that it makes to the directory is the source's own
 * opt-outs, which do not wait for the plan (invariant 8). Throws `Failure`.
 */
export async function planStep(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  const attempt = run.attempt + 1
  if (!(await moveRun(env, run, { attempt, staleAt: Date.now() + STALE_AFTER }))) return
  const current: RunRow = { ...run, attempt }
  const fields = await fieldsFor(env, source)
  if (fields === null) return sendStep(env, { step: 'plan', run: run.id })
  const made = await makePlan(env, current, source, { fields, userIds: await userIds(env) })
  if (made === null) return
  if (made === 'nothing_new') {
    await endNothingNew(env, current, source)
    return
  }
  const { planned, manifest, files } = made
  const effects = await tally(env, run, source, made, fields)
  const reasons = reasonsToHold(effects, source)
  const plan = reasons.length === 0 ? manifest : await dividePlan(env, source.id, manifest, stoppedParts(reasons))
  const optOuts = run.mode === 'apply' ? await applyOptOuts(env, current, plan) : 'all'
  if (optOuts === 'cancelled') return
  const change = { plan, problems: files, counts: planned.counts, settingsHash: source.settingsHash }
  if (run.mode === 'preview') await endPreviewed(env, current, source, change, reasons)
  else if (reasons.length > 0) await beginHeld(env, current, source, change, reasons, optOuts)
  else await beginApplying(env, current, change)
}

/** Returns why a plan must wait. A source can be set to let the whole plan wait. */
function reasonsToHold(effects: Tally, { settings }: SourceRow): HoldReason[] {
  const reasons = judge(effects, settings.limits)
  return settings.hold === 'whole' ? reasons.map((reason) => ({ ...reason, parts: PARTS })) : reasons
}

/** Returns the parts of a plan that the reasons stop. */
function stoppedParts(reasons: readonly HoldReason[]): Part[] {
  return PARTS.filter((part) => reasons.some(({ parts }) => parts.includes(part)))
}

interface Made {
  planned: Planned
  manifest: PlanManifest
  files: NonNullable<RunRow['problems']>
}

/** A plan, or `nothing_new` if no record has changed, or null for a run that has been cancelled or taken over. */
type Outcome = Made | 'nothing_new' | null

/** The parts of the directory that the reading of rows depends on. */
type Directory = Pick<PlanningRules, 'fields' | 'userIds' | 'erased'>

async function makePlan(env: Env, run: RunRow, source: SourceRow, directory: Directory): Promise<Outcome> {
  for (let anew = false; ; anew = true) {
    try {
      return await makePasses(env, run, source, directory, { seed: randomSeed(), anew })
    } catch (error) {
      if (!(error instanceof DigestCollision)) throw error
    }
  }
}

/** Repeats the pass over the file with what the passes before have found. Most files need only one pass. */
async function makePasses(
  env: Env,
  run: RunRow,
  source: SourceRow,
  directory: Directory,
  seeding: Seeding,
): Promise<Outcome> {
  let found: Found = NOTHING_FOUND
  let before: Known | null = null
  const open = openerOf(env, run, source)
  for (;;) {
    // Read first, so that every change made while the plan is made makes it stale.
    const current = await revisions(env, source.id)
    const { people } = await readErased(env, source.id)
    const known = await loadKnown(env, source, source.settingsHash, seeding)
    if (before !== null) known.contacts.takeScattered(before.contacts)
    const parts = { ...directory, ...(people && { erased: people }) }
    const made = await pass(env, run, source, open, parts, { known, current }, found).catch(unlessReadAgain)
    if (made === 'read_again') continue
    if (made === null || made === 'nothing_new' || !('again' in made)) return made
    found = made.found
    before = known
  }
}

/** Returns a function that opens the table of the run's snapshot, for every pass over it. */
function openerOf(env: Env, { snapshot }: RunRow, { connection, settings }: SourceRow): () => Promise<Table> {
  if (snapshot === null) throw new Error('The run has no snapshot')
  const { format, mapping, rows } = settings
  const shapeOf = shapeFor(mappingOf(connection, mapping), rows)
  return tableOpener(storedBytes(env.FILES, snapshot), givesRecords(connection) ? recordFormat(format) : format, {
    shapeOf,
    turn: yieldThread,
  })
}

/** Throws every other error. */
function unlessReadAgain(error: unknown): 'read_again' {
  if (error instanceof ReadAgain) return 'read_again'
  throw error
}

async function pass(
  env: Env,
  run: RunRow,
  source: SourceRow,
  open: () => Promise<Table>,
  directory: Directory,
  { known, current }: { known: Known; current: Revisions },
  found: Found,
): Promise<Outcome | Again> {
  const records = givesRecords(source.connection)
  const table = await open()
  const rows = table.batches[Symbol.asyncIterator]()
  const { first, seen } = await readHeaderRows(rows)
  const columns = columnsOf(first, source, table)
  const files = new PlanFiles(env, run, columns)
  const spill = new StoredSpill(env, run)
  try {
    const own = rulesOf(source, columns, known)
    const whole = {
      records: records || table.type === 'json',
      fullRows: table.type === 'csv',
      complete: run.fetch === 'all',
    }
    const rules = {
      ...directory,
      ...own,
      ...found,
      ...whole,
      fetchedAt: fetchedAt(run),
      modifiedAt: run.snapshot?.modifiedAt ?? null,
      details: table.details,
    }
    const planner = new Planner(known.contacts, rules, directoryOf(env, source.id), files, spill)
    let reported = 0
    for await (const batch of resumed(seen, rows)) {
      await planner.take(batch)
      await yieldThread()
      if (planner.rows - reported < PROGRESS_EVERY) continue
      reported = planner.rows
      if (!(await reportProgress(env, run, reported, 0, Date.now()))) {
        await files.abort()
        return null
      }
    }
    const planned = await planner.finish()
    if ('again' in planned) {
      await files.abort()
      return planned
    }
    if (planned.counts.rows === planned.counts.leftOut && planned.erased === 0) {
      if (run.fetch === 'all') throw noRows(planned, records)
      if (run.mode === 'apply' && planned.counts.optOuts === 0) {
        await files.abort()
        return 'nothing_new'
      }
    }
    const { shared, newGroups, newContacts, optOuts, somebodyElse, fileEnd, ignoredRow, erased } = planned
    if (shared !== null) await reportShared(shared, (await open()).batches, rules, files, MOST_OF_A_KIND)
    const fingerprints = { known: known.contacts, seq: known.seq }
    const made = await files.close(source, {
      newGroups,
      newContacts,
      optOuts,
      somebodyElse,
      current,
      fingerprints,
      fileEnd,
      ignoredRow,
      erased,
      shared: shared?.added ?? 0,
    })
    return { planned, ...made }
  } catch (error) {
    await files.abort()
    throw error
  } finally {
    await spill.clear()
  }
}

/** Yields the batches in which the header was looked for, and then the rest. */
async function* resumed(seen: readonly RowBatch[], rows: AsyncIterator<RowBatch>): AsyncGenerator<RowBatch> {
  try {
    yield* seen
    for (let next = await rows.next(); next.done !== true; next = await rows.next()) yield next.value
  } finally {
    await rows.return?.()
  }
}

/**
 * Returns the meaning of each column. For the records of a CRM the header has columns that the mapping does not need to
 * name.
 */
function columnsOf(first: readonly Row[], { connection, settings }: SourceRow, { details }: Table): Columns {
  const header = givesRecords(connection) ? (first[0]?.cells ?? []) : []
  const own = mappingOf(connection, settings.mapping)
  const mapping = own === null ? null : recordMapping(own, header)
  const rules = { numberRequired: numberRequired(connection), rows: settings.rows }
  return findColumns(first, mapping, { ...rules, ...details })
}

function rulesOf(
  source: SourceRow,
  columns: Columns,
  known: Known,
): Omit<
  PlanningRules,
  keyof Found | 'complete' | 'records' | 'fullRows' | 'fetchedAt' | 'modifiedAt' | 'details' | keyof Directory
> {
  const { format, mapping, smsStatus, removal, covers } = source.settings
  const last = mapping === null ? (source.fingerprints?.targets ?? []) : []
  const gone = TEMPLATE.filter(({ to, required }) => !required && last.includes(to) && !columns.targets.includes(to))
  return {
    columns,
    defaultCountry: format.defaultCountry,
    smsStatus,
    removal,
    covers,
    // On the first import everybody is new, whoever is in the directory.
    rekeyLimit: source.firstAppliedAt === null ? null : source.settings.limits.rekeyed,
    fileEndBefore: source.fileEnd,
    lookUpNew: known.lookUpNew,
    lookUpNumbers: known.lookUpNumbers,
    goneColumns: gone.map((column) => column.header),
  }
}

/** Returns the failure of a fetch of everything that has no row of a contact. */
function noRows({ ruledOut }: Planned, records: boolean): Failure {
  if (ruledOut > 0) return allLeftOut(ruledOut)
  return records ? noRecords() : onlyHeader()
}

function allLeftOut(rows: number): Failure {
  return new Failure(
    'empty',
    `The source’s rules for rows leave out every row: ${rows} of them.`,
    'Check the rules in the source’s settings, and whether their columns are filled in as before. Nobody was removed.',
  )
}

function noRecords(): Failure {
  return new Failure(
    'empty',
    'The remote side has no contacts that match.',
    'Check what is chosen there, such as the filter. Nobody was removed: no contacts at all is never taken to mean that everybody has left.',
  )
}

function onlyHeader(): Failure {
  return new Failure(
    'empty',
    'The file has a header but not one row below it.',
    'Check the export. Nobody was removed: a file without rows is never taken to mean that everybody has left.',
  )
}
