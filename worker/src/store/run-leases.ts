import { and, eq, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Env } from '../env.ts'
import { database } from './database.ts'
import { type RunRow, type RunStatus, runs, STALE_AFTER } from './runs.ts'

/*
 * The lease of a run: `holder` names the message that works on it, and `staleAt` is when the lease ends if the message
 * shows no sign of life. A run that moves to another status has no holder, so the message of its next step can begin.
 */

/**
 * Claims an active run for a message. Returns null if the run is in none of the statuses, or if another message works on it:
 * then this one is a duplicate. `now` is in milliseconds since 1970.
 */
export function claimRun(
  env: Env,
  id: string,
  statuses: readonly RunStatus[],
  holder: string,
  now: number,
): Promise<RunRow | null> {
  return claim(env, id, and(eq(runs.followUp, false), inArray(runs.status, [...statuses])), holder, now)
}

/** Claims a run that has been applied and whose remote file is to be moved or deleted. Returns null like `claimRun`. */
export function claimAfterImport(env: Env, id: string, holder: string, now: number): Promise<RunRow | null> {
  return claim(env, id, eq(runs.afterImport, 'pending'), holder, now)
}

async function claim(
  env: Env,
  id: string,
  found: SQL | undefined,
  holder: string,
  now: number,
): Promise<RunRow | null> {
  const [row] = await database(env)
    .update(runs)
    .set({ holder, staleAt: now + STALE_AFTER })
    .where(and(eq(runs.id, id), found, or(isNull(runs.holder), lte(runs.staleAt, now))))
    .returning()
  return row ?? null
}

/** Renews a lease. Returns false if the message no longer has it. */
export async function renewLease(env: Env, id: string, holder: string, now: number): Promise<boolean> {
  const renewed = await database(env)
    .update(runs)
    .set({ staleAt: now + STALE_AFTER })
    .where(and(eq(runs.id, id), eq(runs.holder, holder)))
    .returning({ id: runs.id })
  return renewed.length === 1
}

/** Ends a lease, so that the next message can begin at once. Does nothing if the message no longer has it. */
export async function endLease(env: Env, id: string, holder: string): Promise<void> {
  await database(env)
    .update(runs)
    .set({ holder: null })
    .where(and(eq(runs.id, id), eq(runs.holder, holder)))
}

/** The longest pause before the message of a run is sent again, as a multiple of the shortest. */
const LONGEST = 8

/**
 * Takes a run from a message that shows no sign of life, or finds that its message may be lost. Returns the run as it is then,
 * null if it has moved on. While messages only wait in a long queue, each further one is sent later, so that they do not
 * fill it. `pause`: how long until it may be taken again, in milliseconds.
 */
export async function takeStale(
  env: Env,
  { id, status, attempt, resent }: RunRow,
  now: number,
  pause: number = STALE_AFTER,
): Promise<RunRow | null> {
  const [row] = await database(env)
    .update(runs)
    .set({
      holder: null,
      lost: sql`${runs.lost} + (${runs.holder} IS NOT NULL)`,
      resent: sql`${runs.resent} + 1`,
      staleAt: now + pause * Math.min(2 ** resent, LONGEST),
    })
    .where(and(eq(runs.id, id), eq(runs.status, status), eq(runs.attempt, attempt), lte(runs.staleAt, now)))
    .returning()
  return row ?? null
}
