import type { Env } from '../env.ts'
import { claimDelivery, type DeliveryRow, endDelivery, endUnneeded, failDelivery } from '../store/deliveries.ts'
import { bytesOf } from '../store/files.ts'
import { putMail, readMail, type StoredMail } from '../store/mails.ts'
import { findNotification, type NotificationRow } from '../store/notifications.ts'
import { findRun, type RunRow } from '../store/runs.ts'
import { readSettings } from '../store/settings.ts'
import { findSource, type SourceRow } from '../store/sources.ts'
import { reportedWriteBacks } from '../store/write-backs.ts'
import { htmlOf } from './letter-html.ts'
import { textOf } from './letter-text.ts'
import { letterOf } from './message.ts'
import { isOnlyForNewErrors } from './outbox.ts'
import { concernsRecipient, MOST_ATTEMPTS, nextAttempt, pauseAfterRefusal, refusalOf } from './refusals.ts'
import { NO_PROBLEMS, type SortedProblems, sortProblems } from './sorted-problems.ts'

/** The largest spreadsheet to attach, in bytes. A message may have 5 MiB in all, and an attachment grows by a third. */
const ATTACHED = 3 * 1024 * 1024

/** An e-mail as Email Service takes it, without its recipient. */
type Mail = Omit<EmailMessageBuilder, 'to' | 'headers'>

/**
 * Sends an e-mail of the outbox, a message of its own to each recipient for whom it is due. Each attempt has a claim, so that
 * two calls at the same time send to nobody twice. If a message is refused, a later tick tries again.
 */
export async function notifyStep(env: Env, id: string): Promise<void> {
  const row = await findNotification(env, id)
  if (row === null) return
  let mail: Mail | null = null
  for (;;) {
    const delivery = await claimDelivery(env, id, 'email', Date.now())
    if (delivery === null) return
    if (delivery.attempts > MOST_ATTEMPTS) {
      await failDelivery(env, delivery, { code: 'unfinished', nextAt: null, all: false }, Date.now())
      continue
    }
    try {
      mail ??= await mailOf(env, row)
      if (mail === null) return await endUnneeded(env, id)
      await send(env, mail, delivery)
    } catch (error) {
      await postpone(env, row, delivery, refusalOf(error))
      continue
    }
    await endDelivery(env, delivery, Date.now())
  }
}

async function send(env: Env, mail: Mail, { notification, place, address }: DeliveryRow): Promise<void> {
  await env.EMAIL.send({
    ...mail,
    to: [address],
    headers: {
      // Nobody needs to hear that a reader is on holiday (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      // Email Service makes the Message-ID itself. This one is the same in a message that a crash sends twice.
      'X-Muster-Delivery': `${notification}.${place}`,
    },
  })
}

/** Lets a refused e-mail wait for its next attempt, or gives it up: at once, or after a day. */
async function postpone(env: Env, row: NotificationRow, delivery: DeliveryRow, code: string): Promise<void> {
  const now = Date.now()
  console.error(`e-mail ${row.id} to recipient ${delivery.place} could not be sent: ${code}`)
  const nextAt = nextAttempt(row, delivery.attempts, pauseAfterRefusal(code, delivery.attempts), now)
  await failDelivery(env, delivery, { code, nextAt, all: !concernsRecipient(code) }, now)
}

/**
 * Returns the e-mail; null if there is nothing to send, for example if the source wants only new problems and the run has
 * none. An e-mail that somebody has got is as it was then; one that nobody has got yet, as things are now.
 */
async function mailOf(env: Env, row: NotificationRow): Promise<Mail | null> {
  const before = row.sentAt === null ? null : await readMail(env, row.id)
  const mail = before ?? (await written(env, row))
  if (mail === null) return null
  const { text, html, spreadsheet } = mail
  if (before === null) await putMail(env, row.id, mail)
  const sheet = spreadsheet === null ? null : await env.FILES.get(spreadsheet)
  return {
    from: { email: (await readSettings(env)).sender ?? env.SENDER, name: 'Muster' },
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
  }
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
