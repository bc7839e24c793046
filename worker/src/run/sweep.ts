import type { Env } from '../env.ts'
import { overdueNotifications } from '../notify/outbox.ts'
import { reportProgress, staleRuns, unsettledRuns, waitingRuns } from '../store/runs.ts'
import { sweepDeletedFields } from './forget.ts'
import { startRetaining } from './retain.ts'
import { startRemembered } from './start.ts'
import { sendStep, stepOf } from './step.ts'
import { sweepWriteBacks } from './write-back.ts'

/**
 * Sends again what was lost: the messages of silent runs, of e-mails, of deleted fields, of SMS statuses to be told, and the start of runs that wait
 * for nothing. Begins with what has expired.
 */
export async function sweep(env: Env, now: number): Promise<void> {
  for (const run of await staleRuns(env, now)) {
    const step = stepOf(run.status)
    if (step === null || !(await reportProgress(env, run, run.done, run.total, now))) continue
    await sendStep(env, { step, run: run.id })
  }
  for (const run of await unsettledRuns(env, now - 10 * 60_000)) await sendStep(env, { step: 'settle', run: run.id })
  for (const run of await waitingRuns(env)) await startRemembered(env, run.source, now)
  await startRetaining(env, now)
  for (const { id } of await overdueNotifications(env, now - 10 * 60_000)) {
    await sendStep(env, { step: 'notify', notification: id })
  }
  await sweepWriteBacks(env, now)
  await sweepDeletedFields(env, now - 10 * 60_000)
}
