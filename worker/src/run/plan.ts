import type { RowBatch } from '../core/bytes.ts'
import { type Columns, findColumns, HEADER_SEARCH } from '../core/columns.ts'
import { Failure } from '../core/failure.ts'
import { judge } from '../core/limits.ts'
import { DigestCollision, type Planned, Planner, type PlanningRules } from '../core/planning.ts'
import type { Env } from '../env.ts'
import { openTable } from '../formats/table.ts'
import { directoryOf, type Known, loadKnown } from '../store/directory.ts'
import { PlanFiles } from '../store/plan-files.ts'
import { revisions } from '../store/revisions.ts'
import { moveRun, reportProgress, STALE_AFTER } from '../store/runs.ts'
import type { PlanManifest, RunRow, SourceRow } from '../store/schema.ts'
import { snapshotBytes } from '../store/snapshot.ts'
import { tallyOf } from '../store/tally.ts'
import { beginApplying } from './apply.ts'
import { endHeld, endPreviewed } from './finish.ts'

const PROGRESS_EVERY = 1000

/** Makes the plan of a run from its snapshot, and writes nothing to the directory. Throws `Failure`. */
export async function planStep(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  const attempt = run.attempt + 1
  if (!(await moveRun(env, run, { attempt, staleAt: Date.now() + STALE_AFTER }))) return
  const standing: RunRow = { ...run, attempt }
  const made = await makePlan(env, standing, source)
  if (made === null) return
  const { planned, manifest, files } = made
  const reasons = judge(await tallyOf(env, source, planned), source.settings.limits)
  const change = { plan: manifest, problems: files, counts: planned.counts, settingsHash: source.settingsHash }
  if (run.mode === 'preview') await endPreviewed(env, standing, source, change, reasons)
  else if (reasons.length > 0) await endHeld(env, standing, source, change, reasons)
  else await beginApplying(env, standing, change)
}

interface Made {
  planned: Planned
  manifest: PlanManifest
  files: NonNullable<RunRow['problems']>
}

async function makePlan(env: Env, run: RunRow, source: SourceRow): Promise<Made | null> {
  for (let seed: number | null = null; ; seed = (seed ?? 0) + 1) {
    try {
      const first = await loadKnown(env, source, source.settingsHash, seed)
      const made = await pass(env, run, source, first)
      if (made !== 'again') return made
      // Rows of one ID stand apart: the pass is made again, knowing which.
      const second = await loadKnown(env, source, source.settingsHash, seed)
      second.contacts.takeScattered(first.contacts)
      const again = await pass(env, run, source, second)
      if (again !== 'again') return again
    } catch (error) {
      if (!(error instanceof DigestCollision)) throw error
    }
  }
}

async function pass(env: Env, run: RunRow, source: SourceRow, known: Known): Promise<Made | 'again' | null> {
  const standing = await revisions(env, source.id)
  const snapshot = snapshotBytes(env, run)
  const table = await openTable(snapshot, source.settings.format)
  const rows = table.batches[Symbol.asyncIterator]()
  const { columns, seen } = await readHeader(rows, source)
  const files = new PlanFiles(env, run, columns.header)
  try {
    const planner = new Planner(known.contacts, rulesOf(source, columns, known), directoryOf(env, source.id), files)
    for (const batch of seen) await planner.take(batch)
    let told = Date.now()
    for (let next = await rows.next(); next.done !== true; next = await rows.next()) {
      await planner.take(next.value)
      if (Date.now() - told < PROGRESS_EVERY) continue
      told = Date.now()
      if (!(await reportProgress(env, run, planner.rows, 0, told))) {
        await files.abort()
        return null
      }
    }
    const planned = await planner.finish()
    if (planned === 'again') {
      await files.abort()
      return 'again'
    }
    if (planned.counts.rows === 0) throw onlyHeader()
    const made = await files.close(known.contacts, planned, source, known.seq, standing)
    return { planned, ...made }
  } catch (error) {
    await files.abort()
    throw error
  }
}

/** Reads as many batches as it takes to find the header. */
async function readHeader(
  rows: AsyncIterator<RowBatch>,
  source: SourceRow,
): Promise<{ columns: Columns; seen: RowBatch[] }> {
  const seen: RowBatch[] = []
  const first: { number: number; cells: readonly string[] }[] = []
  while (first.length < HEADER_SEARCH) {
    const next = await rows.next()
    if (next.done === true) break
    seen.push(next.value)
    for (const [i, cells] of next.value.cells.entries()) {
      if (first.length < HEADER_SEARCH) first.push({ number: next.value.numbers[i] ?? 0, cells })
    }
  }
  return { columns: findColumns(first, source.settings.mapping), seen }
}

function rulesOf(source: SourceRow, columns: Columns, known: Known): PlanningRules {
  const { format, removal, covers } = source.settings
  return {
    columns,
    defaultCountry: format.defaultCountry,
    fields: new Map(),
    removal,
    covers,
    lookUpNew: known.lookUpNew,
  }
}

function onlyHeader(): Failure {
  return new Failure(
    'empty',
    'The file has a header but not one row below it.',
    'Check the export. Nobody was removed: a file without rows is never taken to mean that everybody has left.',
  )
}
