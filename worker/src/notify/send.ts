import { noteOf } from '../core/note.ts'
import type { Env } from '../env.ts'
import { bytesOf } from '../store/files.ts'
import {
  claimNotification,
  endNotification,
  type NotificationRow,
  postponeNotification,
} from '../store/notifications.ts'
import { findRun, type RunRow } from '../store/runs.ts'
import { readSettings } from '../store/settings.ts'
import { findSource, type SourceRow } from '../store/sources.ts'
import { reportedWriteBacks } from '../store/write-backs.ts'
import { messageText } from './message.ts'
import { isOnlyForNewErrors } from './outbox.ts'
import { NO_PROBLEMS, type SortedProblems, sortProblems } from './sorted-problems.ts'

/** The largest spreadsheet to attach, in bytes. A message may have 5 MiB in all, and an attachment grows by a third. */
const ATTACHED = 3 * 1024 * 1024

/** Sends one e-mail of the outbox if it is due. If it cannot be sent, a later tick tries again. */
export async function notifyStep(env: Env, id: string): Promise<void> {
  const row = await claimNotification(env, id, Date.now())
  if (row === null) return
  let sent: boolean
  try {
    sent = await send(env, row)
  } catch (error) {
    console.error(`e-mail ${id} could not be sent: ${noteOf(error)}`)
    return postponeNotification(env, row, error, Date.now())
  }
  await endNotification(env, id, sent, Date.now())
}

/**
 * Returns false if there is nothing to send, for example if the source wants only new problems and the run has none.
 */
async function send(env: Env, row: NotificationRow): Promise<boolean> {
  const run = row.run === null ? null : await findRun(env, row.run)
  const source = row.source === null ? null : await findSource(env, row.source)
  if (source === null || (row.run !== null && run === null)) return false
  const reports = row.kind === 'report' || row.kind === 'held'
  const problems = reports && run !== null ? await sortProblems(env, run) : NO_PROBLEMS
  if (row.kind === 'report' && run !== null && !isNeeded(run, source, problems)) return false
  const report = reports && run?.problems?.xlsx ? await env.FILES.get(run.problems.xlsx) : null
  const attached = report !== null && report.size <= ATTACHED
  const writeBacks = row.kind === 'write_back_given_up' ? await reportedWriteBacks(env, row.id, source.id) : []
  const page = run === null ? `/sources/${source.id}` : `/runs/${run.id}`
  await env.EMAIL.send({
    from: { email: (await readSettings(env)).sender ?? env.SENDER, name: 'Muster' },
    to: row.recipients,
    subject: row.subject,
    text: messageText(row.kind, run, { source, problems, writeBacks }, `${env.PUBLIC_URL}${page}`),
    ...(attached
      ? {
          attachments: [
            {
              disposition: 'attachment' as const,
              filename: 'import-errors.xlsx',
              type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
              content: await bytesOf(report),
            },
          ],
        }
      : {}),
  })
  return true
}

/** Returns whether a report has something new for its recipients, if that is all they are to hear of. */
function isNeeded(run: RunRow, source: SourceRow, { isNew, hasNewErrors }: SortedProblems): boolean {
  if (isOnlyForNewErrors(run, source)) return hasNewErrors
  return isNew || source.settings.notify.when !== 'problems'
}
