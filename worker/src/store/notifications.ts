import { and, desc, eq, lte, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { pauseAfter, RETRIED_FOR } from '../core/retry.ts'
import type { Env } from '../env.ts'
import { database, first, guard, madeBefore, named, type Statement, statement, write } from './database.ts'
import { ACTIVE } from './runs.ts'
import { sources } from './sources.ts'

export const NOTIFICATION_KINDS = [
  'report',
  'held',
  'failed',
  'working_again',
  'late',
  'fresh',
  'write_back_given_up',
] as const
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number]
export const NOTIFICATION_STATUSES = ['pending', 'sent', 'failed', 'not_needed'] as const

export const notifications = sqliteTable('notification', {
  id: text('id').primaryKey(),
  run: text('run'),
  source: text('source'),
  kind: text('kind').$type<NotificationKind>().notNull(),
  recipients: text('recipients', { mode: 'json' }).$type<string[]>().notNull(),
  subject: text('subject').notNull(),
  status: text('status').$type<(typeof NOTIFICATION_STATUSES)[number]>().notNull(),
  attempts: integer('attempts').notNull().default(0),
  error: text('error'),
  createdAt: integer('created_at').notNull(),
  sentAt: integer('sent_at'),
  nextAt: integer('next_at').notNull().default(0),
  /** When somebody last asked for it to be sent again; null if nobody has. */
  requestedAt: integer('requested_at'),
})
export type NotificationRow = typeof notifications.$inferSelect
export type NewNotification = typeof notifications.$inferInsert

/**
 * The condition, as SQL, for an e-mail that is pending. It is a literal, since a bound status misses the partial index.
 */
const PENDING = sql.raw(`status = 'pending'`)

const MINUTE = 60_000
/**
 * How long an attempt to send may take before it counts as lost, in milliseconds. The platform ends a message after 15
 * minutes, so the previous attempt is over when the next one begins.
 */
const LEASE = 15 * MINUTE
/** How late a pending e-mail may be before the health check and the overview report it, in milliseconds. */
export const LATE = 10 * MINUTE
/** How long they report an e-mail that was given up, in milliseconds since it was made. */
export const GIVEN_UP = RETRIED_FOR + 7 * 24 * 60 * MINUTE
/** How many e-mails one tick sends; the next tick continues. */
const AT_ONCE = 50

/** Returns the statement that puts an e-mail into the outbox, for the batch that stores the event it reports. */
export function addingNotification(env: Env, notification: NewNotification): Statement {
  return statement(database(env).insert(notifications).values(notification))
}

/**
 * Records that a source's file is late, together with the e-mail that reports it. Returns false if a new file has
 * arrived since `since` was read or may be arriving: a run that ends now sees whether people were notified.
 */
export async function recordLate(
  env: Env,
  source: string,
  since: number,
  email: NewNotification | null,
  now: number,
): Promise<boolean> {
  const late = database(env).update(sources).set({ lateAt: now }).where(eq(sources.id, source))
  const { failed } = await write(
    env,
    [
      guard(
        `EXISTS (SELECT 1 FROM source WHERE id = :source AND enabled = 1 AND late_at IS NULL
            AND max(fresh_since, coalesce(file_changed_at, 0)) = :since)
          AND NOT EXISTS (SELECT 1 FROM run WHERE source = :source AND ${ACTIVE})`,
        { source, since },
      ),
      ...(email === null ? [] : [addingNotification(env, email)]),
      statement(late),
    ],
    'guard',
  )
  return failed === null
}

/** Lists e-mails, newest first, after the one with the cursor. */
export function listNotifications(env: Env, cursor: string, limit: number): Promise<NotificationRow[]> {
  return database(env)
    .select()
    .from(notifications)
    .where(madeBefore(notifications, cursor))
    .orderBy(desc(notifications.createdAt), desc(notifications.id))
    .limit(limit)
}

export async function findNotification(env: Env, id: string): Promise<NotificationRow | null> {
  const [row] = await database(env).select().from(notifications).where(eq(notifications.id, id))
  return row ?? null
}

/**
 * Puts an e-mail that was sent or given up into the outbox again. Returns false if it is there already, or was sent after
 * `before`, so that a request that comes twice sends one e-mail. `before` and `now`: milliseconds since 1970.
 */
export async function sendAgain(env: Env, id: string, before: number, now: number): Promise<boolean> {
  const ended = sql`${notifications.status} IN ('sent', 'failed') AND coalesce(${notifications.sentAt}, 0) <= ${before}`
  const changed = await database(env)
    .update(notifications)
    .set({ status: 'pending', attempts: 0, error: null, nextAt: now, requestedAt: now })
    .where(and(eq(notifications.id, id), ended))
    .returning({ id: notifications.id })
  return changed.length === 1
}

/** Returns the IDs of the e-mails to try now: their message was lost, or an earlier attempt failed. */
export async function dueNotifications(env: Env, now: number): Promise<string[]> {
  const rows = await database(env)
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(PENDING, lte(notifications.nextAt, now)))
    .orderBy(notifications.nextAt)
    .limit(AT_ONCE)
  return rows.map(({ id }) => id)
}

/** Claims an e-mail for one attempt. Returns null if it is not due: it was sent, is postponed or is being sent. */
export async function claimNotification(env: Env, id: string, now: number): Promise<NotificationRow | null> {
  const db = database(env)
  const due = and(eq(notifications.id, id), PENDING, lte(notifications.nextAt, now))
  const claim = { nextAt: now + LEASE, attempts: sql`${notifications.attempts} + 1` }
  const [row] = await db.update(notifications).set(claim).where(due).returning()
  return row ?? null
}

/** Ends a claimed e-mail. `sent`: whether it was sent or turned out to be unnecessary. */
export async function endNotification(env: Env, id: string, sent: boolean, now: number): Promise<void> {
  const end = sent ? ({ status: 'sent', sentAt: now, error: null } as const) : ({ status: 'not_needed' } as const)
  await database(env).update(notifications).set(end).where(eq(notifications.id, id))
}

/** Postpones a claimed e-mail after the error `code`, or gives it up if it has been tried for a day. */
export async function postponeNotification(
  env: Env,
  { id, attempts, createdAt, requestedAt }: NotificationRow,
  code: string,
  now: number,
): Promise<void> {
  const change =
    now - (requestedAt ?? createdAt) < RETRIED_FOR
      ? { nextAt: now + pauseAfter(attempts) }
      : ({ status: 'failed' } as const)
  await database(env)
    .update(notifications)
    .set({ ...change, error: code })
    .where(and(eq(notifications.id, id), PENDING))
}

/** Returns whether an e-mail is late or was given up within the last days, so that somebody lacks information. */
export async function hasUnsentNotifications(env: Env, now: number): Promise<boolean> {
  const row = await first<{ unsent: number }>(
    env,
    named(
      `SELECT EXISTS (SELECT 1 FROM notification WHERE status = 'pending' AND coalesce(requested_at, created_at) < :late)
          OR EXISTS (SELECT 1 FROM notification WHERE status = 'failed' AND created_at > :shown) AS unsent`,
      { late: now - LATE, shown: now - GIVEN_UP },
    ),
  )
  return row?.unsent === 1
}
