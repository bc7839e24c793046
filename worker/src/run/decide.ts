import type { Env } from '../env.ts'
import { commit, findRun, moveRun, type RunDecision, type RunRow } from '../store/runs.ts'
import { type Baseline, changingSource, findSource } from '../store/sources.ts'
import { beginApplying } from './apply.ts'
import { startFollowUp } from './start.ts'

/** The outcome of a person's decision. Every outcome but `done` changes nothing. */
export type Decision =
  | 'done'
  | 'plan_stale'
  | 'not_held'
  | 'run_active'
  | 'source_disabled'
  | 'already_applying'
  | 'already_over'

/**
 * Applies the plan of a held run for the person `by`, if it is the plan that the person saw and nothing has changed
 * since (invariant 6).
 */
export async function approve(env: Env, run: RunRow, planHash: string, by: string): Promise<Decision> {
  if (run.status !== 'held' || run.plan === null) return 'not_held'
  if (run.plan.hash !== planHash) return 'plan_stale'
  if ((await findSource(env, run.source))?.enabled !== true) return 'source_disabled'
  const outcome = await beginApplying(env, run, { plan: run.plan, decision: decided('approved', by) })
  if (outcome === 'begun') return 'done'
  if (outcome === 'active') return 'run_active'
  return (await findRun(env, run.id))?.status === 'held' ? 'plan_stale' : 'not_held'
}

/** Ends a held run without applying its plan. Only a manual run plans the same bytes again. */
export async function reject(env: Env, run: RunRow, by: string): Promise<Decision> {
  const { snapshot, plan, counts } = run
  if (run.status !== 'held' || snapshot === null || plan === null || counts === null) return 'not_held'
  const baseline: Baseline = {
    run: run.id,
    outcome: 'rejected',
    sha256: snapshot.sha256,
    settingsHash: run.settingsHash ?? '',
    validator: snapshot.validator,
    fetch: run.fetch,
    counts: { ...counts, added: 0, updated: 0, removed: 0 },
  }
  const change = { status: 'rejected', finishedAt: Date.now(), decision: decided('rejected', by) } as const
  return (await commit(env, run, change, [changingSource(env, run.source, { baseline })])) ? 'done' : 'not_held'
}

/** Cancels a run that has not begun to apply its plan. */
export async function cancel(env: Env, run: RunRow, by: string): Promise<Decision> {
  for (let current: RunRow | null = run; current !== null; current = await findRun(env, run.id)) {
    if (current.status === 'applying') return 'already_applying'
    if (!['queued', 'fetching', 'planning', 'held'].includes(current.status)) return 'already_over'
    const decision = decided('cancelled', by)
    if (await moveRun(env, current, { status: 'cancelled', followUp: false, finishedAt: decision.at, decision })) {
      await startFollowUp(env, run.source, Date.now())
      return 'done'
    }
  }
  return 'already_over'
}

function decided(what: RunDecision['what'], by: string): RunDecision {
  return { what, by, at: Date.now() }
}
