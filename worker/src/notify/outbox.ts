import type { WebhookSetting } from '../core/source.ts'
import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'
import type { NewNotification, NotificationKind } from '../store/notifications.ts'
import { hasChangedContacts, type RunRow } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import { administratorEmails } from '../store/users.ts'
import { isEvent } from './events.ts'
import { subjectOf } from './message.ts'

/**
 * Returns the e-mail for the end of a run or for a late file; null if nobody is to receive it. `run`: as it has ended.
 * Every e-mail goes to the recipients of the source or, if it has none, to the administrators. The source's choice of
 * reports silences no other kind (design: Notifications).
 */
export async function newNotification(
  env: Env,
  kind: NotificationKind,
  run: RunRow | null,
  source: SourceRow,
  now: number,
): Promise<NewNotification | null> {
  if (kind === 'report' && (run === null || !mayReport(run, source))) return null
  const { emails } = source.settings.notify
  const recipients = emails.length > 0 ? emails : await administratorEmails(env)
  if (recipients.length === 0 && webhooksFor(kind, source).length === 0) return null
  return {
    id: newId(),
    run: run?.id ?? null,
    source: source.id,
    kind,
    recipients,
    subject: subjectOf(kind, source.name, run),
    status: 'pending',
    createdAt: now,
  }
}

/** Returns the webhooks to which a notification of this kind is sent. */
export function webhooksFor(kind: NotificationKind, { settings }: SourceRow): readonly WebhookSetting[] {
  return isEvent(kind) ? settings.notify.webhooks : []
}

/**
 * Returns whether a report is sent only for new errors: the source has no recipients, or the run has imported nothing
 * and its changes wait or were rejected as before.
 */
export function isOnlyForNewErrors(run: RunRow, { settings }: SourceRow): boolean {
  return settings.notify.emails.length === 0 || (run.hold?.repeats !== undefined && !hasChangedContacts(run))
}

/** Returns whether a report is sent if its problems turn out to be new. */
function mayReport(run: RunRow, source: SourceRow): boolean {
  const { emails, when } = source.settings.notify
  if (when === 'never') return false
  if (!isOnlyForNewErrors(run, source)) return true
  // Administrators have had the errors of a run that waited for a decision.
  const known = run.status === 'unchanged' || (emails.length === 0 && run.decision !== null)
  return !known && (run.counts?.errors ?? 0) > 0
}
