import { eq, sql } from 'drizzle-orm'
import { readDetails } from '../core/contact.ts'
import { type ChangeCounts, COUNT_OF } from '../core/counts.ts'
import type { ErasedPeople } from '../core/erased.ts'
import { shows } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { IS_ANY_OPT_OUT } from './consent.ts'
import { counterValue, raise, unmoved } from './counters.ts'
import { database, guard, named, type Statement, statement, write } from './database.ts'
import { type Erased, recallingNumbers } from './erasures.ts'
import { addingGroups } from './groups.ts'
import { approvedParts, rejectingHeld, replacingHeld } from './held-runs.ts'
import { changesOf, isOptOuts, isTaken, type KeyedChange, type PlanManifest } from './plan-reading.ts'
import { comingBack } from './returning.ts'
import {
  changingRun,
  fetchedAt,
  IS_APPLYING,
  type RunChange,
  type RunDecision,
  type RunRow,
  runs,
  STALE_AFTER,
  UNCLAIMED,
  unmovedRun,
} from './runs.ts'
import { applySms } from './sms-import.ts'
import { SETTINGS_HASH } from './sources.ts'
import { type KeyedContact, writeChanges } from './writing.ts'

/** The transactions of applying a plan: its beginning, its opt-outs and its chunks. */

type Change = RunChange & { plan: PlanManifest }

/**
 * Moves a run to `applying`. If nothing of the plan has been applied yet, the same transaction creates the groups of the
 * plan and reserves the keys of its new contacts. `moved` and `active` mean that nothing was written: the run, the
 * directory or the settings have changed since the plan was made, or another run of the source is active. `others` are
 * further statements of the transaction.
 */
export async function beginApplied(
  env: Env,
  run: RunRow,
  change: Change,
  others: readonly Statement[],
  now: number,
): Promise<'begun' | 'moved' | 'active'> {
  const { plan } = change
  const { chunks } = run
  const goesOn = run.position > 0
  const approved = approvedParts({ decision: change.decision ?? null })
  const total = plan.sections.reduce((sum, section) => sum + (isTaken(section, approved) ? section.changes : 0), 0)
  const from = goesOn
    ? change
    : { ...change, position: 0, done: 0, applied: changesOf(plan.sections.filter(isOptOuts)), plan: begunPlan(plan) }
  const begin = database(env)
    .update(runs)
    .set({
      ...from,
      status: 'applying',
      stage: null,
      total,
      unit: null,
      ...UNCLAIMED,
      stepAt: now,
      staleAt: now + STALE_AFTER,
    })
    .where(eq(runs.id, run.id))
  const { failed } = await write(
    env,
    [
      unmovedRun(run),
      unmovedSource(run, change.settingsHash ?? run.settingsHash, plan.sourceRevision + chunks),
      unmoved('manual', plan.manualRevision + (plan.manual ? chunks : 0)),
      // If two sources want the same manual contact, the first one gets it, and the plan of the other is made again.
      ...(plan.manual ? [guard(`NOT EXISTS (SELECT 1 FROM run WHERE ${IS_APPLYING} AND plan->>'$.manual')`)] : []),
      ...others,
      ...(goesOn
        ? []
        : [raise('key', ':contacts', { contacts: plan.newContacts }), addingGroups(plan.newGroups, false)]),
      statement(begin),
      ...(plan.changes > 0 ? [outdatingBaseline(run, change.hold != null)] : []),
      ...(run.undoes === null ? [] : [rejectingHeld(env, run.undoes, undoDecision(run, now))]),
      replacingHeld(env, run, now),
    ],
    'guard',
    runs.source,
  )
  return failed === null ? 'begun' : failed === 'guard' ? 'moved' : 'active'
}

/** Returns the plan with its first key and the previous baseline, which are known only when applying begins. */
function begunPlan(plan: PlanManifest) {
  return sql`json_set(${JSON.stringify(plan)}, '$.fingerprints.firstKey', ${sql.raw(counterValue('key'))} - ${plan.newContacts} + 1,
      '$.baselineBefore', json((SELECT baseline FROM source WHERE id = run.source)))`
}

/**
 * Returns the statement for a baseline that is out of date because the directory begins to change. While a part of the
 * plan waits, the fact that a person undid an import is kept.
 */
function outdatingBaseline({ source }: RunRow, waits: boolean): Statement {
  const known = `iif(baseline ->> '$.undone' IS NULL, NULL, json_set(baseline, '$.settingsHash', ''))`
  return named(`UPDATE source SET baseline = ${waits ? known : 'NULL'} WHERE id = :source`, { source })
}

