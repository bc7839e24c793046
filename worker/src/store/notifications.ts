import { and, desc, eq, lte, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { RETRIED_FOR } from '../core/retry.ts'
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
  /** The most attempts of a delivery, and why one failed. These, `status`, `sentAt` and `nextAt` sum up the deliveries. */
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

/**
 * Returns whether an e-mail is late, or was given up within the last days and reached nobody. One that only some of its
 * recipients have not got is on the overview, and says nothing about whether e-mails are sent.
 */
export async function hasUnsentNotifications(env: Env, now: number): Promise<boolean> {
  const row = await first<{ unsent: number }>(
    env,
    named(
      `SELECT EXISTS (SELECT 1 FROM notification WHERE status = 'pending' AND coalesce(requested_at, created_at) < :late
          AND coalesce(sent_at, 0) < coalesce(requested_at, created_at))
          OR EXISTS (SELECT 1 FROM notification WHERE status = 'failed' AND created_at > :shown AND sent_at IS NULL) AS unsent`,
      { late: now - LATE, shown: now - GIVEN_UP },
    ),
  )
  return row?.unsent === 1
}
