import { eq } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { currentValue } from './counters.ts'
import { database, named, write } from './database.ts'
import { ACTIVE } from './runs.ts'

/** How far the sweep of R2 has come (a key), and when retention has something to do again. It has one row. */
export const retentions = sqliteTable('retention', {
  name: text('name').primaryKey(),
  position: text('position').notNull(),
  dueAt: integer('due_at').notNull(),
})
type RetentionState = Pick<typeof retentions.$inferSelect, 'position' | 'dueAt'>

const FILES = eq(retentions.name, 'files')

/** How far retention has come, and when it has something to do again, in milliseconds since 1970. */
export async function retentionState(env: Env): Promise<RetentionState> {
  const [row] = await database(env).select().from(retentions).where(FILES)
  return row ?? { position: '', dueAt: 0 }
}

export async function setRetentionState(env: Env, state: RetentionState): Promise<void> {
  await database(env).update(retentions).set(state).where(FILES)
}

/** How many rows go in one transaction. */
const ROWS = 500

/**
 * Expires runs that ended before a time (milliseconds since 1970): from then on they cannot be undone, and their files
 * go. One that waits for a person, and one that is being undone, does not expire. Gives how many there were.
 */
export async function expireRuns(env: Env, endedBefore: number, now: number): Promise<number> {
  const { results } = await write(env, [
    named(
      `UPDATE run SET expired_at = :now WHERE id IN (
        SELECT id FROM run WHERE expired_at IS NULL AND finished_at IS NOT NULL AND finished_at < :endedBefore
          AND NOT EXISTS (SELECT 1 FROM run undoing
            WHERE undoing.source = run.source AND undoing.undoes = run.id AND ${ACTIVE})
        LIMIT ${ROWS})`,
      { endedBefore, now },
    ),
  ])
  return results[0]?.meta.changes ?? 0
}

/**
 * Contacts that are gone for good: removed before `:before` by a person, or by a run that can no longer be undone. Not
 * while a run of their source is at work, since it may be bringing them back. What outlives them of an opt-out that was
 * made here (invariant 7) is in `opt_out`, without the person.
 */
const GONE = `SELECT c.key FROM contact c WHERE c.removed_at IS NOT NULL AND c.removed_at < :before
    AND NOT EXISTS (SELECT 1 FROM run r WHERE r.id = c.run AND r.expired_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM run a WHERE a.source = c.source AND ${ACTIVE})
  ORDER BY c.source, c.removed_at, c.key LIMIT ${ROWS}`

/**
 * Takes removed contacts out of the directory for good. Whoever follows the changes is told by `expiredSeq`; a source
 * whose fingerprints would take such a contact for known loses them, and its next plan reads the directory instead.
 */
export async function expireContacts(env: Env, before: number): Promise<number> {
  const statements = [
    `UPDATE counter SET value = max(value, coalesce((SELECT max(seq) FROM contact WHERE key IN (${GONE})), 0))
      WHERE name = 'expired'`,
    `UPDATE source SET fingerprints = NULL WHERE id IN (
      SELECT c.source FROM contact c JOIN source s ON s.id = c.source WHERE c.key IN (${GONE})
        AND c.seq > json_extract(s.fingerprints, '$.seq') AND c.run IS NOT json_extract(s.fingerprints, '$.run'))`,
    `DELETE FROM contact WHERE key IN (${GONE})`,
  ]
  const { results } = await write(
    env,
    statements.map((sql) => named(sql, { before })),
  )
  return results.at(-1)?.meta.changes ?? 0
}

/** The place in the order of changes up to which removals may be missing from the directory; 0 while none are. */
export function expiredSeq(env: Env): Promise<number> {
  return currentValue(env, 'expired')
}

const DAY = 24 * 60 * 60_000
/** How long the list of e-mails goes back, in milliseconds. */
const NOTIFICATIONS_KEPT = 365 * DAY
/** How long is known who did what, in milliseconds. */
const AUDIT_KEPT = 2 * 365 * DAY
/** Signatures, keys of requests and wrong passwords are deleted as new ones come; at the latest after this. */
const CALLS_KEPT = 2 * DAY

/** Deletes what nobody asks for any more: ended sessions, used signatures and keys, old e-mails, old audit entries. */
export async function expireRecords(env: Env, now: number): Promise<number> {
  const some = (table: string, condition: string, order: string) =>
    `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE ${condition} ORDER BY ${order} LIMIT ${ROWS})`
  const statements: [sql: string, before: number][] = [
    ['DELETE FROM session WHERE expires_at < :before', now],
    ['DELETE FROM sign_in_failure WHERE at < :before', now - CALLS_KEPT],
    ['DELETE FROM webhook_call WHERE at < :before', now - CALLS_KEPT],
    ['DELETE FROM idempotency WHERE at < :before', now - CALLS_KEPT],
    [some('notification', `created_at < :before AND status <> 'pending'`, 'created_at'), now - NOTIFICATIONS_KEPT],
    // Entries are in the order of their times, so that the oldest are the first.
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
