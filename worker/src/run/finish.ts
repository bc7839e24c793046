import { factsOf } from '../connections/facts.ts'
import { noCounts } from '../core/counts.ts'
import type { Failure } from '../core/failure.ts'
import type { HoldReason } from '../core/limits.ts'
import type { Env } from '../env.ts'
import { newNotification } from '../notify/outbox.ts'
import type { Statement } from '../store/database.ts'
import { hasFile } from '../store/files.ts'
import { addingNotification, type NotificationKind } from '../store/notifications.ts'
import type { PlanManifest } from '../store/plan-reading.ts'
import { type ProblemFiles, writeReports } from '../store/reports.ts'
import {
  changingRun,
  commit,
  fetchedAt,
  findRun,
  type RunChange,
  type RunRow,
  replacingHeld,
  type Snapshot,
} from '../store/runs.ts'
import { type Baseline, changingSource, type SourceChange, type SourceRow, type Watermark } from '../store/sources.ts'
import { readBack } from '../store/write-backs.ts'
import { startFollowUp } from './start.ts'
import { sendStep } from './step.ts'
import { watermarkWithout } from './watermark.ts'

type PlanChange = RunChange & { plan: PlanManifest; problems: ProblemFiles }

/** Ends a run for which there was nothing to do: the same bytes, the same settings. */
export async function endUnchanged(
  env: Env,
  run: RunRow,
  source: SourceRow,
  baseline: Baseline | null,
  snapshot: Snapshot | null = null,
): Promise<void> {
  const counts = baseline?.counts ?? null
  // What the settled run kept of these same bytes is this run's too: the file, and what is wrong with its rows.
  const before = baseline === null ? null : await storedRun(env, baseline.run)
  const kept = before?.snapshot ?? null
  const file = kept === null ? null : { ...kept, ...snapshot, file: kept.file }
  const seen =
    counts === null
      ? null
      : { ...counts, added: 0, updated: 0, removed: 0, unchanged: counts.added + counts.updated + counts.unchanged }
  await end(env, run, source, {
    change: { status: 'unchanged', counts: seen, snapshot: file, problems: before?.problems ?? null },
    sourceChange: baseline === null ? {} : { baseline, ...(baseline.outcome === 'applied' ? movedWatermark(run) : {}) },
  })
}

/** Ends a run for which the CRM had no record that has changed. */
export async function endNothingNew(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  await end(env, run, source, {
    change: { status: 'unchanged', counts: noCounts() },
    sourceChange: movedWatermark(run),
  })
}

/** What a run that has been applied, or that changed nothing, makes of its source's mark. */
function movedWatermark({ watermark }: RunRow): { watermark?: Watermark } {
  return watermark === null ? {} : { watermark: watermark.after }
}

/** A run whose files are there: it has not expired, or a later run that has not names them too. */
async function storedRun(env: Env, id: string): Promise<RunRow | null> {
  const run = await findRun(env, id)
  if (run === null || run.expiredAt === null) return run
  return run.snapshot !== null && (await hasFile(env.FILES, run.snapshot)) ? run : null
}

/** Ends a run that found what a held run of its source already waits with; nobody is told again. */
export async function endWaiting(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  await end(env, run, source, { change: { status: 'unchanged' }, tell: null })
}

/** Ends a run whose plan has been applied whole. */
export async function endApplied(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  const problems = run.problems === null ? null : await writeReports(env, run.problems)
  if (run.undoes !== null) {
    await endUndone(env, { ...run, problems }, source, run.undoes)
    return
  }
  const { plan } = run
  // A file that changes nothing after an undo leaves it standing: the first that does is still to come.
  const baseline = baselineOf(run, 'applied', source.baseline?.undone)
  const afterImport = factsOf(source.connection).actsAfterImport(source.connection) ? 'pending' : null
  const sourceChange = {
    baseline,
    fingerprints: plan?.fingerprints ?? source.fingerprints,
    firstAppliedAt: source.firstAppliedAt ?? Date.now(),
    ...movedWatermark(run),
  }
  await end(env, run, source, { change: { status: 'succeeded', problems, afterImport }, sourceChange })
}

/** Ends a run that took another back. Taking back an undo brings back what that had taken. */
async function endUndone(env: Env, run: RunRow, source: SourceRow, undoes: string): Promise<void> {
  const undone = await findRun(env, undoes)
  const original = undone?.undoes == null ? null : await findRun(env, undone.undoes)
  const baseline =
    original === null
      ? undone && baselineOf(undone, 'undone', undone.snapshot?.sha256)
      : baselineBefore(original, undone, run.plan?.baselineBefore)
  const watermark = original === null && undone !== null ? watermarkWithout(undone, source) : source.watermark
  await end(env, run, source, {
    change: { status: 'succeeded', problems: run.problems },
    sourceChange: { baseline, watermark },
    others: [
      changingRun(env, undoes, { undoneBy: run.id }),
      ...(original === null ? [] : [changingRun(env, original.id, { undoneBy: null })]),
    ],
  })
}

/** What stood before an undo that is taken back, where nothing has been settled since; otherwise nothing compares. */
function baselineBefore(original: RunRow, undo: RunRow | null, since: Baseline | null | undefined): Baseline | null {
  const { run, outcome, settingsHash } = since ?? {}
  const still = run === original.id && outcome === 'undone' && settingsHash === original.settingsHash
  if (still) return undo?.plan?.baselineBefore ?? null
  return since?.undone === original.snapshot?.sha256 ? null : incomparable(since ?? null)
}

