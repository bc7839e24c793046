import type { Env } from '../env.ts'
import { deleteFile } from './files.ts'
import { type PackedFile, readPacked, writePacked } from './packed.ts'
import { moveRun, type Progress, type RunRow, STALE_AFTER, UNCLAIMED } from './runs.ts'

/**
 * How far a step has come that goes on in another message: the file with what that message needs to know, and the version
 * of its contents.
 */
export interface Stage extends PackedFile {
  format: number
}

/** The version of what steps save. Raise it whenever anything that is saved changes. */
const FORMAT = 2

/** Returns whether newer code saved the stage of a run, so that this code must leave the run to it. */
export function isOfNewerCode({ stage }: Pick<RunRow, 'stage'>): boolean {
  return (stage?.format ?? 0) > FORMAT
}

/**
 * Reads what the message before saved. Null if the step has not been paused, or if the saved state is lost or was written
 * by older code: the step then begins anew.
 */
export async function readStage<State>(env: Env, { stage }: Pick<RunRow, 'stage'>): Promise<State | null> {
  if (stage?.format !== FORMAT) return null
  try {
    return (await readPacked(env.FILES, stage)) as State
  } catch {
    return null
  }
}

/**
 * Saves what the next message needs to know, and names it in the run's row if the run is still where the step found it.
 * Returns false if the run has been cancelled or taken over. The last argument says how far the step has come.
 */
export async function saveStage(
  env: Env,
  run: RunRow,
  state: object,
  { done, total, unit }: Progress,
): Promise<boolean> {
  // In a folder of its own, since the folder of a plan's files is kept as long as the plan.
  const file = `plans/${run.source}/${run.id}.${run.attempt}.${crypto.randomUUID().slice(0, 8)}-stage/state`
  const stage = { ...(await writePacked(env.FILES, file, state)), format: FORMAT }
  const staleAt = Date.now() + STALE_AFTER
  const saved = await moveRun(env, run, { stage, done, total, unit: unit ?? null, ...UNCLAIMED, staleAt })
  await deleteStage(env, saved ? run : { stage })
  return saved
}

/**
 * Lets the next message of a step begin anew, because what the stages before were based on has changed. Returns false if
 * the run has been cancelled or taken over.
 */
export async function clearStage(env: Env, run: RunRow): Promise<boolean> {
  if (!(await moveRun(env, run, { stage: null, ...UNCLAIMED, staleAt: Date.now() + STALE_AFTER }))) return false
  await deleteStage(env, run)
  return true
}

/** Deletes what an earlier message saved, once the run's row does not name it any more. */
export async function deleteStage(env: Env, { stage }: Pick<RunRow, 'stage'>): Promise<void> {
  if (stage !== null) await deleteFile(env.FILES, stage)
}
