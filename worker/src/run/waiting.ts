import type { HoldReason } from '../core/limits.ts'
import type { Env } from '../env.ts'
import { guard, type Statement } from '../store/database.ts'
import { heldRun, unmovedHeld } from '../store/held-runs.ts'
import { changesOf, isOptOuts, type PlanManifest } from '../store/plan-reading.ts'
import type { Hold, RunRow } from '../store/runs.ts'
import { findSource, type SourceRow } from '../store/sources.ts'
import { beginApplying } from './apply.ts'
import type { PlanChange } from './finish.ts'
import { endAtBoundary } from './finish-applied.ts'

/*
 * A plan that a limit holds is applied up to the boundary behind which its sections wait. There the run waits for a
 * person (design: Only what is dangerous waits).
 */

/**
 * Lets the part of a plan wait that a limit stops; the rest of it is applied first. `optOuts`: whether all opt-outs of the plan
 * have been applied, or more are left.
 */
export async function beginHeld(
  env: Env,
  run: RunRow,
  source: SourceRow,
  made: PlanChange,
  reasons: HoldReason[],
  optOuts: 'all' | 'more',
): Promise<void> {
  const { repeats, unmoved } = await compared(env, run, made.plan)
  const change = { ...made, hold: { reasons, ...(repeats && { repeats }) } }
  const first = made.plan.sections.filter(({ waits }) => waits !== true)
  if (first.every(isOptOuts) && optOuts === 'all')
    await endAtBoundary(env, run, source, { ...change, applied: changesOf(first) }, unmoved)
  else await beginApplying(env, run, change, unmoved)
}

/**
 * Returns whether the waiting changes of a plan are known already: they wait in the run that this one replaces, or a
 * person rejected them last and nobody has asked for them again. Then no e-mail is sent. `unmoved`: fails a transaction
 * if that has changed meanwhile.
 */
async function compared(
  env: Env,
  run: RunRow,
  { hash }: PlanManifest,
): Promise<{ repeats: Hold['repeats']; unmoved: Statement[] }> {
  const held = await heldRun(env, run.source)
  const rejected = (await findSource(env, run.source))?.rejected ?? null
  const again = run.trigger !== 'manual' && hash === rejected
  return {
    repeats: hash === held?.plan?.hash ? 'held' : again ? 'rejected' : undefined,
    unmoved: [
      unmovedHeld(run, held?.id ?? null),
      guard('(SELECT rejected FROM source WHERE id = :source) IS :rejected', { source: run.source, rejected }),
    ],
  }
}
