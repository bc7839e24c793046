import type { Env } from '../env.ts'
import { groupIds } from '../store/groups.ts'
import { isGuardFailure } from '../store/guard.ts'
import { readKeyed, readPlan } from '../store/plan-reading.ts'
import { fetchedAt, findRun, IS_APPLYING, STALE_AFTER } from '../store/runs.ts'
import type { PlanManifest, RunRow, runs, SourceRow } from '../store/schema.ts'
import { applySms } from '../store/sms-import.ts'
import { type KeyedContact, writeChanges } from '../store/writing.ts'
import { yieldThread } from '../yield-thread.ts'
import { endApplied } from './finish.ts'
import { sendStep } from './step.ts'

/** Plan bytes in one transaction: well under D1's 2 MB for a text, and so little of its time that no reader notices. */
const CHUNK = 500_000
/** What moved under a plan may be another import that is still on its way: in seconds. */
const AGAIN_AFTER = 2
/** A message ends after so many chunks: D1 allows 1,000 queries an invocation and a chunk takes up to 13. */
const CHUNKS = 60

/**
 * Lets a plan begin to be applied: in one transaction the run moves on, its groups are made and its new contacts' keys
 * are reserved, unless the directory or the settings have moved since the plan was made. False when they have.
 */
export async function beginApplying(
  env: Env,
  run: RunRow,
  change: Partial<typeof runs.$inferInsert> & { plan: PlanManifest },
): Promise<boolean> {
  const { plan } = change
  const now = Date.now()
  const [, moved] = await env.DB.batch([
    env.DB.prepare(`UPDATE counter SET value = value + ?1 WHERE name = 'key'`).bind(plan.newContacts),
    env.DB.prepare(
      `UPDATE run SET status = 'applying', position = 0, done = 0, total = ?5, stale_at = ?6, counts = ?7, problems = ?8,
          settings_hash = ?9, decision = ?13,
          plan = json_set(?4, '$.fingerprints.firstKey', (SELECT value FROM counter WHERE name = 'key') - ?10 + 1,
            '$.settledBefore', json((SELECT settled FROM source WHERE id = run.source)))
        WHERE id = ?1 AND status = ?2 AND attempt = ?3 AND EXISTS (
          SELECT 1 FROM source WHERE id = run.source AND (enabled = 1 OR run.undoes IS NOT NULL) AND settings_hash = ?9 AND revision = ?11)
        AND (SELECT value FROM counter WHERE name = 'hand') = ?12
        AND NOT (?14 AND EXISTS (SELECT 1 FROM run WHERE ${IS_APPLYING} AND plan->>'$.hand'))`,
    ).bind(
      run.id,
      run.status,
      run.attempt,
      JSON.stringify(plan),
      plan.changes,
      now + STALE_AFTER,
      JSON.stringify(change.counts ?? run.counts),
      JSON.stringify(change.problems ?? run.problems),
      change.settingsHash ?? run.settingsHash,
      plan.newContacts,
      plan.sourceRevision,
      plan.handRevision,
      change.decision == null ? null : JSON.stringify(change.decision),
      // Two sources may want the same contact made by hand: the first has it, and the other's plan is made again.
      plan.hand ? 1 : 0,
    ),
    // What was settled before no longer stands once the directory begins to change.
    env.DB.prepare(
      `UPDATE source SET settled = NULL WHERE id = ?1 AND ?2 > 0
        AND EXISTS (SELECT 1 FROM run WHERE id = ?3 AND status = 'applying' AND position = 0)`,
    ).bind(run.source, plan.changes, run.id),
    // A newer run whose plan stands takes the place of the one that waits for a person.
    env.DB.prepare(
      `UPDATE run SET status = 'replaced', finished_at = ?3 WHERE source = ?1 AND status = 'held' AND id <> ?2
        AND EXISTS (SELECT 1 FROM run own WHERE own.id = ?2 AND own.status = 'applying')`,
    ).bind(run.source, run.id, now),
    env.DB.prepare(
      `INSERT INTO grouping (key, name) SELECT key, value FROM json_each(?1)
        WHERE EXISTS (SELECT 1 FROM run WHERE id = ?2 AND status = 'applying') ON CONFLICT DO NOTHING`,
    ).bind(JSON.stringify(plan.newGroups), run.id),
  ])
  if (moved?.meta.changes === 1) {
    await sendStep(env, { step: 'apply', run: run.id })
    return true
  }
  // Still planning: something moved under the plan, so it is made again. Otherwise somebody else was first.
  const standing = await findRun(env, run.id)
  if (standing?.status === 'planning') await sendStep(env, { step: 'plan', run: run.id }, AGAIN_AFTER)
  return false
}

/**
 * Applies a plan's opt-outs of contacts that the source has, as soon as the plan is made and whatever becomes of it
 * (invariant 8). They move no revision, so no plan grows stale from them, and applying them once more changes nothing.
 * False where the run has been cancelled or taken over meanwhile.
 */
export async function applyOptOuts(env: Env, run: RunRow, plan: PlanManifest): Promise<boolean> {
  const [first] = plan.sections
  if (first === undefined || !first.optOuts) return true
  const writer = { run: run.id, source: run.source, fetchedAt: fetchedAt(run) }
  const only = { ...plan, sections: [first] }
  for (let position = 0; ; ) {
    const part = await readPlan(env, only, position, CHUNK)
    if (part === null) return true
    const now = Date.now()
    const guard = env.DB.prepare(
      `UPDATE run SET stale_at = iif(status = 'planning' AND attempt = ?2, ?3, NULL) WHERE id = ?1`,
    ).bind(run.id, run.attempt, now + STALE_AFTER)
    const changes = part.lines.map((line) => readKeyed(line, plan))
    try {
      await env.DB.batch([guard, ...applySms(env, writer, changes, now)])
    } catch (error) {
      if (isGuardFailure(error)) return false
      throw error
    }
    await yieldThread()
    position = part.next
  }
}

/** Applies the next chunks of a run's plan; each moves contacts and the run's position in one transaction. */
export async function applyStep(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  const { plan } = run
  if (plan === null) throw new Error('A run that is applying has no plan')
  const ids = await groupIds(env)
  let { position, done } = run
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const part = await readPlan(env, plan, position, CHUNK)
    if (part === null) {
      await endApplied(env, { ...run, position }, source)
      return
    }
    const changes = part.lines.map((line) => readKeyed(line, plan))
    const now = Date.now()
    done += changes.length
    const contacts = changes.filter((change): change is KeyedContact => change.op !== 'sms')
    await env.DB.batch([
      // Fails on NOT NULL, and the batch with it, unless the run stands exactly here.
      env.DB.prepare(
        `UPDATE run SET position = iif(status = 'applying' AND position = ?2, ?3, NULL), done = ?4, stale_at = ?5
          WHERE id = ?1`,
      ).bind(run.id, position, part.next, done, now + STALE_AFTER),
      env.DB.prepare('UPDATE source SET revision = revision + 1 WHERE id = ?1').bind(source.id),
      env.DB.prepare(`UPDATE counter SET value = value + 1 WHERE name = 'hand' AND ?1`).bind(plan.hand ? 1 : 0),
      ...writeChanges(env, { run: run.id, by: null, source: source.id }, contacts, ids, now),
      ...applySms(env, { run: run.id, source: source.id, fetchedAt: fetchedAt(run) }, changes, now),
    ])
    await yieldThread()
    position = part.next
  }
  await sendStep(env, { step: 'apply', run: run.id })
}
