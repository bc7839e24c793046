import { and, eq, isNotNull, lte, sql } from 'drizzle-orm'
import { noteOf } from '../core/note.ts'
import { pauseAfter, RETRIED_FOR } from '../core/retry.ts'
import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'
import { database } from '../store/database.ts'
import {
  type NotificationKind,
  type NotificationRow,
  notifications,
  type RunRow,
  type SourceRow,
  users,
} from '../store/schema.ts'
import { subjectOf } from './message.ts'

const MINUTE = 60_000
/**
 * How long an attempt to send may take before it is taken for lost, in milliseconds. The platform ends a message after
 * 15 minutes, so that no attempt is still under way when the next one begins.
 */
const LEASE = 15 * MINUTE
/** How late an e-mail that has not gone out may be before the health check says so, in milliseconds. */
const LATE = 10 * MINUTE
/** How long the health check says that an e-mail was given up, in milliseconds. */
const GIVEN_UP_SHOWN = 7 * 24 * 60 * MINUTE
/** How many e-mails one tick sends; the next tick goes on. */
const AT_ONCE = 50

/**
 * The e-mail that a run's end, or a file that is late, calls for; null where nobody is to be told. Reports follow
 * the source's choice; everything else is told in any case, to the administrators where a source has no recipients.
 */
export async function newNotification(
  env: Env,
  kind: NotificationKind,
  run: RunRow | null,
  source: SourceRow,
  now: number,
): Promise<typeof notifications.$inferInsert | null> {
  const { emails, when } = source.settings.notify
  if (kind === 'report' && (when === 'never' || emails.length === 0)) return null
  const recipients = emails.length > 0 ? emails : await administrators(env)
  if (recipients.length === 0) return null
  return {
    id: newId(),
    run: run?.id ?? null,
    source: source.id,
    kind,
    recipients,
    subject: subjectOf(kind, source.name, run !== null && run.undoes !== null),
    status: 'pending',
    createdAt: now,
  }
}

async function administrators(env: Env): Promise<string[]> {
  const rows = await database(env.DB)
    .select({ email: users.email })
    .from(users)
    .where(and(eq(users.role, 'administrator'), isNotNull(users.password)))
  return rows.map((row) => row.email).slice(0, 50)
}

/** Returns the IDs of the e-mails that are to be tried now: their message was lost, or an earlier attempt failed. */
export async function dueNotifications(env: Env, now: number): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT id FROM notification WHERE status = 'pending' AND next_at <= ?1 ORDER BY next_at LIMIT ${AT_ONCE}`,
  )
    .bind(now)
    .all<{ id: string }>()
  return results.map(({ id }) => id)
}

/** Takes an e-mail for one attempt. Null if it is not due: it has gone out, waits for its time or is being sent. */
export async function claimNotification(env: Env, id: string, now: number): Promise<NotificationRow | null> {
  const db = database(env.DB)
  const due = and(eq(notifications.id, id), eq(notifications.status, 'pending'), lte(notifications.nextAt, now))
  const claim = { nextAt: now + LEASE, attempts: sql`${notifications.attempts} + 1` }
  const [row] = await db.update(notifications).set(claim).where(due).returning()
  return row ?? null
}

/** Ends a claimed e-mail. `sent`: whether it went out, or turned out not to be needed. */
export async function endNotification(env: Env, id: string, sent: boolean, now: number): Promise<void> {
  const end = sent ? ({ status: 'sent', sentAt: now, error: null } as const) : ({ status: 'not_needed' } as const)
  await database(env.DB).update(notifications).set(end).where(eq(notifications.id, id))
}

/** Puts a claimed e-mail off after `error`, or gives it up if it has been tried for a day. */
export async function postponeNotification(
  env: Env,
  { id, attempts, createdAt }: NotificationRow,
  error: unknown,
  now: number,
): Promise<void> {
  const change =
    now - createdAt < RETRIED_FOR ? { nextAt: now + pauseAfter(attempts) } : ({ status: 'failed' } as const)
  await database(env.DB)
    .update(notifications)
    .set({ ...change, error: noteOf(error) })
    .where(and(eq(notifications.id, id), eq(notifications.status, 'pending')))
}

/** Returns whether an e-mail is late, or was given up within the last days: somebody does not know what they should. */
export async function hasUnsentNotifications(env: Env, now: number): Promise<boolean> {
  const row = await env.DB.prepare(
    `SELECT EXISTS (SELECT 1 FROM notification WHERE status = 'pending' AND created_at < ?1)
        OR EXISTS (SELECT 1 FROM notification WHERE status = 'failed' AND created_at > ?2) AS unsent`,
  )
    .bind(now - LATE, now - RETRIED_FOR - GIVEN_UP_SHOWN)
    .first<{ unsent: number }>()
  return row?.unsent === 1
}
