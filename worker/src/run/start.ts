import type { Env } from '../env.ts'
import {
  activeRun,
  findRun,
  followUpRun,
  type Given,
  insertRun,
  moveRun,
  type NewRun,
  type RunRow,
  STALE_AFTER,
} from '../store/runs.ts'
import { deleteUpload, giveInstead } from '../store/uploads.ts'
import { sendFirstStep } from './step.ts'

/** Either the run that was started, or the active run because of which none was. */
export type Started = { started: RunRow } | { active: RunRow }

/**
 * Starts a run for a person or a system that wants exactly this run. Refused while another run of the source is active.
 * A run whose ID was chosen beforehand is started once; later calls return that run in whatever state it is.
 */
export async function startRun(env: Env, run: NewRun, now: number): Promise<Started> {
  for (;;) {
    const row = await insertRun(env, run, now)
    if (row !== null) {
      await sendFirstStep(env, row)
      return { started: row }
    }
    const same = run.id === undefined ? null : await findRun(env, run.id)
    if (same !== null) return { started: same }
    const active = await activeRun(env, run.source)
    // If the active run ended between the two queries, a new run can be started.
    if (active !== null) return { active }
  }
}

/**
 * Starts a run for a schedule or a webhook, which only need some run to follow. While a run is active, they share one
 * follow-up run, which starts when the active one ends (design: one active run per source).
 */
export async function startOrRemember(env: Env, run: NewRun, now: number): Promise<RunRow> {
  for (;;) {
    const outcome = await startRun(env, run, now)
    if ('started' in outcome) return outcome.started
    const followUp = (await insertRun(env, { ...run, followUp: true }, now)) ?? (await followUpRun(env, run.source))
    if (followUp !== null) return followUp
  }
}

/**
 * Starts a run for an uploaded file. While a run is active, the newest file waits with the follow-up run: it takes the place
 * of the file that waited, which is deleted. Returns the run; another file than `run.given` means that a run with this ID
 * existed already.
 */
export async function startUploaded(env: Env, run: NewRun & { given: Given }, now: number): Promise<RunRow> {
  for (;;) {
    const outcome = await startRun(env, run, now)
    if ('started' in outcome) return outcome.started
    const followUp = await insertRun(env, { ...run, followUp: true }, now)
    if (followUp !== null) return followUp
    const waiting = await followUpRun(env, run.source)
    if (waiting === null || !(await giveInstead(env, waiting, run))) continue
    await deleteUpload(env, waiting)
    return { ...waiting, given: run.given }
  }
}

/** Starts the follow-up run of a source, if there is one and no other run is active. */
export async function startFollowUp(env: Env, source: string, now: number): Promise<void> {
  const waiting = await followUpRun(env, source)
  if (waiting === null || (await activeRun(env, source)) !== null) return
  // If another run has become active first, the follow-up run waits for that one.
  if (!(await moveRun(env, waiting, { followUp: false, staleAt: now + STALE_AFTER }))) return
  await sendFirstStep(env, waiting)
}
