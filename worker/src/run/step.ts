import type { Env, Step } from '../env.ts'
import type { RunRow } from '../store/runs.ts'

/**
 * The queue of each kind of message. A queue does not add consumers while a message is worked on (Cloudflare's documentation
 * of consumer concurrency), so what waits for other people's servers has queues of its own: a slow server then holds up
 * neither what only needs D1 and R2 nor the e-mails.
 */
function queueOf(step: Step['step']): 'FETCHES' | 'STEPS' | 'MAILS' | 'CALLS' {
  switch (step) {
    case 'fetch':
      return 'FETCHES'
    case 'plan':
    case 'apply':
    case 'forget':
    case 'replay':
    case 'retain':
      return 'STEPS'
    case 'notify':
      return 'MAILS'
    case 'settle':
    case 'writeBack':
    case 'optOutFile':
    case 'webhook':
      return 'CALLS'
  }
}

/** Returns whether this code knows a step: newer code may have sent the message. */
export function isKnownStep(step: string): step is Step['step'] {
  const queue: string | undefined = queueOf(step as Step['step'])
  return queue !== undefined
}

/** Sends the message of the next step, after `delay` seconds. */
export async function sendStep(env: Env, step: Step, delay = 0, queue: Queue<Step> = env[queueOf(step.step)]) {
  await queue.send(step, delay === 0 ? undefined : { delaySeconds: delay })
}

/** Returns whether a run fetches from another server: an undo does not, and neither does a file that Muster has already. */
export function asksServer({ undoes, given }: RunRow): boolean {
  return undoes === null && given === null
}

/** Sends the message with which a queued run begins. */
export function sendFirstStep(env: Env, run: RunRow, delay = 0): Promise<void> {
  return sendStep(env, { step: 'fetch', run: run.id }, delay, asksServer(run) ? env.FETCHES : env.STEPS)
}

/** Returns the step that continues a run in this status; null if the run is held or over. */
export function stepOf(status: string): 'fetch' | 'plan' | 'apply' | null {
  switch (status) {
    case 'queued':
    case 'fetching':
      return 'fetch'
    case 'planning':
      return 'plan'
    case 'applying':
      return 'apply'
    default:
      return null
  }
}
