import type { Env } from '../env.ts'
import { type Revisions, revisions } from '../store/counters.ts'
import { moveRun, type Progress, type RunRow, STALE_AFTER } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import { isOfNewerCode, readStage, saveStage } from '../store/stages.ts'
import { leaveToNewerCode } from './newer-code.ts'
import { sendStep } from './step.ts'

/*
 * A plan of a large file is made in stages: each is a queue message with at most 500 queries, and saves what the next one
 * needs to know in one object of R2. The run's row names the object in the same statement that moves the stage on. So a
 * message that comes twice, late or after a crash goes on from the same place, and whichever attempt is first wins.
 */

/** What a plan is made on. It is read once, so that a plan that spans a change is stale. */
export interface Basis {
  current: Revisions
  settingsHash: string
}

/**
 * Begins an attempt at the next stage. Null if the run has been cancelled or taken over, or if it is left to newer code,
 * whose state this code cannot read.
 */
export async function beginStage(env: Env, run: RunRow, change: Partial<RunRow> = {}): Promise<RunRow | null> {
  if (isOfNewerCode(run)) {
    await leaveToNewerCode(env, run, 'plan')
    return null
  }
  const { holder } = run
  const begun = { ...change, attempt: run.attempt + 1, holder, staleAt: Date.now() + STALE_AFTER }
  return (await moveRun(env, run, begun)) ? { ...run, ...begun } : null
}

/**
 * Returns what the stage before saved, null if this stage begins the plan, and what the plan is made on. If that has
 * changed since, the plan begins anew.
 */
export async function resumed<State extends Basis>(
  env: Env,
  run: RunRow,
  source: SourceRow,
): Promise<{ basis: Basis; saved: State | null }> {
  // Read first, so that every change made while the plan is made makes it stale.
  const basis = { current: await revisions(env, source.id), settingsHash: source.settingsHash }
  const saved = await readStage<State>(env, run)
  return { basis, saved: saved !== null && isSame(saved, basis) ? saved : null }
}

function isSame({ current, settingsHash }: Basis, other: Basis): boolean {
  const { source, manual } = other.current
  return current.source === source && current.manual === manual && settingsHash === other.settingsHash
}

/** Saves what the next stage needs to know, and sends its message. */
export async function goOn<State extends Basis>(
  env: Env,
  run: RunRow,
  state: State,
  progress: Progress,
): Promise<void> {
  if (await saveStage(env, run, state, progress)) await sendStep(env, { step: 'plan', run: run.id })
}
