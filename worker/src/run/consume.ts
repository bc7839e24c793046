import { Failure } from '../core/failure.ts'
import type { Env, Step } from '../env.ts'
import { notifyStep } from '../notify/send.ts'
import { webhookStep } from '../notify/webhooks.ts'
import { newId } from '../security/random.ts'
import { hasDueWebhooks } from '../store/deliveries.ts'
import { beat } from '../store/heartbeats.ts'
import { isPlanOfNewerCode } from '../store/plan-reading.ts'
import { claimAfterImport, claimRun, endLease, renewLease } from '../store/run-leases.ts'
import { beginsAgain, findRun, moveRun, type RunRow, type RunStatus } from '../store/runs.ts'
import { findSource, type SourceRow } from '../store/sources.ts'
import { afterImportStep, leaveRemote } from './after-import.ts'
import { applyStep } from './apply.ts'
import { fetchStep } from './fetch.ts'
import { endDisabled, endFailed } from './finish.ts'
import { forgetStep } from './forget.ts'
import { leased } from './lease.ts'
import { logGivenUp, logStep, type StepFacts } from './log.ts'
import { afterLong, beginAgainLong, beginLong, QUICK_FETCH, TooLong } from './long-fetch.ts'
import { isOfNewerSender, leaveToNewerCode, sendToNewerCode } from './newer-code.ts'
import { optOutFileStep } from './opt-out-file.ts'
import { planStep } from './plan.ts'
import { replayStep } from './replay.ts'
import { retainStep } from './retain.ts'
import { asksServer, sendFirstStep, sendStep, stepOf } from './step.ts'
import { undoStep } from './undo.ts'
import { writeBackStep } from './write-back.ts'

/** How long a run that no person started retries a failure that may pass, in milliseconds (design: Connections). */
const RETRY_FOR = 30 * 60_000
/** In seconds, by attempt. A server that asks for less is not asked more often: `Retry-After: 0` must not start a flood. */
const RETRY_AFTER = [30, 60, 120, 300, 600, 600]

/** The statuses in which a run waits for a step, or a step works on it. */
const STATUSES: Record<'fetch' | 'plan' | 'apply', readonly RunStatus[]> = {
  fetch: ['queued', 'fetching'],
  plan: ['planning'],
  apply: ['applying'],
}

/**
 * Processes one message. The step of a run is performed only if the run's status still calls for it and no other message
 * works on the run.
 */
export async function consume(env: Env, message: Step): Promise<void> {
  const started = Date.now()
  const facts = await processed(env, message)
  logStep(message, { outcome: 'done', ...facts }, started)
}

/** Processes a message. Returns what the log says of it, unless it is only done. */
async function processed(env: Env, message: Step): Promise<Partial<StepFacts>> {
  if (isOfNewerSender(message)) {
    await sendToNewerCode(env, message)
    return { outcome: 'of_newer_code' }
  }
  switch (message.step) {
    case 'notify':
      await mailStep(env, message.notification)
      return {}
    case 'webhook':
      await webhookStep(env, message.notification)
      return {}
    case 'forget':
      await forgetStep(env, message.field)
      return {}
    case 'writeBack':
      await writeBackStep(env, message.contact)
      return {}
    case 'optOutFile':
      await optOutFileStep(env, message.source)
      return {}
    case 'replay':
      await replayStep(env)
      return {}
    case 'retain':
      await retainStep(env, message.now)
      return {}
    default:
      return runStep(env, message)
  }
}

/** Sends the e-mails of a notification, and the message for its webhooks, which may be slow. */
async function mailStep(env: Env, notification: string): Promise<void> {
  await notifyStep(env, notification)
  if (await hasDueWebhooks(env, notification, Date.now())) await sendStep(env, { step: 'webhook', notification })
}

/** A message for the step of a run. */
type OfRun = Extract<Step, { run: string }>
type RunStep = OfRun['step']

