import type { Tally } from '../core/limits/tally.ts'
import { type HoldReason, judge } from '../core/limits.ts'
import { PARTS, type Part } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { QueryBudget } from '../store/database.ts'
import { readErased } from '../store/erasures.ts'
import { fieldsFor } from '../store/fields.ts'
import { meaningOf } from '../store/meaning.ts'
import { dividePlan } from '../store/plan-dividing.ts'
import { moveRun, type RunRow, UNCLAIMED } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import { tally } from '../store/tally.ts'
import { userIds } from '../store/users.ts'
import { applyOptOuts, beginApplying } from './apply.ts'
import { endNothingNew, endPreviewed } from './finish.ts'
import { makePlan, type PausedPlan } from './plan-pass.ts'
import { beginStage, goOn, resumed } from './staging.ts'
import { sendStep } from './step.ts'
import { beginHeld } from './waiting.ts'

/**
 * Makes the plan of a run from its snapshot, in one message or several (`run/staging.ts`): each pass over the file is a
 * message of its own, and a long pass takes more than one. The only change that it makes to the directory is the source's own
 * opt-outs, which do not wait for the plan (invariant 8). Throws `Failure`.
 */
export async function planStep(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  const budget = new QueryBudget(env.STAGE?.queries)
  const counted = budget.counting(env)
  const current = await beginStage(counted, run)
  if (current === null) return
  const fields = await fieldsFor(counted, source)
  if (fields === null) {
    if (await moveRun(env, current, UNCLAIMED)) await sendStep(env, { step: 'plan', run: run.id })
    return
  }
  const { basis, saved } = await resumed<PausedPlan>(counted, current, source)
  const { people } = await readErased(counted, source.id)
  const directory = { fields, userIds: await userIds(counted), ...(people && { erased: people }) }
  const made = await makePlan(counted, current, source, directory, basis, saved, budget)
  if (made === null) return
  if (made === 'nothing_new') {
    await endNothingNew(env, current, source)
    return
  }
  if ('seeding' in made) {
    const done = made.pass?.rows ?? 0
    await goOn<PausedPlan>(env, current, made, { done, total: current.total })
    return
  }
  const { planned, manifest, files } = made
  const effects = await tally(env, run, source, made, fields)
  const reasons = reasonsToHold(effects, source)
  const plan = reasons.length === 0 ? manifest : await dividePlan(env, source.id, manifest, stoppedParts(reasons))
  const optOuts = run.mode === 'apply' ? await applyOptOuts(env, current, plan) : 'all'
  if (optOuts === 'cancelled') return
  const waits = run.mode === 'preview' || reasons.length > 0
  const meaning = await meaningOf(env, source, planned, waits)
  const change = { plan, problems: files, counts: planned.counts, settingsHash: source.settingsHash, meaning }
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
