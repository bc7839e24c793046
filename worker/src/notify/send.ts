import { noteOf } from '../core/note.ts'
import type { Env } from '../env.ts'
import { bytesOf } from '../store/files.ts'
import { putMail, readMail, type StoredMail } from '../store/mails.ts'
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
import { htmlOf } from './letter-html.ts'
import { textOf } from './letter-text.ts'
import { letterOf } from './message.ts'
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
    const code = refusalOf(error)
    console.error(`e-mail ${id} could not be sent: ${code}`)
    return postponeNotification(env, row, code, Date.now())
  }
  await endNotification(env, id, sent, Date.now())
}

/** Returns the code of a refusal by Email Service, or what may be logged of another error. Neither names anybody. */
function refusalOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^E_[A-Z_]{1,60}$/.test(code) ? code : noteOf(error)
}

/**
 * Returns false if there is nothing to send, for example if the source wants only new problems and the run has none. An e-mail
 * that was sent before is sent as it was then; one that was not yet, as things are now.
 */
async function send(env: Env, row: NotificationRow): Promise<boolean> {
  const before = row.sentAt === null ? null : await readMail(env, row.id)
  const mail = before ?? (await written(env, row))
  if (mail === null) return false
  const { text, html, spreadsheet } = mail
  if (before === null) await putMail(env, row.id, mail)
  const sheet = spreadsheet === null ? null : await env.FILES.get(spreadsheet)
  await env.EMAIL.send({
    from: { email: (await readSettings(env)).sender ?? env.SENDER, name: 'Muster' },
    to: row.recipients,
    subject: row.subject,
    text,
    html,
    ...(sheet === null
      ? {}
      : {
          attachments: [
            {
              disposition: 'attachment' as const,
              filename: 'import-errors.xlsx',
              type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
              content: await bytesOf(sheet),
            },
          ],
        }),
  })
  return true
}

/** Writes an e-mail; null if nobody needs it. */
async function written(env: Env, row: NotificationRow): Promise<StoredMail | null> {
  const run = row.run === null ? null : await findRun(env, row.run)
  const source = row.source === null ? null : await findSource(env, row.source)
  if (source === null || (row.run !== null && run === null)) return null
  const reports = row.kind === 'report' || row.kind === 'held'
  const problems = reports && run !== null ? await sortProblems(env, run) : NO_PROBLEMS
  if (row.kind === 'report' && run !== null && !isNeeded(run, source, problems)) return null
  const file = (reports && run?.problems?.xlsx) || null
  const report = file === null ? null : await env.FILES.head(file)
  const spreadsheet = report === null ? null : report.size <= ATTACHED ? 'attached' : 'too large'
  const writeBacks = row.kind === 'write_back_given_up' ? await reportedWriteBacks(env, row.id, source.id) : []
  const letter = letterOf(row.kind, run, { source, problems, writeBacks, spreadsheet }, env.PUBLIC_URL)
  return { text: textOf(letter), html: htmlOf(letter), spreadsheet: spreadsheet === 'attached' ? file : null }
}

/** Returns whether a report has something new for its recipients, if that is all they are to hear of. */
function isNeeded(run: RunRow, source: SourceRow, { isNew, hasNewErrors }: SortedProblems): boolean {
  if (isOnlyForNewErrors(run, source)) return hasNewErrors
  return isNew || source.settings.notify.when !== 'problems'
}
