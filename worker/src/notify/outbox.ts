import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'
import type { NewNotification, NotificationKind } from '../store/notifications.ts'
import type { RunRow } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import { administratorEmails } from '../store/users.ts'
import { subjectOf } from './message.ts'

/**
 * Returns the e-mail for the end of a run or for a late file; null if nobody is to receive it. Reports follow the
 * source's choice. Every other kind is always sent, to the administrators if the source has no recipients.
 */
export async function newNotification(
  env: Env,
  kind: NotificationKind,
  run: RunRow | null,
  source: SourceRow,
  now: number,
): Promise<NewNotification | null> {
  const { emails, when } = source.settings.notify
  if (kind === 'report' && (when === 'never' || emails.length === 0)) return null
  const recipients = emails.length > 0 ? emails : await administratorEmails(env)
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
