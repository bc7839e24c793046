import { noChanges } from '../core/counts.ts'
import type { Env } from '../env.ts'
import { beginApplied, countedWith, writeChunk, writeOptOuts } from '../store/applying.ts'
import { isAnyOptOut } from '../store/consent.ts'
import type { Statement } from '../store/database.ts'
import { readErased } from '../store/erasures.ts'
import { groupIds } from '../store/groups.ts'
import { approvedParts } from '../store/held-runs.ts'
import { checkRest, readChunk, readChunks } from '../store/plan-chunks.ts'
import { isOptOuts, isTaken, optOutsThatCount, type PlanManifest, readKeyed, waitsFrom } from '../store/plan-reading.ts'
import { readDecided } from '../store/rekeys.ts'
import { findRun, moveRun, type RunChange, type RunRow, UNCLAIMED } from '../store/runs.ts'
import { becomesSomebodyElse } from '../store/somebody-else.ts'
import type { SourceRow } from '../store/sources.ts'
import { clearStage, deleteStage } from '../store/stages.ts'
import { yieldThread } from '../yield-thread.ts'
import { endApplied, endAtBoundary } from './finish-applied.ts'
import { sendStep } from './step.ts'

/** How long until a plan that has become stale is made again, in seconds. Another import may still be applying. */
const AGAIN_AFTER = 2
/** The most chunks in one message. D1 allows 1,000 queries in an invocation, and a chunk takes up to 39. */
const CHUNKS = 25

/**
 * Begins to apply a plan, or the part of it that waited. `moved` means that the directory or the settings have changed
 * since the plan was made; a run that is still planning then makes its plan again. `active` means that another run of the
 * source is active. `others` are further statements of the transaction.
 */
export async function beginApplying(
  env: Env,
  run: RunRow,
  change: RunChange & { plan: PlanManifest },
  others: readonly Statement[] = [],
): Promise<'begun' | 'moved' | 'active'> {
  const outcome = await beginApplied(env, run, change, others, Date.now())
  if (outcome === 'begun') {
    await deleteStage(env, run)
    await sendStep(env, { step: 'apply', run: run.id })
    return outcome
  }
  // If the run is still planning, its plan is stale and is made again. Otherwise another message or person was first.
  const current = await findRun(env, run.id)
  if (current?.status === 'planning' && (await clearStage(env, current))) {
    await sendStep(env, { step: 'plan', run: run.id }, AGAIN_AFTER)
  }
  return outcome
}

/**
 * Applies the first chunks of a plan's opt-outs. It does so as soon as the plan is made, even if the plan is then held or
 * rejected (invariant 8). Opt-outs change no revision, so they make no plan stale, and applying them twice changes nothing.
 * `more` means that opt-outs are left for further messages: `applyStep` begins with them. `cancelled` means that the run has
 * been cancelled or taken over in the meantime.
 */
export async function applyOptOuts(env: Env, run: RunRow, plan: PlanManifest): Promise<'all' | 'more' | 'cancelled'> {
  const [first] = plan.sections
  if (first === undefined || !isOptOuts(first)) return 'all'
  const chunks = await readChunks(env, plan)
  const only = { ...plan, sections: [first] }
  const isSomebodyElse = await becomesSomebodyElse(env, plan)
  const counts = optOutsThatCount(plan)
  let position = 0
  for (let chunk = 0; chunk < CHUNKS && position < first.bytes; chunk++) {
    const part = await readChunk(env, only, chunks, position, isOptOuts)
    if (part === null) break
    const changes = part.lines.map((line) => readKeyed(line, plan)).filter(counts)
    if (!(await writeOptOuts(env, run, changes, isSomebodyElse, Date.now()))) return 'cancelled'
    await yieldThread()
    position = part.next
  }
  return position < first.bytes ? 'more' : 'all'
}

/**
 * Applies the next chunks of a run's plan; each moves contacts and the run's position in one transaction. At the end of
 * the part that does not wait, the run waits for a person.
 */
export async function applyStep(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  const { plan } = run
  if (plan === null) throw new Error('A run that is applying has no plan')
  const ids = await groupIds(env)
  const chunks = await readChunks(env, plan)
  const approved = approvedParts(run)
  const counts = optOutsThatCount(plan)
  const isSomebodyElse = await becomesSomebodyElse(env, plan)
  // A plan that waited for a person was in storage for days. If it is damaged, nothing of it is applied (invariant 6).
  if (run.decision !== null && run.position <= waitsFrom(plan)) {
    await checkRest(env, plan, chunks, run.position, (section) => isTaken(section, approved))
  }
  const erased = await readErased(env, run.source)
  let optOuts = await isAnyOptOut(env)
  let current = { ...run, plan, applied: run.applied ?? noChanges() }
  const read = (position: number) => {
    const part = readChunk(env, plan, chunks, position, (section) => isTaken(section, approved))
    // An error is met when the chunk is needed.
    part.catch(() => {})
    return part
  }
  let reading = read(current.position)
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const { position } = current
    const part = await reading
    if (part === null) {
      if (run.hold !== null && run.decision === null) await endAtBoundary(env, current, source)
      else await endApplied(env, current, source)
      return
    }
    const { lines, section, next } = part
    const changes = readDecided(lines, current).filter(counts)
    const done = current.done + lines.length
    // Opt-outs were counted before.
    const applied = isOptOuts(section) ? current.applied : countedWith(current.applied, changes)
    // Storage is read while the database writes: the one would only wait for the other.
    reading = chunk + 1 < CHUNKS ? read(next) : Promise.resolve(null)
    const written = { changes, isSomebodyElse, erased, optOuts, position, next, done, applied }
    if (!(await writeChunk(env, current, written, ids, Date.now()))) {
      // The first opt-out may have been made since, also by an earlier chunk. Else another message has taken over.
      if (optOuts || !(await isAnyOptOut(env))) return
      optOuts = true
      reading = Promise.resolve(part)
      continue
    }
    await yieldThread()
    current = { ...current, position: next, done, applied, chunks: current.chunks + 1 }
  }
  if (await moveRun(env, current, UNCLAIMED)) await sendStep(env, { step: 'apply', run: run.id })
}
