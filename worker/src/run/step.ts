import type { Env, Step } from '../env.ts'

/** Sends the message of the next step, after `delay` seconds. */
export async function sendStep(env: Env, step: Step, delay = 0): Promise<void> {
  await env.STEPS.send(step, delay === 0 ? undefined : { delaySeconds: delay })
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
