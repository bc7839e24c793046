import { and, desc, eq, gte, inArray, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Env } from '../env.ts'
import { database, madeBefore } from './database.ts'
import { PLAN_FORMAT } from './plan-reading.ts'
import type { ProblemFiles } from './reports.ts'
import { ACTIVE, FOLLOW_UP, HELD, type RunRow, type RunStatus, runs, type Trigger } from './runs.ts'

/** Returns the IDs in `ids` of runs that undo another. */
export async function undoingRuns(env: Env, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const among = sql`${runs.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  const found = await database(env)
    .select({ id: runs.id })
    .from(runs)
    .where(and(among, isNotNull(runs.undoes)))
  return new Set(found.map(({ id }) => id))
}

/** The runs to list. `from` and `to` are in milliseconds since 1970; `to` itself is not included. */
interface RunFilter {
  source?: string | undefined
  status?: RunStatus | undefined
  trigger?: Trigger | undefined
  from?: number | undefined
  to?: number | undefined
  /** The only sources whose runs are listed; null for all. */
  sources: readonly string[] | null
}

/** Lists runs, of these sources only unless it is null, newest first; `before` is the cursor of the last run of the previous page. */
export async function listRuns(env: Env, filter: RunFilter, before: string, limit: number): Promise<RunRow[]> {
  const conditions: (SQL | undefined)[] = [
    filter.source === undefined ? undefined : eq(runs.source, filter.source),
    filter.status === undefined ? undefined : eq(runs.status, filter.status),
    filter.trigger === undefined ? undefined : eq(runs.trigger, filter.trigger),
    filter.from === undefined ? undefined : gte(runs.createdAt, filter.from),
    filter.to === undefined ? undefined : lt(runs.createdAt, filter.to),
    filter.sources === null ? undefined : inArray(runs.source, [...filter.sources]),
    madeBefore(runs, before),
  ]
  return database(env)
    .select()
    .from(runs)
    .where(and(...conditions))
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(limit)
}

/** Returns the latest run of each of the sources. */
export async function latestRuns(env: Env, sources: readonly string[]): Promise<Map<string, RunRow>> {
  // The index is read once for each source, in one query for all sources.
  const latest = sql`(SELECT (SELECT id FROM run WHERE source = value ORDER BY created_at DESC, id DESC LIMIT 1)
    FROM json_each(${JSON.stringify(sources)}))`
  const rows = await database(env).select().from(runs).where(sql`${runs.id} IN ${latest}`)
  return new Map(rows.map((row) => [row.source, row]))
}

/** Returns active runs that have reported no progress for too long. */
export async function staleRuns(env: Env, now: number): Promise<RunRow[]> {
  return database(env)
    .select()
    .from(runs)
    .where(and(sql.raw(ACTIVE), lt(runs.staleAt, now)))
    .limit(50)
}

/** Returns runs that wait for a person with a plan of an older format. */
export async function outdatedHeldRuns(env: Env): Promise<RunRow[]> {
  return database(env)
    .select()
    .from(runs)
    .where(and(HELD, sql`coalesce(${runs.plan} ->> '$.format', 1) < ${PLAN_FORMAT}`))
    .limit(50)
}

/** Returns follow-up runs whose source has no active run. */
export async function waitingRuns(env: Env): Promise<RunRow[]> {
  return database(env)
    .select()
    .from(runs)
    .where(
      and(
        FOLLOW_UP,
        sql`NOT EXISTS (SELECT 1 FROM run active WHERE active.source = ${runs.source} AND ${sql.raw(ACTIVE)})`,
      ),
    )
    .limit(50)
}

/** Returns the problems of the last run of the same source that ended before this one with a report. */
export async function lastReported(env: Env, run: RunRow): Promise<ProblemFiles | null> {
  const [row] = await database(env)
    .select({ problems: runs.problems })
    .from(runs)
    .where(
      and(
        eq(runs.source, run.source),
        // A run that found the same bytes names the problems of the run that first read them.
        inArray(runs.status, ['succeeded', 'unchanged', 'held', 'replaced', 'rejected']),
        isNotNull(runs.problems),
        isNull(runs.expiredAt),
        lt(runs.createdAt, run.createdAt),
      ),
    )
    .orderBy(desc(runs.createdAt))
    .limit(1)
  return row?.problems ?? null
}

/** Returns applied runs whose remote file should have been moved or deleted by now: they ended before `before`. */
export async function unfinishedAfterImports(env: Env, before: number, now: number): Promise<RunRow[]> {
  return database(env)
    .select()
    .from(runs)
    .where(and(sql.raw(`after_import = 'pending'`), lt(runs.finishedAt, before), lt(runs.staleAt, now)))
    .limit(20)
}