/** Returns the decision on the waiting part of a held run that is undone. */
function undoDecision({ requestedBy }: RunRow, at: number): RunDecision {
  return { what: 'rejected', by: requestedBy ?? '', at }
}

/**
 * Fails the batch unless the source may be imported and still has the settings and contacts that the plan was made on.
 */
function unmovedSource(run: RunRow, settingsHash: string | null, revision: number): Statement {
  return guard(
    `EXISTS (SELECT 1 FROM source
      WHERE id = :source AND (enabled = 1 OR :undoing) AND ${SETTINGS_HASH} = :settingsHash AND revision = :revision)`,
    { source: run.source, undoing: run.undoes !== null, settingsHash, revision },
  )
}

/** Writes opt-outs of a run's plan. Returns false if the run has been cancelled or taken over in the meantime. */
export async function writeOptOuts(
  env: Env,
  run: RunRow,
  changes: readonly KeyedChange[],
  isSomebodyElse: (key: number) => boolean,
  now: number,
): Promise<boolean> {
  const { failed } = await write(
    env,
    [
      unmovedRun(run),
      changingRun(env, run.id, { staleAt: now + STALE_AFTER }),
      ...applySms(smsWriter(run), changes, isSomebodyElse, now),
    ],
    'guard',
  )
  return failed === null
}

/** A part of a plan: its changes, which are in the bytes of the plan from `position` to `next`. */
interface Chunk {
  changes: readonly KeyedChange[]
  /** Returns whether the plan makes the contact with a key somebody else. */
  isSomebodyElse: (key: number) => boolean
  erased: Erased
  /** Whether anybody had opted out when this was last asked. */
  optOuts: boolean
  position: number
  next: number
  /** How many changes of the plan are written once this chunk is. */
  done: number
  /** How many contacts are added, updated and removed by then. */
  applied: ChangeCounts
}

/** Returns counts that include further changes. */
export function countedWith(counts: ChangeCounts, changes: readonly KeyedChange[]): ChangeCounts {
  const sum = { ...counts }
  for (const change of changes) if (shows(change)) sum[COUNT_OF[change.op]]++
  return sum
}

/**
 * Writes a chunk of the plan of a run that is applying, and moves the run's position. People who were erased are left out.
 * Returns false if the position has moved, or if somebody was erased or the first opt-out was made meanwhile.
 */
export async function writeChunk(
  env: Env,
  run: RunRow & { plan: PlanManifest },
  { changes: planned, isSomebodyElse, erased, optOuts, position, next, done, applied }: Chunk,
  groupIds: ReadonlyMap<string, number>,
  now: number,
): Promise<boolean> {
  const changes = withoutErased(planned, erased.people)
  const contacts = changes.filter((change): change is KeyedContact => change.op !== 'sms')
  const attached = optOuts ? await comingBack(env, run.source, contacts, isSomebodyElse) : []
  const { failed } = await write(
    env,
    [
      guard(
        `EXISTS (SELECT 1 FROM run WHERE id = :id AND status = 'applying' AND position = :position)
          AND ${counterValue('erased')} = :erased AND (:optOuts OR NOT ${IS_ANY_OPT_OUT})`,
        { id: run.id, position, erased: erased.revision, optOuts },
      ),
      changingRun(env, run.id, {
        ...{ position: next, done, applied, chunks: run.chunks + 1 },
        ...{ lost: 0, resent: 0, staleAt: now + STALE_AFTER },
      }),
      named('UPDATE source SET revision = revision + 1 WHERE id = :id', { id: run.source }),
      ...(run.plan.manual ? [raise('manual')] : []),
      ...recallingNumbers(erased, numbersOf(contacts, erased)),
      ...writeChanges({ run: run.id, by: null, source: run.source }, contacts, groupIds, now, {
        isSomebodyElse,
        attached,
        optOuts,
      }),
      ...applySms(smsWriter(run), changes, isSomebodyElse, now),
    ],
    'guard',
  )
  return failed === null
}

function smsWriter(run: RunRow) {
  return { run: run.id, source: run.source, fetchedAt: fetchedAt(run) }
}

function withoutErased(changes: readonly KeyedChange[], people: ErasedPeople | null): readonly KeyedChange[] {
  if (people === null) return changes
  return changes.filter(({ op, key, id, after }) => {
    const isErased = after !== null && people.has(id, readDetails(after), op === 'add')
    return !isErased && !people.hasKey(key)
  })
}

/** Returns the numbers of contacts after their changes, if any number is hidden. */
function numbersOf(contacts: readonly KeyedContact[], { numbers }: Erased): string[] {
  if (numbers.size === 0) return []
  return contacts.flatMap(({ after }) => (after === null ? [] : readDetails(after).numbers.map(({ number }) => number)))
}
