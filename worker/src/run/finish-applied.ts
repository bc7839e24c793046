import { factsOf } from '../connections/facts.ts'
import type { Env } from '../env.ts'
import type { Statement } from '../store/database.ts'
import { fingerprintsWithout } from '../store/fingerprints.ts'
import { hashOfWaiting } from '../store/plan-digest.ts'
import {
  changingRun,
  findRun,
  hasChangedContacts,
  isPlannedAgain,
  type RunDecision,
  type RunRow,
} from '../store/runs.ts'
import type { Baseline, FingerprintFile, SourceChange, SourceRow } from '../store/sources.ts'
import { end, movedWatermark, rejectedSections, report } from './finish.ts'
import { watermarkWithout } from './watermark.ts'

/* The ends of runs whose plan was applied, in whole or in part: applied, held, rejected and undone. */

/**
 * Ends the first part of a held run: all that does not wait has been applied. The run then waits for a person, or is
 * rejected at once if its waiting changes were the last ones that a person rejected.
 */
export async function endAtBoundary(
  env: Env,
  run: RunRow,
  source: SourceRow,
  made: Partial<RunRow> = {},
  others: Statement[] = [],
): Promise<void> {
  const waiting = { ...run, ...made }
  const problems = waiting.problems === null ? null : await report(env, run, waiting.problems)
  const change = { ...made, problems }
  const repeats = waiting.hold?.repeats
  if (repeats === 'rejected') return endRejectedAgain(env, waiting, source, change, others)
  const tell = repeats === undefined ? 'held' : 'report'
  await end(env, run, source, { change: { ...change, status: 'held' }, tell, others })
}

/** Ends a run whose plan has been applied, except for the parts that a person has not approved. */
export async function endApplied(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  const problems = run.problems === null ? null : await report(env, run, run.problems)
  if (run.undoes !== null) {
    await endUndone(env, { ...run, problems }, source, run.undoes)
    return
  }
  const outcome = rejectedSections(run).length === 0 ? 'applied' : 'rejected'
  const { afterImport, sourceChange } = await sourceAfter(run, source, outcome)
  const fingerprints = await newFingerprints(env, run, source)
  await end(env, run, source, {
    change: { status: 'succeeded', problems, afterImport },
    sourceChange: { ...sourceChange, fingerprints },
  })
}

/** Ends a run whose waiting changes were the last ones that a person rejected. */
async function endRejectedAgain(
  env: Env,
  run: RunRow,
  source: SourceRow,
  change: Partial<RunRow>,
  others: Statement[],
): Promise<void> {
  const { afterImport, sourceChange } = await sourceAfter(run, source, 'rejected')
  const fingerprints = hasChangedContacts(run) ? await newFingerprints(env, run, source) : source.fingerprints
  await end(env, run, source, {
    change: { ...change, afterImport, status: 'rejected' },
    sourceChange: { ...sourceChange, fingerprints },
    others,
  })
}

/**
 * Ends a held run whose waiting changes a person rejects. The source keeps its fingerprints, because the directory may
 * have changed since the plan made its own. Returns false if the run does not wait any more.
 */
export async function endRejected(env: Env, run: RunRow, source: SourceRow, decision: RunDecision): Promise<boolean> {
  const { afterImport, sourceChange } = await sourceAfter(run, source, 'rejected')
  return end(env, run, source, { change: { status: 'rejected', decision, afterImport }, sourceChange, tell: null })
}

/** Returns the change that a run makes to its source once no part of its plan waits any more. */
async function sourceAfter(
  run: RunRow,
  source: SourceRow,
  outcome: 'applied' | 'rejected',
): Promise<{ sourceChange: SourceChange; afterImport: 'pending' | null }> {
  const { plan } = run
  const rejected = rejectedSections(run)
  // A file that changes nothing does not count as the first import after an undo.
  const undone = outcome === 'rejected' || (plan?.changes ?? 0) > 0 ? undefined : source.baseline?.undone
  const decided = {
    baseline: baselineOf(run, outcome, undone),
    rejected:
      rejected.length > 0 ? await hashOfWaiting(source.id, rejected) : run.fetch === 'all' ? null : source.rejected,
  }
  // Nothing of this file was imported, so it stays where it is, and its records are fetched again.
  if (outcome === 'rejected' && !hasChangedContacts(run)) return { sourceChange: decided, afterImport: null }
  return {
    sourceChange: {
      ...decided,
      firstAppliedAt: source.firstAppliedAt ?? Date.now(),
      // The doubts about a file whose removals were rejected remain.
      fileEnd: outcome === 'applied' ? (plan?.fileEnd ?? source.fileEnd) : source.fileEnd,
      ...movedWatermark(run),
    },
    // The file that is there now is another one than that of an earlier run.
    afterImport:
      factsOf(source.connection).actsAfterImport(source.connection) && !isPlannedAgain(run) ? 'pending' : null,
  }
}

/** Returns the fingerprints after a run, without those of the changes that were rejected. */
async function newFingerprints(env: Env, run: RunRow, source: SourceRow): Promise<FingerprintFile | null> {
  const { plan, decision } = run
  if (plan === null || plan.fingerprints === null) return source.fingerprints
  const rejected = rejectedSections(run)
  if (rejected.length === 0 && decision?.rekey === undefined) return plan.fingerprints
  return fingerprintsWithout(env, { ...plan, fingerprints: plan.fingerprints }, rejected, decision?.rekey)
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
  const { ignoredRow, somebodyElse } = plan
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
    ...(somebodyElse && { somebodyElse: true as const }),
  }
}
