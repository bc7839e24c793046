import type { Env } from '../env.ts'
import {
  activeRun,
  findRun,
  followUpRun,
  insertRun,
  moveRun,
  type NewRun,
  type RunRow,
  STALE_AFTER,
} from '../store/runs.ts'
import { sendStep } from './step.ts'

/** Either the run that was started, or the active one that stands in its way. */
export type Started = { started: RunRow } | { active: RunRow }

/**
 * Starts a run for a person or a system that wants this very run: refused while another is active. A run whose ID was
 * chosen beforehand is started once, and given back whatever has become of it.
 */
export async function startRun(env: Env, run: NewRun, now: number): Promise<Started> {
  for (;;) {
    const row = await insertRun(env, run, now)
    if (row !== null) {
      await sendStep(env, { step: 'fetch', run: row.id })
      return { started: row }
    }
    const same = run.id === undefined ? null : await findRun(env, run.id)
    if (same !== null) return { started: same }
    const active = await activeRun(env, run.source)
    // Between the two looks the active run may have ended; then there is room again.
    if (active !== null) return { active }
  }
}

/**
 * Starts a run for a schedule or a webhook, which ask only that a run follows: while one is active they share one
 * remembered run, which starts when that one ends (design: one active run per source).
 */
export async function startOrRemember(env: Env, run: NewRun, now: number): Promise<RunRow> {
  for (;;) {
    const outcome = await startRun(env, run, now)
    if ('started' in outcome) return outcome.started
    const followUp = (await insertRun(env, { ...run, followUp: true }, now)) ?? (await followUpRun(env, run.source))
    if (followUp !== null) return followUp
  }
}

/** Starts the run that waits for the source, if one does and nothing else is active. */
export async function startFollowUp(env: Env, source: string, now: number): Promise<void> {
  const waiting = await followUpRun(env, source)
  if (waiting === null || (await activeRun(env, source)) !== null) return
  // Where another run became active first, this one goes on waiting for it.
  if (!(await moveRun(env, waiting, { followUp: false, staleAt: now + STALE_AFTER }))) return
  await sendStep(env, { step: 'fetch', run: waiting.id })
}
