import { COUNT_OF } from '../core/counts.ts'
import type { Part, RekeyDecision } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { waitingChanges } from '../store/held-runs.ts'
import { PLAN_FORMAT, type PlanManifest, waitingParts } from '../store/plan-reading.ts'
import { haveAll, rekeysOf } from '../store/rekeys.ts'
import { findRun, moveRun, type RunDecision, type RunRow } from '../store/runs.ts'
import { findSource } from '../store/sources.ts'
import { deleteUpload } from '../store/uploads.ts'
import { beginApplying } from './apply.ts'
import { endRejected } from './finish-applied.ts'
import { startFollowUp } from './start.ts'

/** The outcome of a person's decision. Every outcome but `done` changes nothing. */
export type Decision =
  | 'done'
  | 'plan_stale'
  | 'part_not_waiting'
  | 'pair_not_waiting'
  | 'not_held'
  | 'run_active'
  | 'source_disabled'
  | 'already_applying'
  | 'already_over'

/**
 * Applies the waiting part of a held run's plan for the person `by`, if it is the one that the person saw and nothing has
 * changed since (invariant 6). With `parts`, only these are applied and the rest is rejected. `rekey` says which people are
 * moved to their new IDs; the others become new contacts.
 */
export async function approve(
  env: Env,
  run: RunRow,
  planHash: string,
  by: string,
  { parts, rekey }: { parts?: readonly Part[] | undefined; rekey?: RekeyDecision | undefined } = {},
): Promise<Decision> {
  const { plan } = run
  if (run.status !== 'held' || plan === null) return 'not_held'
  if (plan.hash !== planHash || plan.format !== PLAN_FORMAT) return 'plan_stale'
  const waiting = waitingParts(plan)
  const whole = parts === undefined || waiting.every((part) => parts.includes(part))
  if (parts !== undefined && !isChoice(parts, run, waiting)) return 'part_not_waiting'
  if (rekey !== undefined && !(await canDecide(env, plan, parts ?? waiting, rekey))) return 'pair_not_waiting'
  if ((await findSource(env, run.source))?.enabled !== true) return 'source_disabled'
  const some = whole ? {} : { parts: [...parts] }
  const pairs = rekey === undefined || rekey === true ? {} : { rekey }
  const outcome = await beginApplying(env, run, { plan, decision: { ...decided('approved', by), ...some, ...pairs } })
  if (outcome === 'begun') return 'done'
  if (outcome === 'active') return 'run_active'
  return (await findRun(env, run.id))?.status === 'held' ? 'plan_stale' : 'not_held'
}

/** Returns whether people that come under new IDs wait, and are decided about with the parts: all of them, or the pairs. */
async function canDecide(env: Env, plan: PlanManifest, parts: readonly Part[], rekey: RekeyDecision): Promise<boolean> {
  const section = rekeysOf(plan)
  if (section === null || !parts.includes('remove')) return false
  return typeof rekey === 'boolean' || haveAll(env, section, rekey)
}

/**
 * Returns whether parts can be approved: each has changes that wait, and one of them is decided by itself. Adds and
 * updates that may be the same people as removals are decided with the removals.
 */
function isChoice(parts: readonly Part[], run: RunRow, waiting: readonly Part[]): boolean {
  const changes = waitingChanges(run)
  return (
    parts.some((part) => waiting.includes(part)) &&
    parts.every((part) => waiting.includes(part) || changes[COUNT_OF[part]] > 0)
  )
}

/** Ends a held run without applying its plan. Only a manual run plans the same bytes again. */
export async function reject(env: Env, run: RunRow, by: string): Promise<Decision> {
  const source = await findSource(env, run.source)
  if (run.status !== 'held' || source === null) return 'not_held'
  return (await endRejected(env, run, source, decided('rejected', by))) ? 'done' : 'not_held'
}

/** Cancels a run that has not begun to apply its plan. */
export async function cancel(env: Env, run: RunRow, by: string): Promise<Decision> {
  for (let current: RunRow | null = run; current !== null; current = await findRun(env, run.id)) {
    if (current.status === 'applying') return 'already_applying'
    if (!['queued', 'fetching', 'planning', 'held'].includes(current.status)) return 'already_over'
    const decision = decided('cancelled', by)
    if (await moveRun(env, current, { status: 'cancelled', followUp: false, finishedAt: decision.at, decision })) {
      if (current.status === 'queued' || current.status === 'fetching') await deleteUpload(env, current)
      await startFollowUp(env, run.source, Date.now())
      return 'done'
    }
  }
  return 'already_over'
}

function decided(what: RunDecision['what'], by: string): RunDecision {
  return { what, by, at: Date.now() }
}
