import { importsOnce, optOutFileOf } from '../connections/facts.ts'
import { noChanges, noCounts } from '../core/counts.ts'
import type { Failure } from '../core/failure.ts'
import type { HoldReason } from '../core/limits.ts'
import type { Env } from '../env.ts'
import { newNotification, webhooksFor } from '../notify/outbox.ts'
import { compareProblems } from '../store/compared-problems.ts'
import type { Statement } from '../store/database.ts'
import { addingWebhooks } from '../store/deliveries.ts'
import { deleteFile, hasFile } from '../store/files.ts'
import { approvedParts, replacingHeld } from '../store/held-runs.ts'
import { addingNotification, type NotificationKind } from '../store/notifications.ts'
import { requestingOptOutFiles } from '../store/opt-out-files.ts'
import { changesOf, isTaken, type PlanManifest, type PlanSection } from '../store/plan-reading.ts'
import { type ProblemFiles, writeReports } from '../store/reports.ts'
import {
  commit,
  fetchedAt,
  findRun,
  hasChangedContacts,
  isPlannedAgain,
  type RunChange,
  type RunRow,
  type Snapshot,
} from '../store/runs.ts'
import {
  type Baseline,
  changingSource,
  disablingAfterImport,
  type SourceChange,
  type SourceRow,
  type Watermark,
} from '../store/sources.ts'
import { deleteStage } from '../store/stages.ts'
import { deleteUpload } from '../store/uploads.ts'
import { readBack } from '../store/write-backs.ts'
import { logEnd } from './log.ts'
import { startFollowUp } from './start.ts'
import { sendStep } from './step.ts'

/** The change of a run whose plan has been made. */
export type PlanChange = Partial<RunRow> & { plan: PlanManifest; problems: ProblemFiles }

/** Returns the problems of a run for one that read the same bytes. */
function repeatedProblems(run: RunRow | null): ProblemFiles | null {
  return run === null || run.problems === null ? null : { ...run.problems, repeated: true }
}

/** Writes the reports of a run that ends, with its problems in order. */
export async function report(env: Env, run: RunRow, problems: ProblemFiles): Promise<ProblemFiles> {
  return writeReports(env, await compareProblems(env, run, problems))
}

