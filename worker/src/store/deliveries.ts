import { eq } from 'drizzle-orm'
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { WebhookKind, WebhookSetting } from '../core/source.ts'
import type { Env } from '../env.ts'
import { columnsOf, database, first, guard, named, type Statement, write } from './database.ts'
import type { NOTIFICATION_STATUSES } from './notifications.ts'

/**
 * A notification to one of its recipients, with its own state. The row of the notification sums up the states of its
 * deliveries. `place` is the recipient's place in the notification.
 */
export const deliveries = sqliteTable(
  'delivery',
  {
    notification: text('notification').notNull(),
    place: integer('place').notNull(),
    channel: text('channel').$type<'email' | WebhookKind>().notNull(),
    /** The e-mail address, or the ID of a webhook, whose address is a secret. */
    address: text('address').notNull(),
    status: text('status').$type<(typeof NOTIFICATION_STATUSES)[number]>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** Why the last attempt failed, as a code that names nobody. */
    code: text('code'),
    /** When the next attempt is due, or when the current one counts as lost. */
    nextAt: integer('next_at').notNull(),
    sentAt: integer('sent_at'),
  },
  ({ notification, place }) => [primaryKey({ columns: [notification, place] })],
)
export type DeliveryRow = typeof deliveries.$inferSelect

/**
 * How long an attempt to send may take before it counts as lost, in milliseconds. The platform ends a message after 15
 * minutes, so the previous attempt is over when the next one begins.
 */
const LEASE = 15 * 60_000

/**
 * Returns the statement that makes the deliveries of a notification by e-mail in its own state, if it has none yet. Messages of it may
 * come twice, and an earlier version made notifications without deliveries.
 */
function makingDeliveries(id: string): Statement {
  return named(
    `INSERT OR IGNORE INTO delivery (notification, place, channel, address, status, attempts, code, next_at, sent_at)
      SELECT n.id, j.key, 'email', j.value, n.status, n.attempts, n.error, n.next_at, n.sent_at
      FROM notification n, json_each(n.recipients) j
      WHERE n.id = :id AND NOT EXISTS (SELECT 1 FROM delivery WHERE notification = :id AND channel = 'email')`,
    { id },
  )
}

/** The places of webhooks come after those of all e-mail addresses. */
const FIRST_WEBHOOK = 1000

/** Returns the statements that make the deliveries of a new notification to webhooks, for the batch that makes it. */
export function addingWebhooks(id: string, webhooks: readonly WebhookSetting[], now: number): Statement[] {
  return webhooks.map(({ id: webhook, kind }, at) =>
    named(
      `INSERT INTO delivery (notification, place, channel, address, status, next_at)
        VALUES (:id, :place, :kind, :webhook, 'pending', :now)`,
      { id, place: FIRST_WEBHOOK + at, kind, webhook, now },
    ),
  )
}

/** Returns the statement that sums up the deliveries of a notification in its row. */
function summingUp(id: string): Statement {
  const where = (status: string, column: string) => `iif(status = '${status}', ${column}, NULL)`
  return named(
    `UPDATE notification SET next_at = coalesce(d.due, next_at), attempts = d.most, error = d.why, sent_at = d.sent,
        status = CASE WHEN d.pending > 0 THEN 'pending' WHEN d.failed > 0 THEN 'failed' WHEN d.sent > 0 THEN 'sent' ELSE 'not_needed' END
      FROM (SELECT count(*) AS every, count(${where('pending', '1')}) AS pending, count(${where('failed', '1')}) AS failed,
          min(${where('pending', 'next_at')}) AS due, max(attempts) AS most, max(sent_at) AS sent,
          coalesce(min(${where('failed', 'code')}), min(${where('pending', 'code')})) AS why
        FROM delivery WHERE notification = :id) d
      WHERE id = :id AND d.every > 0`,
    { id },
  )
}

/** Lists the deliveries of a notification in the order of its recipients; none if nobody has tried to send it. */
export function listDeliveries(env: Env, notification: string): Promise<DeliveryRow[]> {
  return database(env)
    .select()
    .from(deliveries)
    .where(eq(deliveries.notification, notification))
    .orderBy(deliveries.place)
}

/**
 * Claims the first delivery of a notification that is due by e-mail or to webhooks, for one attempt. Returns null if none is: each was sent, is
 * postponed or is being sent.
 */