/** What remains of what was settled once the same bytes are to be planned again: that a person took something back. */
export function incomparable(baseline: Baseline | null): Baseline | null {
  return baseline?.undone === undefined ? null : { ...baseline, settingsHash: '' }
}

/** What a run settles for its source: these bytes under these settings. `undone`: the bytes that stay taken back. */
function baselineOf(run: RunRow, outcome: Baseline['outcome'], undone?: string): Baseline | null {
  const { snapshot, plan, counts, settingsHash, fetch } = run
  if (snapshot === null || plan === null || counts === null || settingsHash === null) return null
  const { sha256, validator } = snapshot
  return { run: run.id, outcome, sha256, settingsHash, validator, counts, fetch, ...(undone && { undone }) }
}

/** Ends a run that was to show its plan and no more. */
export async function endPreviewed(
  env: Env,
  run: RunRow,
  source: SourceRow,
  change: PlanChange,
  reasons: HoldReason[],
): Promise<void> {
  const problems = await writeReports(env, change.problems)
  const hold = reasons.length === 0 ? null : { reasons }
  await end(env, run, source, { change: { ...change, problems, hold, status: 'previewed' } })
}

/** Lets a run wait for a person; an older held run of the source makes room for it. */
export async function endHeld(
  env: Env,
  run: RunRow,
  source: SourceRow,
  change: PlanChange,
  reasons: HoldReason[],
): Promise<void> {
  const problems = await writeReports(env, change.problems)
  await end(env, run, source, { change: { ...change, problems, hold: { reasons }, status: 'held' }, tell: 'held' })
}

/** Ends a run whose source was disabled before it came to apply anything (design: Who manages contacts). */
export async function endDisabled(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  await end(env, run, source, { change: { status: 'cancelled' }, tell: null })
}

/** Ends a run that came to nothing; a streak of one code is told once. */
export async function endFailed(env: Env, run: RunRow, source: SourceRow, failure: Failure): Promise<void> {
  const { code, advice } = failure
  const far = `${run.done} of ${run.total} changes had been made; they can be undone.`
  const message = run.status === 'applying' ? `${failure.message} ${far}` : failure.message
  // A preview is watched by the person who asked for it: it neither begins a streak nor counts in one.
  const apply = run.mode === 'apply'
  const pending = source.failing === code
  await end(env, run, source, {
    change: { status: 'failed', failure: { code, message, advice } },
    sourceChange: apply ? { failing: code } : {},
    tell: pending ? null : 'failed',
  })
}

type Ended = RunChange & { status: 'unchanged' | 'succeeded' | 'previewed' | 'held' | 'failed' | 'cancelled' }

/** How a run ends, and what follows from it. */
interface Ending {
  change: Ended
  /** What the run makes of its source. */
  sourceChange?: SourceChange
  /** The e-mail that the end calls for, null for none; left out: a report. */
  tell?: NotificationKind | null
  others?: Statement[]
}

/** Commits the end of a run with all that follows from it, or nothing where the run has moved on meanwhile. */
async function end(
  env: Env,
  run: RunRow,
  source: SourceRow,
  { change, sourceChange = {}, tell = 'report', others = [] }: Ending,
): Promise<void> {
  const now = Date.now()
  const healthy = change.status === 'succeeded' || change.status === 'unchanged'
  const changed = newContent(run, source, change, now)
  const kinds: NotificationKind[] = []
  if (healthy && source.failing !== null) kinds.push('working_again')
  if (changed !== null && source.lateAt !== null) kinds.push('fresh')
  if (tell !== null && run.mode === 'apply') kinds.push(tell)
  const pending = (await Promise.all(kinds.map((kind) => newNotification(env, kind, run, source, now)))).filter(
    (row) => row !== null,
  )
  const after = { ...sourceChange, ...(healthy ? { failing: null } : {}), ...changed }
  const committed = await commit(env, run, { ...change, finishedAt: change.status === 'held' ? null : now }, [
    ...(Object.keys(after).length > 0 ? [changingSource(env, source.id, after)] : []),
    ...others,
    ...(run.mode === 'apply' && run.undoes === null && healthy ? [...confirmedWriteBacks(env, run, source)] : []),
    ...pending.map((row) => addingNotification(env, row)),
    ...(change.status === 'held' ? [replacingHeld(env, run, now)] : []),
  ])
  if (!committed) return
  if (change.afterImport === 'pending') await sendStep(env, { step: 'settle', run: run.id })
  for (const row of pending) await sendStep(env, { step: 'notify', notification: row.id })
  await startFollowUp(env, source.id, now)
}

/** What a run says of the SMS statuses its source was told; bytes that were rejected or undone say nothing of them. */
function confirmedWriteBacks(env: Env, run: RunRow, source: SourceRow): Statement[] {
  const all = run.fetch === 'all' && (run.plan !== null || source.baseline?.outcome === 'applied')
  return readBack(env, { source: source.id, fetchedAt: fetchedAt(run), all })
}

/** What a source is told when a new file has made a plan: one that cannot be read is none (design: Schedules). */
function newContent(run: RunRow, source: SourceRow, { status }: Ended, now: number) {
  const sha256 = run.snapshot?.sha256
  if (run.mode !== 'apply' || run.undoes !== null || (status !== 'succeeded' && status !== 'held')) return null
  if (sha256 === undefined || sha256 === source.fileSha256) return null
  return { fileSha256: sha256, fileChangedAt: now, lateAt: null }
}