/**
 * Ends a run that found the same bytes and the same settings as the baseline, so that there was nothing to do. `snapshot` is
 * deleted if the baseline's file still exists. Otherwise only an uploaded file is kept, which cannot be fetched again.
 */
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
  const own = snapshot?.uploaded === true && !(await wasErased(env, baseline)) ? snapshot : null
  const file = kept === null ? own : { ...kept, ...snapshot, file: kept.file }
  if (snapshot !== null && file !== snapshot) await deleteFile(env.FILES, snapshot)
  const seen =
    counts === null
      ? null
      : { ...counts, ...noChanges(), optOuts: 0, unchanged: counts.added + counts.updated + counts.unchanged }
  await end(env, run, source, {
    change: { status: 'unchanged', counts: seen, snapshot: file, problems: repeatedProblems(before) },
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

/**
 * Returns the change of its source's watermark by a run that was applied or that changed nothing. After earlier bytes the next
 * run fetches everything, since the directory may have older values.
 */
export function movedWatermark(run: RunRow): { watermark?: Watermark | null } {
  if (isPlannedAgain(run)) return { watermark: null }
  return run.watermark === null ? {} : { watermark: run.watermark.after }
}

/** Returns a run whose files still exist: it has not expired, or a later run that has not expired also names them. */
async function storedRun(env: Env, id: string): Promise<RunRow | null> {
  const run = await findRun(env, id)
  if (run === null || run.expiredAt === null) return run
  if (run.plan?.erased === true) return null
  return run.snapshot !== null && (await hasFile(env.FILES, run.snapshot)) ? run : null
}

/** Returns whether the bytes of a baseline have people who were erased. */
async function wasErased(env: Env, baseline: Baseline | null): Promise<boolean> {
  return baseline !== null && (await findRun(env, baseline.run))?.plan?.erased === true
}

/** Ends a run that found the bytes of the held run of its source. It sends no second e-mail. */
export async function endWaiting(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  await end(env, run, source, { change: { status: 'unchanged' }, tell: null })
}

/** Ends a run that only shows its plan. */
export async function endPreviewed(
  env: Env,
  run: RunRow,
  source: SourceRow,
  change: PlanChange,
  reasons: HoldReason[],
): Promise<void> {
  const problems = await report(env, run, change.problems)
  const hold = reasons.length === 0 ? null : { reasons }
  await end(env, run, source, { change: { ...change, problems, hold, status: 'previewed' } })
}

/** Ends a run whose source was disabled before it came to apply anything (design: Who manages contacts). */
export async function endDisabled(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  await end(env, run, source, { change: { status: 'cancelled' }, tell: null })
}

/** Ends a run that failed. Of several failures in a row with the same code, only the first sends an e-mail. */
export async function endFailed(env: Env, run: RunRow, source: SourceRow, failure: Failure): Promise<void> {
  const { code, advice } = failure
  const far =
    run.done === 0
      ? 'No change had been made.'
      : `${run.done} of ${run.total} changes had been made; they can be undone.`
  const message = run.status === 'applying' ? `${failure.message} ${far}` : failure.message
  // The person who asked for a preview, or for earlier bytes, sees the failure, so it does not count among those in a row.
  const apply = run.mode === 'apply' && !isPlannedAgain(run)
  const pending = source.failing === code
  await end(env, run, source, {
    change: { status: 'failed', failure: { code, message, advice } },
    sourceChange: apply ? { failing: code } : {},
    tell: pending ? null : 'failed',
  })
}

type Ended = Partial<RunRow> & {
  status: 'unchanged' | 'succeeded' | 'previewed' | 'held' | 'rejected' | 'failed' | 'cancelled'
}

/** The end of a run and its consequences. */
interface Ending {
  change: Ended
  /** The change that the run makes to its source. */
  sourceChange?: SourceChange
  /** The kind of e-mail to send; null for none. The default is a report. */
  tell?: NotificationKind | null
  others?: Statement[]
}

/**
 * Commits the end of a run with all its consequences. Returns false, and commits nothing, if the run has moved on in the
 * meantime.
 */
export async function end(
  env: Env,
  run: RunRow,
  source: SourceRow,
  { change, sourceChange = {}, tell = 'report', others = [] }: Ending,
): Promise<boolean> {
  const now = Date.now()
  // Rejecting a held run says nothing about whether its source can be read now, nor do the bytes of an earlier run.
  const healthy = HEALTHY.includes(change.status) && run.status !== 'held' && !isPlannedAgain(run)
  const changed = newContent(run, source, change, now)
  const kinds: NotificationKind[] = []
  if (healthy && source.failing !== null) kinds.push('working_again')
  if (changed !== null && source.lateAt !== null) kinds.push('fresh')
  if (tell !== null && run.mode === 'apply') kinds.push(tell)
  const pending = (
    await Promise.all(kinds.map((kind) => newNotification(env, kind, { ...run, ...change }, source, now)))
  ).filter((row) => row !== null)
  const after = { ...sourceChange, ...(healthy ? { failing: null } : {}), ...changed }
  const ended =
    change.status === 'held' ? { finishedAt: null, ...heldSince(change.plan ?? run.plan, now) } : { finishedAt: now }
  const committed = await commit(env, run, { ...change, ...ended, stage: null }, [
    ...(Object.keys(after).length > 0 ? [changingSource(env, source.id, after)] : []),
    ...others,
    ...(run.mode === 'apply' && run.undoes === null && healthy ? confirmedWriteBacks(env, run, source, change) : []),
    ...(requestsOptOutFile(run, source, change) ? [requestingOptOutFiles([source.id], now)] : []),
    ...pending.flatMap((row) => [
      addingNotification(env, row),
      ...addingWebhooks(row.id, webhooksFor(row.kind, source), now),
    ]),
    ...(change.status === 'held' || change.status === 'rejected' ? [replacingHeld(env, run, now)] : []),
    ...(run.mode === 'apply' && run.undoes === null && DECIDED.includes(change.status) && importsOnce(source.connection)
      ? disablingAfterImport(source.id, now)
      : []),
  ])
  if (!committed) return false
  const { status, failure, counts = run.counts } = change
  logEnd(run, { status, code: failure?.code, counts, applied: change.applied ?? run.applied })
  await deleteStage(env, run)
  if (run.status === 'queued' || run.status === 'fetching') await deleteUpload(env, run)
  if (change.afterImport === 'pending') await sendStep(env, { step: 'settle', run: run.id })
  for (const row of pending) await sendStep(env, { step: 'notify', notification: row.id })
  await startFollowUp(env, source.id, now)
  return true
}

/** While removals wait, the days stand still within which the limit on removals counts (design: Limits). */
function heldSince(plan: PlanManifest | null | undefined, now: number): RunChange {
  const removed = changesOf(plan?.sections.filter(({ waits }) => waits) ?? []).removed
  return removed > 0 ? { removalsHeldAt: now } : {}
}

/** The ends after which a source that imports once is disabled. After a failure its file can be uploaded again. */
const DECIDED: readonly Ended['status'][] = ['succeeded', 'unchanged', 'rejected']

const HEALTHY: readonly Ended['status'][] = ['succeeded', 'unchanged', 'rejected']

/** Returns the sections of a run's plan that are not applied: those that waited and were not approved. */
export function rejectedSections(run: RunRow): PlanSection[] {
  const approved = approvedParts(run)
  return (run.plan?.sections ?? []).filter((section) => !isTaken(section, approved))
}

/**
 * Returns whether the file of opt-outs is to be read back and, if contacts came or went, written: after any run that reached
 * the source or changed its contacts.
 */
function requestsOptOutFile(run: RunRow, { connection }: SourceRow, { status }: Ended): boolean {
  return run.mode === 'apply' && status !== 'failed' && status !== 'cancelled' && optOutFileOf(connection) !== null
}

/**
 * Returns the statements by which a run confirms the SMS statuses that were written to its source. Bytes that were
 * rejected or undone confirm nothing, nor does a run that did not read the statuses.
 */
function confirmedWriteBacks(env: Env, run: RunRow, source: SourceRow, { status }: Ended): Statement[] {
  if (status === 'rejected' && !hasChangedContacts(run)) return []
  if (!(source.settings.mapping ?? []).some(({ to }) => to === 'smsStatus')) return []
  // The rejected changes may be the very statuses that are compared.
  const whole = status !== 'rejected' && rejectedSections(run).length === 0
  const all = whole && run.fetch === 'all' && (run.plan !== null || source.baseline?.outcome === 'applied')
  return readBack(env, { source: source.id, fetchedAt: fetchedAt(run), all })
}

/**
 * Returns the change of a source whose new file has given a plan; null if the run brought none. A file that cannot be
 * read does not count as new (design: Schedules).
 */
function newContent(run: RunRow, source: SourceRow, { status }: Ended, now: number) {
  const sha256 = run.snapshot?.sha256
  if (isPlannedAgain(run)) return null
  if (run.mode !== 'apply' || run.undoes !== null || !PLANNED.includes(status)) return null
  if (sha256 === undefined || sha256 === source.fileSha256) return null
  return { fileSha256: sha256, fileChangedAt: now, lateAt: null }
}

const PLANNED: readonly Ended['status'][] = ['succeeded', 'held', 'rejected']
