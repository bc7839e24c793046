import type { Env, Step } from '../env.ts'
import { moveRun, type RunRow, STALE_AFTER } from '../store/runs.ts'
import { isKnownStep, sendStep } from './step.ts'

/*
 * Two versions of the code run beside each other while a deployment is rolled out, and after a rollback the older one finds what
 * the newer one left. What this code cannot read it leaves to the newer code, and fails no run because of it.
 */

/** How long until this code looks again at what it left to newer code, in seconds. */
const NEWER_AFTER = 60

/** The version of messages. Raise it when a message means something that the code before would get wrong. */
const MESSAGE_FORMAT = 1

/** Returns whether newer code sent a message: its step or its format is one that this code does not know. */
export function isOfNewerSender({ step, format = MESSAGE_FORMAT }: Step): boolean {
  return format > MESSAGE_FORMAT || !isKnownStep(step)
}

/** Sends a message of newer code again later, as it is. */
export function sendToNewerCode(env: Env, message: Step): Promise<void> {
  return sendStep(env, message, NEWER_AFTER, isKnownStep(message.step) ? undefined : env.STEPS)
}

/** Leaves the step of a run to newer code, whose plan or state this code cannot read. */
export async function leaveToNewerCode(env: Env, run: RunRow, step: 'plan' | 'apply'): Promise<void> {
  const staleAt = Date.now() + NEWER_AFTER * 1000 + STALE_AFTER
  if (await moveRun(env, run, { staleAt })) await sendStep(env, { step, run: run.id }, NEWER_AFTER)
}