async function runStep(env: Env, message: OfRun): Promise<Partial<StepFacts>> {
  const { step, run: id } = message
  const holder = newId()
  const run =
    step === 'settle'
      ? await claimAfterImport(env, id, holder, Date.now())
      : await claimRun(env, id, STATUSES[step], holder, Date.now())
  // A message that comes late or twice finds the run in another status, or another message at work.
  if (run === null) return { outcome: 'skipped' }
  try {
    const source = await findSource(env, run.source)
    const outcome = source === null ? 'skipped' : await perform(env, message, run, source)
    return { outcome, source: run.source, attempt: run.attempt }
  } finally {
    await endLease(env, id, holder)
  }
}

/** Performs a step of a run. Returns `done`, or the code of the failure that it ended with. */
async function perform(env: Env, message: OfRun, run: RunRow, source: SourceRow): Promise<string> {
  const { step } = message
  const { id, holder } = run
  const renew = () => renewLease(env, id, holder ?? '', Date.now())
  if (step === 'settle') {
    await leased(renew, () => afterImportStep(env, run, source))
    return 'done'
  }
  if (!source.enabled && step !== 'apply' && run.mode === 'apply' && run.undoes === null) {
    await endDisabled(env, run, source)
    return 'source_disabled'
  }
  const long = step === 'fetch' && message.long === true
  const quick = step === 'fetch' && !long && asksServer(run)
  if (quick && source.longFetch) {
    await beginLong(env, run)
    return 'begins_long'
  }
  const started = Date.now()
  try {
    await leased(renew, (signal) => performed(env, step, run, source, signal), quick ? QUICK_FETCH : {})
    if (long) await afterLong(env, source, Date.now() - started)
    return 'done'
  } catch (error) {
    if (error instanceof TooLong) {
      await beginAgainLong(env, run, source)
      return 'begins_long'
    }
    if (!(error instanceof Failure)) throw error
    await fail(env, run, source, error)
    return error.code
  }
}

function performed(
  env: Env,
  step: Exclude<RunStep, 'settle'>,
  run: RunRow,
  source: SourceRow,
  signal: AbortSignal,
): Promise<void> {
  if (step === 'apply') {
    const isNewer = run.plan !== null && isPlanOfNewerCode(run.plan)
    return isNewer ? leaveToNewerCode(env, run, step) : applyStep(env, run, source)
  }
  if (run.undoes !== null) return undoStep(env, run, source)
  return step === 'fetch' ? fetchStep(env, run, source, signal) : planStep(env, run, source)
}

/** Ends the run with the failure, or postpones it if the failure may pass and no person is waiting for the run. */
async function fail(env: Env, found: RunRow, source: SourceRow, failure: Failure): Promise<void> {
  const run = await findRun(env, found.id)
  // A step raises the attempt by at most one. If it is higher, another message has taken over the run.
  if (run === null || stepOf(run.status) === null || run.attempt > found.attempt + 1) return
  const delay = Math.max(failure.retryAfter ?? 0, RETRY_AFTER[run.attempt - 1] ?? RETRY_FOR)
  const over = Date.now() + delay * 1000 - run.createdAt > RETRY_FOR
  if (run.trigger === 'manual' || !failure.retryable || over) return endFailed(env, run, source, failure)
  if (await moveRun(env, run, beginsAgain(delay))) await sendFirstStep(env, run, delay)
}

/**
 * Ends the run of a message that has failed too often, so that the run does not wait for ever. The log names every such
 * message.
 */
export async function deadLetter(env: Env, message: Step): Promise<void> {
  if (isOfNewerSender(message)) return sendToNewerCode(env, message)
  logGivenUp(message)
  await beat(env, 'deadLetter', Date.now())
  // E-mails and calls of other servers end by their own time, and stored data is always worked on. The tick sends these again.
  if (!('run' in message)) return
  const run = await findRun(env, message.run)
  const source = run === null ? null : await findSource(env, run.source)
  if (message.step === 'settle' && run !== null) await leaveRemote(env, run, lostBridge())
  if (run === null || source === null || stepOf(run.status) !== message.step) return
  await endFailed(
    env,
    run,
    source,
    new Failure(
      'internal',
      `Something went wrong inside Muster while ${run.status}.`,
      'Import again. If it happens once more, tell the operator of Muster the time and the number of this run.',
    ),
  )
}

function lostBridge(): Failure {
  return new Failure(
    'unreachable',
    'The server did not answer.',
    'Move or delete the file by hand, if it is still there.',
  )
}
