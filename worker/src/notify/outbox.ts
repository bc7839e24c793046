import { and, eq, isNotNull, lt } from 'drizzle-orm'
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

/** How often an e-mail is tried before it is given up. */
export const ATTEMPTS = 5

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

/** E-mails that should have gone out by now; their message was lost. */
export async function overdueNotifications(env: Env, before: number): Promise<NotificationRow[]> {
  return database(env.DB)
    .select()
    .from(notifications)
    .where(and(eq(notifications.status, 'pending'), lt(notifications.createdAt, before)))
    .limit(20)
}
