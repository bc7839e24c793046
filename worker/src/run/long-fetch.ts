import type { Env } from '../env.ts'
import { beginsAgain, findRun, moveRun, type RunRow, UNCLAIMED } from '../store/runs.ts'
import { recordLongFetch, type SourceRow } from '../store/sources.ts'
import type { Bounds } from './lease.ts'
import { sendStep } from './step.ts'

/*
 * A queue works on nothing else while its one consumer waits for a slow server. So the queue of fetches gives each of them ten
 * seconds. A fetch that takes longer begins again in the queue of slow servers, where the next fetches of its source begin at
 * once, until one of them is quick. So a slow server holds up other slow ones, and nobody else for long.
 */

/** How long the queue of fetches waits for one of them, in milliseconds. A container of the bridge starts within it. */
const QUICK = 10_000

/** A fetch has taken so long that it goes on in the queue of slow servers. */
export class TooLong extends Error {
  override name = 'TooLong'
}

/** How long a fetch may take in the queue of fetches, and how it ends then. */
export const QUICK_FETCH: Partial<Bounds> = { within: QUICK, tooLate: () => new TooLong() }

/** Sends the fetch of a run to the queue of slow servers, before it begins. */
export async function beginLong(env: Env, run: RunRow): Promise<void> {
  if (await moveRun(env, run, UNCLAIMED)) await sendLong(env, run)
}

/** Lets the fetch of a run, as its message found it, begin again in the queue of slow servers, and the next ones of its source too. */
export async function beginAgainLong(env: Env, found: RunRow, source: SourceRow): Promise<void> {
  await recordLongFetch(env, source.id, true)
  const run = await findRun(env, found.id)
  if (run?.status !== 'fetching' || run.attempt !== found.attempt + 1) return
  if (await moveRun(env, run, beginsAgain())) await sendLong(env, run)
}

/** Lets the next fetches of a source begin in the queue of fetches again, if this one was quick. `took`: in milliseconds. */
export async function afterLong(env: Env, source: SourceRow, took: number): Promise<void> {
  if (source.longFetch && took < QUICK) await recordLongFetch(env, source.id, false)
}

function sendLong(env: Env, { id }: RunRow): Promise<void> {
  return sendStep(env, { step: 'fetch', run: id, long: true }, 0, env.LONG_FETCHES)
}
