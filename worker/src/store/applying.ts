import { eq, sql } from 'drizzle-orm'
import type { Env } from '../env.ts'
import { counterValue, raise, unmoved } from './counters.ts'
import { database, guard, named, type Statement, statement, write } from './database.ts'
import { addingGroups } from './groups.ts'
import type { KeyedChange, PlanManifest } from './plan-reading.ts'
import {
  changingRun,
  fetchedAt,
  IS_APPLYING,
  type RunChange,
  type RunRow,
  replacingHeld,
  runs,
  STALE_AFTER,
  unmovedRun,
} from './runs.ts'
import { applySms } from './sms-import.ts'
import { changingSource } from './sources.ts'
import { type KeyedContact, writeChanges } from './writing.ts'

/** The transactions of applying a plan: its beginning, its opt-outs and its chunks. */

type Change = RunChange & { plan: PlanManifest }

/**
 * Moves a run to `applying`. The same transaction creates the groups of the plan and reserves the keys of its new
 * contacts. `moved` and `active` mean that nothing was written: the run, the directory or the settings have changed
 * since the plan was made, or another run of the source is active.
 */
export async function beginApplied(
  env: Env,
  run: RunRow,
  change: Change,
  now: number,
): Promise<'begun' | 'moved' | 'active'> {
  const { plan } = change
  const begin = database(env)
    .update(runs)
    .set({
      ...change,
      status: 'applying',
      position: 0,
      done: 0,
      total: plan.changes,
      staleAt: now + STALE_AFTER,
      plan: sql`json_set(${JSON.stringify(plan)}, '$.fingerprints.firstKey', ${sql.raw(counterValue('key'))} - ${plan.newContacts} + 1,
      '$.baselineBefore', json((SELECT baseline FROM source WHERE id = run.source)))`,
    })
  const { failed } = await write(
    env,
    [
      unmovedRun(run),
      unmovedSource(run, change.settingsHash ?? run.settingsHash, plan.sourceRevision),
      unmoved('manual', plan.manualRevision),
      // If two sources want the same manual contact, the first one gets it, and the plan of the other is made again.
      ...(plan.manual ? [guard(`NOT EXISTS (SELECT 1 FROM run WHERE ${IS_APPLYING} AND plan->>'$.manual')`)] : []),
      raise('key', ':contacts', { contacts: plan.newContacts }),
      statement(begin.where(eq(runs.id, run.id))),
      // The baseline is out of date once the directory begins to change.
      ...(plan.changes > 0 ? [changingSource(env, run.source, { baseline: null })] : []),
      replacingHeld(env, run, now),
      addingGroups(plan.newGroups, false),
    ],
    'guard',
    runs.source,
  )
  return failed === null ? 'begun' : failed === 'guard' ? 'moved' : 'active'
}

/**
 * Fails the batch unless the source may be imported and still has the settings and contacts that the plan was made on.
 */
function unmovedSource(run: RunRow, settingsHash: string | null, revision: number): Statement {
  return guard(
    `EXISTS (SELECT 1 FROM source
      WHERE id = :source AND (enabled = 1 OR :undoing) AND settings_hash = :settingsHash AND revision = :revision)`,
    { source: run.source, undoing: run.undoes !== null, settingsHash, revision },
  )
}

/** Writes opt-outs of a run's plan. Returns false if the run has been cancelled or taken over in the meantime. */
export async function writeOptOuts(
  env: Env,
  run: RunRow,
  changes: readonly KeyedChange[],
  now: number,
): Promise<boolean> {
  const { failed } = await write(
    env,
    [
      unmovedRun(run),
      changingRun(env, run.id, { staleAt: now + STALE_AFTER }),
      ...applySms(smsWriter(run), changes, now),
    ],
    'guard',
  )
  return failed === null
}

/** A part of a plan: its changes, which are in the bytes of the plan from `position` to `next`. */
interface Chunk {
  changes: readonly KeyedChange[]
  position: number
  next: number
  /** How many changes of the plan are written once this chunk is. */
  done: number
}

/**
 * Writes a chunk of the plan of a run that is applying, and moves the run's position. Returns false if it has moved.
 */
export async function writeChunk(
  env: Env,
  run: RunRow & { plan: PlanManifest },
  { changes, position, next, done }: Chunk,
  groupIds: ReadonlyMap<string, number>,
  now: number,
): Promise<boolean> {
  const contacts = changes.filter((change): change is KeyedContact => change.op !== 'sms')
  const { failed } = await write(
    env,
    [
      guard(`EXISTS (SELECT 1 FROM run WHERE id = :id AND status = 'applying' AND position = :position)`, {
        id: run.id,
        position,
      }),
      changingRun(env, run.id, { position: next, done, staleAt: now + STALE_AFTER }),
      named('UPDATE source SET revision = revision + 1 WHERE id = :id', { id: run.source }),
      ...(run.plan.manual ? [raise('manual')] : []),
      ...writeChanges({ run: run.id, by: null, source: run.source }, contacts, groupIds, now),
      ...applySms(smsWriter(run), changes, now),
    ],
    'guard',
  )
  return failed === null
}

function smsWriter(run: RunRow) {
  return { run: run.id, source: run.source, fetchedAt: fetchedAt(run) }
}
