import { eq } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { currentValue } from './counters.ts'
import { all, database, named, type Statement, write } from './database.ts'
import { countingForgotten } from './removals.ts'
import { REMOVED } from './removed.ts'
import { ACTIVE } from './runs.ts'

/** The progress of the sweep of R2 (a key), and the time at which retention is next due. The table has one row. */
export const retentions = sqliteTable('retention', {
  name: text('name').primaryKey(),
  position: text('position').notNull(),
  dueAt: integer('due_at').notNull(),
})
type RetentionState = Pick<typeof retentions.$inferSelect, 'position' | 'dueAt'>

const FILES = eq(retentions.name, 'files')

/** Returns the progress of retention and the time at which it is next due, in milliseconds since 1970. */
export async function retentionState(env: Env): Promise<RetentionState> {
  const [row] = await database(env).select().from(retentions).where(FILES)
  return row ?? { position: '', dueAt: 0 }
}

export async function setRetentionState(env: Env, state: RetentionState): Promise<void> {
  await database(env).update(retentions).set(state).where(FILES)
}

const DAY = 24 * 60 * 60_000
/** The most rows deleted in one transaction. */
const ROWS = 500

/** As SQL, of `run`: why it was held, without the contacts that the reasons have as examples. */
const WITHOUT_EXAMPLES = `json_set(hold, '$.reasons', (
  SELECT json_group_array(json_set(j.value, '$.examples', json('[]'))) FROM json_each(hold, '$.reasons') j))`

/**
 * Expires runs that ended before a time (milliseconds since 1970): from then on they cannot be undone, and their files
 * are deleted. A run that waits for a person or is being undone does not expire. Returns the number of expired runs.
 */
export async function expireRuns(env: Env, endedBefore: number, now: number): Promise<number> {
  const { results } = await write(env, [
    named(
      `UPDATE run SET expired_at = :now, hold = ${WITHOUT_EXAMPLES} WHERE id IN (
        SELECT id FROM run WHERE expired_at IS NULL AND finished_at IS NOT NULL AND finished_at < :endedBefore
          AND NOT EXISTS (SELECT 1 FROM run undoing
            WHERE undoing.source = run.source AND undoing.undoes = run.id AND ${ACTIVE})
        LIMIT ${ROWS})`,
      { endedBefore, now },
    ),
  ])
  return results[0]?.meta.changes ?? 0
}

/** How long a plan with a person who was erased may wait for a newer run that replaces it, in milliseconds. */
const REPLACED_WITHIN = 12 * 60 * 60_000

/**
 * Returns the statements that expire the runs of erasures: those that began before the erasure, of the sources that had the
 * person. Their files name the person. A plan that still waits, since no newer run could replace it, is cancelled.
 */
export function expiringErased(now: number): Statement[] {
  const isOf = `EXISTS (SELECT 1 FROM erasure e, json_each(e.sources) s WHERE s.value = run.source AND run.created_at <= e.at`
  return [
    named(
      `UPDATE run SET status = 'cancelled', finished_at = :now,
          decision = json_object('what', 'cancelled', 'by', 'Muster', 'at', :now)
        WHERE status = 'held' AND ${isOf} AND e.at < :before)`,
      { now, before: now - REPLACED_WITHIN },
    ),
    named(
      `UPDATE run SET expired_at = :now, hold = ${WITHOUT_EXAMPLES}, plan = json_set(plan, '$.erased', json('true'))
        WHERE expired_at IS NULL AND finished_at IS NOT NULL AND ${isOf})
          AND NOT EXISTS (SELECT 1 FROM run undoing
            WHERE undoing.source = run.source AND undoing.undoes = run.id AND ${ACTIVE})`,
      { now },
    ),
  ]
}

/** Expires the runs of erasures that have ended since. */
export async function expireErased(env: Env, now: number): Promise<void> {
  await write(env, expiringErased(now))
}

/**
 * As SQL, of the removed contact `c`: whether it is to be deleted, since it was removed before `:before` by a person, or by
 * a run that can no longer be undone. A contact stays while a run of its source is active, since the run may bring it back.
 * An opt-out that was made here (invariant 7) stays with its decision.
 */
