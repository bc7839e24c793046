import type { Env, Step } from '../env.ts'
import type { RunRow } from '../store/runs.ts'

/**
 * The queue of each kind of message. A queue does not add consumers while a message is worked on (Cloudflare's documentation
 * of consumer concurrency), so what waits for other people's servers has queues of its own: a slow server then holds up
 * neither what only needs D1 and R2 nor the e-mails.
 */
const QUEUES = {
  fetch: 'FETCHES',
  plan: 'STEPS',
  apply: 'STEPS',
  forget: 'STEPS',
  replay: 'STEPS',
  retain: 'STEPS',
  notify: 'MAILS',
  settle: 'CALLS',
  writeBack: 'CALLS',
  optOutFile: 'CALLS',
  webhook: 'CALLS',
} as const satisfies Record<Step['step'], keyof Env>

/** Returns whether this code knows a step. */
export function isKnownStep(step: string): boolean {
  return Object.hasOwn(QUEUES, step)
}

/** Sends the message of the next step, after `delay` seconds. */
export async function sendStep(env: Env, step: Step, delay = 0, queue: Queue<Step> = env[QUEUES[step.step]]) {
  await queue.send(step, delay === 0 ? undefined : { delaySeconds: delay })
}

/** Sends the message with which a queued run begins. An undo, and a file that Muster has already, need no other server. */
export function sendFirstStep(env: Env, { id, undoes, given }: RunRow, delay = 0): Promise<void> {
  const queue = undoes === null && given === null ? env.FETCHES : env.STEPS
  return sendStep(env, { step: 'fetch', run: id }, delay, queue)
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
