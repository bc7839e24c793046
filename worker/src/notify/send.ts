import { noteOf } from '../core/note.ts'
import type { ReportRow } from '../core/plan-contract.ts'
import type { Env } from '../env.ts'
import { bytesOf } from '../store/files.ts'
import {
  claimNotification,
  endNotification,
  type NotificationRow,
  postponeNotification,
} from '../store/notifications.ts'
import { moreThan, reportRows } from '../store/reports.ts'
import { lastReported } from '../store/run-lists.ts'
import { findRun, type RunRow } from '../store/runs.ts'
import { readSettings } from '../store/settings.ts'
import { findSource } from '../store/sources.ts'
import { reportedWriteBacks } from '../store/write-backs.ts'
import { messageText, ROWS_IN_MESSAGE } from './message.ts'

/** The largest spreadsheet to attach, in bytes. A message may have 5 MiB in all, and an attachment grows by a third. */
const ATTACHED = 3 * 1024 * 1024
/** How many of a run's problems are compared with those of the previous run. */
const COMPARED = 5000

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
  if (row.kind === 'report' && source.settings.notify.when === 'problems' && problems.fresh.length === 0) return false
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

const NO_PROBLEMS: { fresh: ReportRow[]; known: ReportRow[]; more: number } = { fresh: [], known: [], more: 0 }

/** Splits a run's problems into new ones and those that the previous report already had. */
async function sortProblems(env: Env, run: RunRow): Promise<typeof NO_PROBLEMS> {
  if (run.problems === null || run.problems.rows === 0) return NO_PROBLEMS
  const before = new Set<string>()
  const previous = await lastReported(env, run)
  if (previous !== null) for await (const row of reportRows(env, previous, COMPARED)) before.add(fingerprint(row))
  const sorted: typeof NO_PROBLEMS = { fresh: [], known: [], more: 0 }
  let read = 0
  for await (const row of reportRows(env, run.problems, COMPARED)) {
    read++
    const list = before.has(fingerprint(row)) ? sorted.known : sorted.fresh
    if (list.length < ROWS_IN_MESSAGE) list.push(row)
    else sorted.more++
  }
  sorted.more += moreThan(run.problems, read)
  return sorted
}

/** Returns the text by which a problem equals one of the previous run. It has no row number: the row may have moved. */
function fingerprint({ problems }: ReportRow): string {
  return JSON.stringify(problems.map(({ id, name, column, code, value }) => [id, name, column, code, value]))
}
