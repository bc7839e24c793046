import { isUploaded } from '../connections/facts.ts'
import type { Env } from '../env.ts'
import { hashToken } from '../security/passwords.ts'
import { outdatedHeldRuns } from '../store/run-lists.ts'
import { type Given, isPlannedAgain, type NewRun, type RunRow } from '../store/runs.ts'
import { findSource, type SourceRow } from '../store/sources.ts'
import { givenSnapshot } from '../store/uploads.ts'
import { startOrRemember } from './start.ts'

/** Starts a run that replaces a held run, whose plan cannot be approved any more, once its own plan is complete. */
export async function planHeldAgain(
  env: Env,
  held: RunRow,
  source: SourceRow,
  by: Pick<NewRun, 'id' | 'trigger' | 'requestedBy'>,
  now: number,
): Promise<void> {
  const given = givenAgain(held, source)
  const run = { ...by, source: source.id, mode: 'apply', fetch: held.fetch, ...(given && { given }) } as const
  await startOrRemember(env, run, now)
}

/** Returns the bytes of a held run that cannot be fetched again: an uploaded file, or what an earlier run had fetched. */
function givenAgain(held: RunRow, { connection }: SourceRow): Given | null {
  if (held.snapshot === null || !(isUploaded(connection) || isPlannedAgain(held))) return null
  return { ...held.given, ...givenSnapshot(held.snapshot) }
}

/**
 * Plans again what waits in a plan of an older format, as after an update, or after the database was restored (`restored`
 * marks such plans). Each is tried once; until a new plan is there, an approval is refused as stale.
 */
export async function planOutdatedAgain(env: Env, now: number): Promise<void> {
  for (const held of await outdatedHeldRuns(env)) {
    const source = await findSource(env, held.source)
    if (source?.enabled !== true) continue
    const id = (await hashToken(`planned again ${held.id}`)).slice(0, 20)
    await planHeldAgain(env, held, source, { id, trigger: held.trigger, requestedBy: held.requestedBy }, now)
  }
}
