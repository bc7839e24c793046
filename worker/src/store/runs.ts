import { and, desc, eq, inArray, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'
import { database, first, guard, madeBefore, named, type Statement, statement, write } from './database.ts'
import { ACTIVE_STATUSES, type ProblemFiles, type RunRow, type RunStatus, runs, type Trigger } from './schema.ts'

/*
 * The partial indexes of `run` serve only conditions that are written as the migrations write them: a bound parameter,
 * which is how drizzle passes a value, can make SQLite read every run instead.
 */
/** As SQL, of `run`: it is the active run of its source. */
export const ACTIVE = `remembered = 0 AND status IN (${ACTIVE_STATUSES.map((status) => `'${status}'`).join(', ')})`
const REMEMBERED = sql.raw(`remembered = 1 AND status = 'queued'`)
/** As SQL, of `run`: it waits for a person. */
export const HELD = sql.raw(`status = 'held'`)
/** As SQL, of `run`: it is writing contacts. */
export const IS_APPLYING = `${ACTIVE} AND status = 'applying'`
/** As SQL: a run is writing contacts; it goes by the field definitions it began with. */
export const APPLYING = `EXISTS (SELECT 1 FROM run WHERE ${IS_APPLYING})`

/** How long a step may be silent before the sweeper takes its message for lost, in milliseconds. */
export const STALE_AFTER = 120_000

export async function findRun(env: Env, id: string): Promise<RunRow | null> {
  const [row] = await database(env).select().from(runs).where(eq(runs.id, id))
  return row ?? null
}

/** Those of the runs that take another back. */
export async function undoingRuns(env: Env, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const among = sql`${runs.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  const found = await database(env)
    .select({ id: runs.id })
    .from(runs)
    .where(and(among, isNotNull(runs.undoes)))
  return new Set(found.map(({ id }) => id))
}

/** The run of a source that is queued, fetching, planning or applying. */
export async function activeRun(env: Env, source: string): Promise<RunRow | null> {
  const [row] = await database(env)
    .select()
    .from(runs)
    .where(and(eq(runs.source, source), sql.raw(ACTIVE)))
  return row ?? null
}

/** Whether any run is writing contacts. */
export async function isApplying(env: Env): Promise<boolean> {
  const row = await first<{ applying: number }>(env, named(`SELECT ${APPLYING} AS applying`))
  return row?.applying === 1
}

/** The run of a source that waits for a person; a newer one takes the place of an older. */
export async function heldRun(env: Env, source: string): Promise<RunRow | null> {
  const [row] = await database(env)
    .select()
    .from(runs)
    .where(and(eq(runs.source, source), HELD))
  return row ?? null
}

export interface NewRun {
  /** Chosen beforehand where a request that is sent again must find its run. */
  id?: string
  source: string
  trigger: Trigger
  mode: 'apply' | 'preview'
  fetch: 'all' | 'changes'
  requestedBy: string | null
  /** The run that this one takes back. */
  undoes?: string
  remembered?: boolean
}

/** Makes a run, unless the source already has one of its kind (active, or remembered): then null. */
export async function insertRun(env: Env, run: NewRun, now: number): Promise<RunRow | null> {
  const [row] = await database(env)
    .insert(runs)
    .values({ ...run, id: run.id ?? newId(), status: 'queued', createdAt: now, staleAt: now + STALE_AFTER })
    .onConflictDoNothing()
    .returning()
  return row ?? null
}

/** A run as a step found it. */
type Found = Pick<RunRow, 'id' | 'status' | 'attempt'>

/** Fails the batch unless the run is where the step found it: same status and attempt. */
export function unmovedRun({ id, status, attempt }: Found): Statement {
  return guard('EXISTS (SELECT 1 FROM run WHERE id = :id AND status = :status AND attempt = :attempt)', {
    id,
    status,
    attempt,
  })
}

/**
 * Moves a run on, if it is still where the step found it: same status and, where given, same attempt. False when another
 * message was first, or another run of the source is active, which ends the step.
 */
export async function moveRun(
  env: Env,
  { id, status, attempt }: Omit<Found, 'attempt'> & Partial<Found>,
  change: Partial<typeof runs.$inferInsert>,
): Promise<boolean> {
  const found = and(
    eq(runs.id, id),
    eq(runs.status, status),
    attempt === undefined ? undefined : eq(runs.attempt, attempt),
  )
  const { results } = await write(env, [statement(database(env).update(runs).set(change).where(found))], runs.source)
  return results[0]?.meta.changes === 1
}

/**
 * Moves a run on together with other writes, in one transaction. Nothing is written, and the answer is false, when the
 * run is not where the step found it.
 */
export async function commit(
  env: Env,
  run: Found,
  change: Partial<typeof runs.$inferInsert> & { status: RunStatus },
  others: readonly Statement[],
): Promise<boolean> {
  const update = database(env).update(runs).set(change).where(eq(runs.id, run.id))
  const { failed } = await write(env, [unmovedRun(run), statement(update), ...others], 'guard')
  return failed === null
}

/** Tells how far a step is, and that it is alive. False when the run has been cancelled or taken over. */
export async function reportProgress(
  env: Env,
  run: RunRow,
  done: number,
  total: number,
  now: number,
): Promise<boolean> {
  return moveRun(env, run, { done, total, staleAt: now + STALE_AFTER })
}

/** Runs, newest first; `before` is the cursor of the last one seen. */
export async function listRuns(
  env: Env,
  filter: { source?: string | undefined; status?: RunStatus | undefined },
  before: string,
  limit: number,
): Promise<RunRow[]> {
  const conditions: (SQL | undefined)[] = [
    filter.source === undefined ? undefined : eq(runs.source, filter.source),
    filter.status === undefined ? undefined : eq(runs.status, filter.status),
    madeBefore(runs, before),
  ]
  return database(env)
    .select()
    .from(runs)
    .where(and(...conditions))
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(limit)
}

/** The latest run of each of the sources. */
export async function latestRuns(env: Env, sources: readonly string[]): Promise<Map<string, RunRow>> {
  // One look at the index for each source, and one query for all of them.
  const latest = sql`(SELECT (SELECT id FROM run WHERE source = value ORDER BY created_at DESC, id DESC LIMIT 1)
    FROM json_each(${JSON.stringify(sources)}))`
  const rows = await database(env).select().from(runs).where(sql`${runs.id} IN ${latest}`)
  return new Map(rows.map((row) => [row.source, row]))
}

/** Active runs that have been silent for too long. */
export async function staleRuns(env: Env, now: number): Promise<RunRow[]> {
  return database(env)
    .select()
    .from(runs)
    .where(and(sql.raw(ACTIVE), lt(runs.staleAt, now)))
    .limit(50)
}

/** The run that waits for the active one of its source to end, where there is one. */
export async function rememberedRun(env: Env, source: string): Promise<RunRow | null> {
  const [row] = await database(env)
    .select()
    .from(runs)
    .where(and(eq(runs.source, source), REMEMBERED))
  return row ?? null
}

/** Sources with a remembered run and no active one. */
export async function waitingRuns(env: Env): Promise<RunRow[]> {
  return database(env)
    .select()
    .from(runs)
    .where(
      and(
        REMEMBERED,
        sql`NOT EXISTS (SELECT 1 FROM run active WHERE active.source = ${runs.source} AND ${sql.raw(ACTIVE)})`,
      ),
    )
    .limit(50)
}

/** The problems of the last run of the same source that ended before this one with a report. */
export async function lastReported(env: Env, run: RunRow): Promise<ProblemFiles | null> {
  const [row] = await database(env)
    .select({ problems: runs.problems })
    .from(runs)
    .where(
      and(
        eq(runs.source, run.source),
        // One that found the same bytes names the problems of the run that read them first.
        inArray(runs.status, ['succeeded', 'unchanged']),
        isNotNull(runs.problems),
        isNull(runs.expiredAt),
        lt(runs.createdAt, run.createdAt),
      ),
    )
    .orderBy(desc(runs.createdAt))
    .limit(1)
  return row?.problems ?? null
}

/** Applied runs whose remote file should have been moved or deleted by now. */
export async function unsettledRuns(env: Env, before: number): Promise<RunRow[]> {
  return database(env)
    .select()
    .from(runs)
    .where(and(sql.raw(`after_import = 'pending'`), lt(runs.finishedAt, before)))
    .limit(20)
}

/** When the fetch of what a run imports began: only an opt-out that is older can have been known to the source. */
export function fetchedAt(run: RunRow): number {
  return run.startedAt ?? run.createdAt
}
