import type { Env } from '../env.ts'
import { dueNotifications } from '../store/notifications.ts'
import { staleRuns, unfinishedAfterImports, waitingRuns } from '../store/run-lists.ts'
import { reportProgress, unitOf } from '../store/runs.ts'
import { deleteOldSamples } from '../store/samples.ts'
import { deadLetter } from './consume.ts'
import { sweepDeletedFields } from './forget.ts'
import { replayDecisions } from './replay.ts'
import { startRetaining } from './retain.ts'
import { startFollowUp } from './start.ts'
import { sendStep, stepOf } from './step.ts'
import { sweepWriteBacks } from './write-back.ts'

/** How often old samples are deleted, in minutes. Each time lists objects of R2, which has its price. */
const SAMPLES_EVERY = 10
/** How many times a run is fetched before the sweeper gives it up. The queue itself counts only failures that it sees. */
const MOST_FETCHES = 10

/**
 * Sends the messages that were lost or postponed, for silent runs, e-mails, deleted fields and SMS statuses of a CRM.
 * Starts follow-up runs whose source has no active run, and retention. Deletes old samples.
 */
export async function sweep(env: Env, now: number): Promise<void> {
  for (const run of await staleRuns(env, now)) {
    const step = stepOf(run.status)
    if (step === null || !(await reportProgress(env, run, { ...run, unit: run.unit ?? unitOf(run) }, now))) continue
    if (step === 'fetch' && run.attempt >= MOST_FETCHES) await deadLetter(env, { step, run: run.id })
    else await sendStep(env, { step, run: run.id })
  }
  for (const run of await unfinishedAfterImports(env, now - 10 * 60_000))
    await sendStep(env, { step: 'settle', run: run.id })
  for (const run of await waitingRuns(env)) await startFollowUp(env, run.source, now)
  await startRetaining(env, now)
  if (new Date(now).getUTCMinutes() % SAMPLES_EVERY === 0) await deleteOldSamples(env, now)
  for (const notification of await dueNotifications(env, now)) await sendStep(env, { step: 'notify', notification })
  await replayDecisions(env, now)
  await sweepWriteBacks(env, now)
  await sweepDeletedFields(env, now - 10 * 60_000)
}
