import { noteOf } from '../core/note.ts'
import type { Step } from '../env.ts'

/*
 * The log has one line of JSON for each step and for each end of a run, which the logs of Workers index by member. It has IDs,
 * codes and numbers, and nothing of a contact.
 */

/** What a line says of a step besides its message. `outcome`: `done`, `skipped`, or the code of a failure. */
export interface StepFacts {
  outcome: string
  source?: string
  attempt?: number
}

/** Logs that a step has been processed. `started`: when it began, in milliseconds since 1970; the clock moves with I/O only. */
export function logStep(message: Step, facts: StepFacts, started: number): void {
  console.log(JSON.stringify({ event: 'step', ...message, ...facts, ms: Date.now() - started }))
}

/** Logs a step that failed and is tried again: the kind of error and the places in the code. Never logs contact data. */
export function logFailure(message: Step, error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []
  const at = stack.slice(0, 8).map((line) => line.trim())
  console.error(JSON.stringify({ event: 'step', ...message, outcome: 'failed', error: noteOf(error), at }))
}

/** Logs that a step failed so often that it was given up. */
export function logGivenUp(message: Step): void {
  console.error(JSON.stringify({ event: 'step', ...message, outcome: 'given_up' }))
}

/** Logs the end of a run, or that it waits for a person. */
export function logEnd(run: { id: string; source: string; trigger: string; mode: string }, facts: object): void {
  const { id, source, trigger, mode } = run
  console.log(JSON.stringify({ event: 'run', run: id, source, trigger, mode, ...facts }))
}