const IS_GONE = `c.removed_at < :before
    AND NOT EXISTS (SELECT 1 FROM run r WHERE r.id = c.run AND r.expired_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM run a WHERE a.source = c.source AND ${ACTIVE})`

/** Those of the contacts `:keys` that are to be deleted. */
const GONE = `SELECT c.key FROM json_each(:keys) j CROSS JOIN contact c ON c.key = j.value WHERE ${IS_GONE}`

/**
 * Deletes removed contacts from the directory permanently. The limit on removals still counts them. Readers of the
 * change feed learn of it from `expiredSeq`. A source whose fingerprints still include such a contact loses them, and its
 * next plan reads the directory instead. Returns how many contacts were deleted.
 */
export async function expireContacts(env: Env, before: number): Promise<number> {
  const found = await all<{ key: number }>(
    env,
    named(`SELECT c.key FROM ${REMOVED} AND ${IS_GONE} ORDER BY s.rowid LIMIT ${ROWS}`, { before }),
  )
  if (found.length === 0) return 0
  const keys = JSON.stringify(found.map(({ key }) => key))
  const statements = [
    `UPDATE counter SET value = max(value, coalesce((SELECT max(seq) FROM contact WHERE key IN (${GONE})), 0))
      WHERE name = 'expired'`,
    `UPDATE source SET fingerprints = NULL WHERE id IN (
      SELECT c.source FROM contact c JOIN source s ON s.id = c.source WHERE c.key IN (${GONE})
        AND c.seq > json_extract(s.fingerprints, '$.seq') AND c.run IS NOT json_extract(s.fingerprints, '$.run'))`,
    countingForgotten(GONE),
    `DELETE FROM contact_search WHERE rowid IN (${GONE})`,
    `DELETE FROM contact WHERE key IN (${GONE})`,
  ]
  const { results } = await write(
    env,
    statements.map((sql) => named(sql, { before, keys })),
  )
  return results.at(-1)?.meta.changes ?? 0
}

/**
 * Returns the place in the order of changes up to which removals may be missing from the directory; 0 if none are
 * missing.
 */
export function expiredSeq(env: Env): Promise<number> {
  return currentValue(env, 'expired')
}

/** How long e-mails stay in the list, in milliseconds. */
const NOTIFICATIONS_KEPT = 365 * DAY
/** How long audit entries are kept, in milliseconds. */
const AUDIT_KEPT = 2 * 365 * DAY
/**
 * How long signatures, idempotency keys and wrong passwords are kept at most, in milliseconds. New ones also delete old
 * ones.
 */
const CALLS_KEPT = 2 * DAY

/** Deletes old records: ended sessions, used signatures and keys, old e-mails, old audit entries. */
export async function expireRecords(env: Env, now: number): Promise<number> {
  const oldMails = `(SELECT id FROM notification WHERE created_at < :before AND status <> 'pending'
    ORDER BY created_at LIMIT ${ROWS})`
  const statements: [sql: string, before: number][] = [
    ['DELETE FROM session WHERE expires_at < :before', now],
    ['DELETE FROM sign_in_attempt WHERE at < :before', now - CALLS_KEPT],
    ['DELETE FROM webhook_call WHERE at < :before', now - CALLS_KEPT],
    ['DELETE FROM idempotency WHERE at < :before', now - CALLS_KEPT],
    [`DELETE FROM delivery WHERE notification IN ${oldMails}`, now - NOTIFICATIONS_KEPT],
    [`DELETE FROM notification WHERE id IN ${oldMails}`, now - NOTIFICATIONS_KEPT],
    // Entries are in the order of their times, so the first ones are the oldest.
    [
      `DELETE FROM audit WHERE at < :before AND id IN (SELECT id FROM audit ORDER BY id LIMIT ${ROWS})`,
      now - AUDIT_KEPT,
    ],
  ]
  const { results } = await write(
    env,
    statements.map(([sql, before]) => named(sql, { before })),
  )
  return Math.max(...results.slice(-2).map(({ meta }) => meta.changes))
}
