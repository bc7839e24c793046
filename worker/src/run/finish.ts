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

/** Ends a run that found the same bytes and the same settings as the baseline, so that there was nothing to do. */
export async function endUnchanged(
  env: Env,
  run: RunRow,
  source: SourceRow,
  baseline: Baseline | null,
  snapshot: Snapshot | null = null,
): Promise<void> {
  const counts = baseline?.counts ?? null
  // The baseline run read the same bytes, so its file and the problems of its rows are also those of this run.
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

/** Ends a run for which the CRM had no changed record. */
export async function endNothingNew(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  await end(env, run, source, {
    change: { status: 'unchanged', counts: noCounts() },
    sourceChange: movedWatermark(run),
  })
}

/** Returns the change of its source's watermark by a run that was applied or that changed nothing. */
function movedWatermark({ watermark }: RunRow): { watermark?: Watermark } {
  return watermark === null ? {} : { watermark: watermark.after }
}

/** Returns a run whose files still exist: it has not expired, or a later run that has not expired also names them. */
async function storedRun(env: Env, id: string): Promise<RunRow | null> {
  const run = await findRun(env, id)
  if (run === null || run.expiredAt === null) return run
  return run.snapshot !== null && (await hasFile(env.FILES, run.snapshot)) ? run : null
}

/** Ends a run that found the bytes of the held run of its source. It sends no second e-mail. */
export async function endWaiting(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  await end(env, run, source, { change: { status: 'unchanged' }, tell: null })
}

/** Ends a run whose whole plan has been applied. */
export async function endApplied(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  const problems = run.problems === null ? null : await writeReports(env, run.problems)
  if (run.undoes !== null) {
    await endUndone(env, { ...run, problems }, source, run.undoes)
    return
  }
  const { plan } = run
  // A file that changes nothing does not count as the first import after an undo.
  const baseline = baselineOf(run, 'applied', source.baseline?.undone)
  const afterImport = factsOf(source.connection).actsAfterImport(source.connection) ? 'pending' : null
  const sourceChange = {
    baseline,
    fingerprints: plan?.fingerprints ?? source.fingerprints,
    firstAppliedAt: source.firstAppliedAt ?? Date.now(),
    fileEnd: plan?.fileEnd ?? source.fileEnd,
    ...movedWatermark(run),
  }
  await end(env, run, source, { change: { status: 'succeeded', problems, afterImport }, sourceChange })
}

/** Ends a run that undid another. Undoing an undo brings back the changes of the original run. */
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

/**
 * Returns the baseline from before an undo that is itself undone, if no other run has become the baseline since.
 * Otherwise it returns a baseline that no file is compared with.
 */
function baselineBefore(original: RunRow, undo: RunRow | null, since: Baseline | null | undefined): Baseline | null {
  const { run, outcome, settingsHash } = since ?? {}
  const still = run === original.id && outcome === 'undone' && settingsHash === original.settingsHash
  if (still) return undo?.plan?.baselineBefore ?? null
  return since?.undone === original.snapshot?.sha256 ? null : incomparable(since ?? null)
}

/** Returns a baseline that no file is compared with. It keeps only the fact that a person undid an import. */
export function incomparable(baseline: Baseline | null): Baseline | null {
  return baseline?.undone === undefined ? null : { ...baseline, settingsHash: '' }
}

/** Returns the baseline that a run gives its source. `undone` is the SHA-256 of the bytes whose import was undone. */
function baselineOf(run: RunRow, outcome: Baseline['outcome'], undone?: string): Baseline | null {
  const { snapshot, plan, counts, settingsHash, fetch } = run
  if (snapshot === null || plan === null || counts === null || settingsHash === null) return null
  const { sha256, validator } = snapshot
  const { ignoredRow } = plan
  return {
    run: run.id,
    outcome,
    sha256,
    settingsHash,
    validator,
    counts,
    fetch,
    ...(undone && { undone }),
    ...(ignoredRow && { ignoredRow }),
  }
}

/** Ends a run that only shows its plan. */
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

/** Makes a run wait for a person. It replaces an older held run of the source. */
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

/** Ends a run whose source was disabled before the run applied anything (design: Who manages contacts). */
export async function endDisabled(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  await end(env, run, source, { change: { status: 'cancelled' }, tell: null })
}

/** Ends a run that failed. Of several failures in a row with the same code, only the first sends an e-mail. */
export async function endFailed(env: Env, run: RunRow, source: SourceRow, failure: Failure): Promise<void> {
  const { code, advice } = failure
  const far = `${run.done} of ${run.total} changes had been made; they can be undone.`
  const message = run.status === 'applying' ? `${failure.message} ${far}` : failure.message
  // The person who asked for a preview sees its failure, so a preview does not count among the failures in a row.
  const apply = run.mode === 'apply'
  const pending = source.failing === code
  await end(env, run, source, {
    change: { status: 'failed', failure: { code, message, advice } },
    sourceChange: apply ? { failing: code } : {},
    tell: pending ? null : 'failed',
  })
}

type Ended = RunChange & { status: 'unchanged' | 'succeeded' | 'previewed' | 'held' | 'failed' | 'cancelled' }

/** The end of a run and its consequences. */
interface Ending {
  change: Ended
  /** The change that the run makes to its source. */
  sourceChange?: SourceChange
  /** The kind of e-mail to send; null for none. The default is a report. */
  tell?: NotificationKind | null
  others?: Statement[]
}

/** Commits the end of a run with all its consequences, or nothing if the run has moved on in the meantime. */
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

/**
 * Returns the statements by which a run confirms the SMS statuses that were written to its source. Bytes that were
 * rejected or undone confirm nothing.
 */
function confirmedWriteBacks(env: Env, run: RunRow, source: SourceRow): Statement[] {
  const all = run.fetch === 'all' && (run.plan !== null || source.baseline?.outcome === 'applied')
  return readBack(env, { source: source.id, fetchedAt: fetchedAt(run), all })
}

/**
 * Returns the change of a source whose new file has given a plan; null if the run brought none. A file that cannot be
 * read does not count as new (design: Schedules).
 */
function newContent(run: RunRow, source: SourceRow, { status }: Ended, now: number) {
  const sha256 = run.snapshot?.sha256
  if (run.mode !== 'apply' || run.undoes !== null || (status !== 'succeeded' && status !== 'held')) return null
  if (sha256 === undefined || sha256 === source.fileSha256) return null
  return { fileSha256: sha256, fileChangedAt: now, lateAt: null }
}
