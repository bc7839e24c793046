import type { Env, Step } from '../env.ts'

/** Sends the next step. `delay` in seconds. */
export async function sendStep(env: Env, step: Step, delay = 0): Promise<void> {
  await env.STEPS.send(step, delay === 0 ? undefined : { delaySeconds: delay })
}

/** Which step takes a run on from its status; null where it waits for a person or is over. */
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