export async function claimDelivery(
  env: Env,
  notification: string,
  to: 'email' | 'webhooks',
  now: number,
): Promise<DeliveryRow | null> {
  const { results } = await write(env, [
    makingDeliveries(notification),
    named(
      `UPDATE delivery SET next_at = :now + ${LEASE}, attempts = attempts + 1
        WHERE notification = :notification AND place = (SELECT min(place) FROM delivery
          WHERE notification = :notification AND status = 'pending' AND next_at <= :now AND (channel = 'email') = :byEmail)
        RETURNING ${columnsOf(deliveries, 'delivery')}`,
      { notification, byEmail: to === 'email', now },
    ),
    summingUp(notification),
  ])
  const [row] = (results[1]?.results ?? []) as DeliveryRow[]
  return row ?? null
}

/** Records that a claimed delivery was made. */
export async function endDelivery(env: Env, { notification, place }: DeliveryRow, now: number): Promise<void> {
  await write(env, [
    named(
      `UPDATE delivery SET status = 'sent', sent_at = :now, code = NULL WHERE notification = :notification AND place = :place`,
      { notification, place, now },
    ),
    summingUp(notification),
  ])
}

/** Ends the deliveries of a notification that turned out to be unnecessary. */
export async function endUnneeded(env: Env, notification: string): Promise<void> {
  await write(env, [
    named(`UPDATE delivery SET status = 'not_needed' WHERE notification = :notification AND status = 'pending'`, {
      notification,
    }),
    summingUp(notification),
  ])
}

/** Ends a claimed delivery that is not needed any more. */
export async function skipDelivery(env: Env, { notification, place }: DeliveryRow): Promise<void> {
  await write(env, [
    named(`UPDATE delivery SET status = 'not_needed' WHERE notification = :notification AND place = :place`, {
      notification,
      place,
    }),
    summingUp(notification),
  ])
}

/** Returns whether a notification is due to be sent to webhooks. */
export async function hasDueWebhooks(env: Env, notification: string, now: number): Promise<boolean> {
  const due = await first<{ due: number }>(
    env,
    named(
      `SELECT EXISTS (SELECT 1 FROM delivery WHERE notification = :notification AND channel <> 'email'
        AND status = 'pending' AND next_at <= :now) AS due`,
      { notification, now },
    ),
  )
  return due?.due === 1
}

/**
 * Records that a claimed delivery failed with `code`. `nextAt`: when to try again, in milliseconds since 1970; null to give
 * it up. `all`: the same will happen to the other recipients, so their deliveries that are due are not tried now either.
 */
export async function failDelivery(
  env: Env,
  { notification, place }: DeliveryRow,
  { code, nextAt, all }: { code: string; nextAt: number | null; all: boolean },
  now: number,
): Promise<void> {
  await write(env, [
    named(
      `UPDATE delivery SET code = :code, status = iif(:nextAt IS NULL, 'failed', 'pending'), next_at = coalesce(:nextAt, next_at),
          attempts = attempts + (place <> :place)
        WHERE notification = :notification AND status = 'pending' AND (place = :place OR (:all AND next_at <= :now AND channel = 'email'))`,
      { notification, place, code, nextAt, all, now },
    ),
    summingUp(notification),
  ])
}

/**
 * Makes the deliveries that were given up due again or, if there are none, all that were made. Returns false if nothing is to
 * be done, so that a request that comes twice sends once: some are pending already, or there was a request or an e-mail
 * after `before`. `before` and `now`: milliseconds since 1970.
 */
export async function sendAgain(env: Env, id: string, before: number, now: number): Promise<boolean> {
  const { failed } = await write(
    env,
    [
      guard(
        `EXISTS (SELECT 1 FROM notification WHERE id = :id AND coalesce(requested_at, 0) <= :before
          AND (status = 'failed' OR (status = 'sent' AND sent_at <= :before)))`,
        { id, before },
      ),
      makingDeliveries(id),
      named(
        // The notification's own state is `failed` if any of them is, and else `sent`.
        `UPDATE delivery SET status = 'pending', attempts = 0, code = NULL, next_at = :now
          WHERE notification = :id AND status = (SELECT status FROM notification WHERE id = :id)`,
        { id, now },
      ),
      named('UPDATE notification SET requested_at = :now WHERE id = :id', { id, now }),
      summingUp(id),
    ],
    'guard',
  )
  return failed === null
}
