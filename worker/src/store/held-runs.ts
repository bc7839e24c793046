import { and, eq, ne, sql } from 'drizzle-orm'
import { type ChangeCounts, noCounts } from '../core/counts.ts'
import { PARTS, type Part } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { database, guard, type Statement, statement } from './database.ts'
import { changesOf } from './plan-reading.ts'
import { HELD, type RunDecision, type RunRow, runs } from './runs.ts'

/** Runs that wait for a person, and what a person decided about them. */

/** Returns the run of a source that waits for a person. There is at most one, since a newer one replaces it. */
export async function heldRun(env: Env, source: string): Promise<RunRow | null> {
  const [row] = await database(env)
    .select()
    .from(runs)
    .where(and(eq(runs.source, source), HELD))
  return row ?? null
}

/** Returns the held runs of the sources, by source. */
export async function heldRuns(env: Env, sources: readonly string[]): Promise<Map<string, RunRow>> {
  const among = sql`${runs.source} IN (SELECT value FROM json_each(${JSON.stringify(sources)}))`
  const rows = await database(env).select().from(runs).where(and(among, HELD))
  return new Map(rows.map((row) => [row.source, row]))
}

/** Returns the statement by which a newer run with a complete plan replaces the held run of its source. */
export function replacingHeld(env: Env, { id, source }: RunRow, now: number): Statement {
  return statement(
    database(env)
      .update(runs)
      .set({ status: 'replaced', replacedBy: id, finishedAt: now })
      .where(and(eq(runs.source, source), HELD, ne(runs.id, id))),
  )
}

/** The statement by which the undo of a run that waits for a person also rejects the changes that wait. */
export function rejectingHeld(env: Env, id: string, decision: RunDecision): Statement {
  return statement(
    database(env)
      .update(runs)
      .set({ status: 'rejected', decision, finishedAt: decision.at })
      .where(and(eq(runs.id, id), HELD)),
  )
}

/** Fails the batch unless this run, or none, waits for a person beside the source's run `id`. */
export function unmovedHeld({ id, source }: RunRow, held: string | null): Statement {
  return guard(`(SELECT h.id FROM run h WHERE h.source = :source AND h.status = 'held' AND h.id <> :id) IS :held`, {
    source,
    id,
    held,
  })
}

/** Returns how many contacts the waiting changes of a held run are about. */
export function waitingChanges({ plan, counts }: Pick<RunRow, 'plan' | 'counts'>): ChangeCounts {
  const { added, updated, removed } = counts ?? noCounts()
  return plan?.format === undefined
    ? { added, updated, removed }
    : changesOf(plan.sections.filter(({ waits }) => waits))
}

/** Returns the waiting parts of a run's plan that a person has approved. */
export function approvedParts({ decision }: Pick<RunRow, 'decision'>): readonly Part[] {
  return decision?.what === 'approved' ? (decision.parts ?? PARTS) : []
}
