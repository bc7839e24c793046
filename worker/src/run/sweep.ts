import type { Env } from '../env.ts'
import { dueNotifications } from '../store/notifications.ts'
import { takeStale } from '../store/run-leases.ts'
import { staleRuns, unfinishedAfterImports, waitingRuns } from '../store/run-lists.ts'
import { deleteOldSamples } from '../store/samples.ts'
import { deadLetter } from './consume.ts'
import { sweepDeletedFields } from './forget.ts'
import { planOutdatedAgain } from './plan-again.ts'
import { replayDecisions } from './replay.ts'
import { startRetaining } from './retain.ts'
import { startFollowUp } from './start.ts'
import { sendFirstStep, sendStep, stepOf } from './step.ts'
import { sweepWriteBacks } from './write-back.ts'

/** How often old samples are deleted, in minutes. Each time lists objects of R2, which has its price. */
const SAMPLES_EVERY = 10
/**
 * How many messages of a step may break off without a word before its run is given up. The queue itself counts only the
 * failures that it sees.
 */
const MOST_LOST = 5
/** How often the message is sent again that moves or deletes an imported file, and how long it may take, in milliseconds. */
const MOST_AFTER_IMPORTS = 12
const AFTER_IMPORT_WITHIN = 10 * 60_000

/**
 * Sends the messages that were lost or postponed, for silent runs, e-mails, deleted fields and SMS statuses of a CRM.
 * Starts follow-up runs whose source has no active run, and retention. Deletes old samples.
 */
export async function sweep(env: Env, now: number): Promise<void> {
  for (const stale of await staleRuns(env, now)) {
    const step = stepOf(stale.status)
    const run = step === null ? null : await takeStale(env, stale, now)
    if (run === null || step === null) continue
    if (run.lost >= MOST_LOST) await deadLetter(env, { step, run: run.id })
    else if (step === 'fetch') await sendFirstStep(env, run)
    else await sendStep(env, { step, run: run.id })
  }
  for (const stale of await unfinishedAfterImports(env, now - AFTER_IMPORT_WITHIN, now)) {
    const run = await takeStale(env, stale, now, AFTER_IMPORT_WITHIN)
    if (run === null) continue
    const message = { step: 'settle', run: run.id } as const
    await (run.resent > MOST_AFTER_IMPORTS ? deadLetter(env, message) : sendStep(env, message))
  }
  await planOutdatedAgain(env, now)
  for (const run of await waitingRuns(env)) await startFollowUp(env, run.source, now)
  await startRetaining(env, now)
  if (new Date(now).getUTCMinutes() % SAMPLES_EVERY === 0) await deleteOldSamples(env, now)
  for (const notification of await dueNotifications(env, now)) await sendStep(env, { step: 'notify', notification })
  if (await replayDecisions(env, now)) await sendStep(env, { step: 'replay' })
  await sweepWriteBacks(env, now)
  await sweepDeletedFields(env, now - 10 * 60_000)
}
