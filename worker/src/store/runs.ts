import { and, eq, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { type ChangeCounts, noChanges, noCounts, type RunCounts } from '../core/counts.ts'
import type { FailureCode } from '../core/failure.ts'
import { type Figures, figuresOf } from '../core/figures.ts'
import type { HoldReason } from '../core/limits.ts'
import type { Part, RekeyDecision } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'
import { database, first, guard, named, type Statement, statement, write } from './database.ts'
import type { StoredMeaning } from './meaning.ts'
import { isOptOuts, type PlanManifest } from './plan-reading.ts'
import type { ProblemFiles } from './reports.ts'
import type { Watermark } from './sources.ts'
import type { Stage } from './stages.ts'

export const TRIGGERS = ['schedule', 'manual', 'webhook', 'api', 'undo'] as const
export type Trigger = (typeof TRIGGERS)[number]

export const ACTIVE_STATUSES = ['queued', 'fetching', 'planning', 'applying'] as const
export const RUN_STATUSES = [
  ...ACTIVE_STATUSES,
  'held',
  'succeeded',
  'unchanged',
  'previewed',
  'failed',
  'rejected',
  'replaced',
  'cancelled',
] as const
export type RunStatus = (typeof RUN_STATUSES)[number]

/** The bytes that a run fetched, in R2. */
export interface Snapshot {
  file: string
  name: string
  bytes: number
  sha256: string
  /** The SHA-256 of each of its objects. Missing in old snapshots. */
  pieces?: string[]
  modifiedAt: string | null
  validator: { etag: string | null; lastModified: string | null } | null
  version?: string
  /** Whether the file was uploaded and not fetched. */
  uploaded?: true
  /** How many line breaks a text has. Missing for other files, and in old snapshots. */
  lines?: number
  /** The encoding that the server says the text has. */
  charset?: string
}

/** Bytes that a run imports and that are in R2 before it begins. */
export interface Given {
  file: string
  name: string
  bytes: number
  /** The encoding that the sender says the text has. */
  charset?: string
  /** When an earlier run fetched the bytes, in milliseconds since 1970, if that run is to be planned again. */
  fetchedAt?: number
}

/** A person's decision about a run. `at` is in milliseconds since 1970. */
export interface RunDecision {
  what: 'approved' | 'rejected' | 'cancelled'
  by: string
  at: number
  /** The parts that were approved; left out for all that waited. */
  parts?: Part[]
  /** Which people that come under new IDs are moved there; left out for all of them. */
  rekey?: RekeyDecision
}

/** Why a run waits, or waited, for a person. */
export interface Hold {
  reasons: HoldReason[]
  /** The same changes already wait in the run that this one replaces, or were the last that a person rejected. */
  repeats?: 'held' | 'rejected'
}

export const PROGRESS_UNITS = ['bytes', 'rows', 'changes'] as const
export type ProgressUnit = (typeof PROGRESS_UNITS)[number]

/** How far a step has come. `total` is 0 if it is not known. */
export interface Progress {
  done: number
  total: number
  unit?: ProgressUnit
}

export const runs = sqliteTable('run', {
  id: text('id').primaryKey(),
  source: text('source').notNull(),
  trigger: text('trigger').$type<Trigger>().notNull(),
  mode: text('mode').$type<'apply' | 'preview'>().notNull(),
  fetch: text('fetch').$type<'all' | 'changes'>().notNull(),
  status: text('status').$type<RunStatus>().notNull(),
  followUp: integer('follow_up', { mode: 'boolean' }).notNull().default(false),
  requestedBy: text('requested_by'),
  createdAt: integer('created_at').notNull(),
  startedAt: integer('started_at'),
  finishedAt: integer('finished_at'),
  staleAt: integer('stale_at').notNull(),
  attempt: integer('attempt').notNull().default(0),
  done: integer('done').notNull().default(0),
  total: integer('total').notNull().default(0),
  position: integer('position').notNull().default(0),
  settingsHash: text('settings_hash'),
  snapshot: text('snapshot', { mode: 'json' }).$type<Snapshot>(),
  counts: text('counts', { mode: 'json' }).$type<RunCounts>(),
  plan: text('plan', { mode: 'json' }).$type<PlanManifest>(),
  problems: text('problems', { mode: 'json' }).$type<ProblemFiles>(),
  /** When removals of the run began to wait for a person, in milliseconds since 1970. */
  removalsHeldAt: integer('removals_held_at'),
  hold: text('hold', { mode: 'json' }).$type<Hold>(),
  afterImport: text('after_import').$type<'pending' | 'done' | 'failed'>(),
  failure: text('failure', { mode: 'json' }).$type<{ code: FailureCode; message: string; advice: string }>(),
  undoes: text('undoes'),
  undoneBy: text('undone_by'),
  watermark: text('watermark', { mode: 'json' }).$type<{ before: Watermark | null; after: Watermark }>(),
  expiredAt: integer('expired_at'),
  decision: text('decision', { mode: 'json' }).$type<RunDecision>(),
  /** How many contacts have been added, updated and removed so far. */
  applied: text('applied', { mode: 'json' }).$type<ChangeCounts>(),
  /** How many chunks of the plan have been written. Each raises the revisions that the plan was made on by one. */
  chunks: integer('chunks').notNull().default(0),
  /** The newer run that took the place of this one while it waited for a person. */
  replacedBy: text('replaced_by'),
  /** The bytes that the run imports, if Muster has them already: an upload, or the snapshot of an earlier run. */
  given: text('given', { mode: 'json' }).$type<Given>(),
  /** The IDs of the tokens that uploaded a file and got the ID of this run. */
  callers: text('callers', { mode: 'json' }).$type<string[]>(),
  /** How far planning has come, if it goes on in another message. Counts only while the run is planning. */
  stage: text('stage', { mode: 'json' }).$type<Stage>(),
  /** What the plan would do, in numbers. Null before it is made, for an undo, and for older runs. */
  meaning: text('meaning', { mode: 'json' }).$type<StoredMeaning>(),
  /** When the run came to its status, in milliseconds since 1970. */
  stepAt: integer('step_at'),
  /** What `done` and `total` count; null for what the step counts usually (`unitOf`). */
  unit: text('unit').$type<ProgressUnit>(),
  /** The message that works on the run (`run-leases.ts`); null while none does. */
  holder: text('holder'),
  /** How often a message that worked on the current step showed no more sign of life, and how often one was sent again. */
  lost: integer('lost').notNull().default(0),
  resent: integer('resent').notNull().default(0),
})
export type RunRow = typeof runs.$inferSelect
export type RunChange = Partial<typeof runs.$inferInsert>

/*
 * The partial indexes of `run` serve only conditions that are written as the migrations write them: a bound parameter,
 * which is how drizzle passes a value, can make SQLite read every run instead.
 */
/** As SQL: the run is the active one of its source. */
export const ACTIVE = `follow_up = 0 AND status IN (${ACTIVE_STATUSES.map((status) => `'${status}'`).join(', ')})`
/** As SQL: the run waits for the active run of its source. */
export const FOLLOW_UP = sql.raw(`follow_up = 1 AND status = 'queued'`)
/** As SQL: the run waits for a person. */
export const HELD = sql.raw(`status = 'held'`)
/** As SQL: the run is writing contacts. */
export const IS_APPLYING = `${ACTIVE} AND status = 'applying'`
/** As SQL: some run is writing contacts. It uses the field definitions that it began with. */
export const APPLYING = `EXISTS (SELECT 1 FROM run WHERE ${IS_APPLYING})`

/** How long a step may report no progress before the sweeper takes its message for lost, in milliseconds. */
export const STALE_AFTER = 120_000

export async function findRun(env: Env, id: string): Promise<RunRow | null> {
  const [row] = await database(env).select().from(runs).where(eq(runs.id, id))
  return row ?? null
}

/** Returns the run of a source that is queued, fetching, planning or applying. */
export async function activeRun(env: Env, source: string): Promise<RunRow | null> {
  const [row] = await database(env)
    .select()
    .from(runs)
    .where(and(eq(runs.source, source), sql.raw(ACTIVE)))
  return row ?? null
}

/** Returns whether any run is writing contacts. */
export async function isApplying(env: Env): Promise<boolean> {
  const row = await first<{ applying: number }>(env, named(`SELECT ${APPLYING} AS applying`))
  return row?.applying === 1
}

export interface NewRun {
  /** Chosen beforehand if a repeated request must find its run. */
  id?: string
  source: string
  trigger: Trigger
  mode: 'apply' | 'preview'
  fetch: 'all' | 'changes'
  requestedBy: string | null
  /** The run that this one undoes. */
  undoes?: string
  followUp?: boolean
  given?: Given
  callers?: string[]
}

/** Inserts a run. Returns null if the source already has an active run, or a follow-up run if this is one. */
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
 * Changes a run if it is still where the step found it, with the same status and, if given, the same attempt. Returns
 * false, which ends the step, if another message was first or another run of the source is active.
 */
export async function moveRun(
  env: Env,
  { id, status, attempt }: Omit<Found, 'attempt'> & Partial<Found>,
  change: RunChange,
): Promise<boolean> {
  const found = and(
    eq(runs.id, id),
    eq(runs.status, status),
    attempt === undefined ? undefined : eq(runs.attempt, attempt),
  )
  const moved = withStep(status, change)
  const { results } = await write(env, [statement(database(env).update(runs).set(moved).where(found))], runs.source)
  return results[0]?.meta.changes === 1
}

/** The lease of a run whose next step begins: no message works on it yet. */
export const UNCLAIMED = { holder: null, lost: 0, resent: 0 } as const

/** What a run is that begins again with a message that comes after `delay` seconds. */
export function beginsAgain(delay = 0): RunChange {
  return { status: 'queued', staleAt: Date.now() + delay * 1000 + STALE_AFTER, stage: null, ...UNCLAIMED }
}

/** Returns the change of a run with the time at which its next step begins, if that is another one. */
function withStep(status: RunStatus, change: RunChange): RunChange {
  return change.status === undefined || change.status === status
    ? change
    : { unit: null, ...UNCLAIMED, ...change, stepAt: Date.now() }
}

/** Returns the statement that changes a run, whatever its status. */
export function changingRun(env: Env, id: string, change: RunChange): Statement {
  return statement(database(env).update(runs).set(change).where(eq(runs.id, id)))
}

/** Statuses of a run whose changes may still be made. A preview shows the changes that an import would make. */
const PENDING: readonly RunStatus[] = [...ACTIVE_STATUSES, 'held', 'previewed']

/** Returns the figures of a run for the e-mail about it, its page and the API. */
export function runFigures({ status, counts, applied, plan, decision }: RunRow): Figures {
  return figuresOf({
    counts: { ...noCounts(), ...counts },
    applied: applied ?? noChanges(),
    pending: PENDING.includes(status),
    rekeyed: plan?.sections.find(({ rekeys }) => rekeys === true)?.changes ?? 0,
    rekey: decision?.rekey,
  })
}

/** Returns whether a run has come beyond the opt-outs of its plan, and so has applied changes of contacts. */
export function hasChangedContacts({ plan, position }: Pick<RunRow, 'plan' | 'position'>): boolean {
  const [first] = plan?.sections ?? []
  return position > (first !== undefined && isOptOuts(first) ? first.bytes : 0)
}

/**
 * Changes a run together with other writes, in one transaction. Writes nothing and returns false if the run is no
 * longer where the step found it.
 */
export async function commit(
  env: Env,
  run: Found,
  change: RunChange & { status: RunStatus },
  others: readonly Statement[],
): Promise<boolean> {
  const changing = changingRun(env, run.id, withStep(run.status, change))
  const { failed } = await write(env, [unmovedRun(run), changing, ...others], 'guard')
  return failed === null
}

/** Returns what the progress of a run counts. */
export function unitOf({ status, undoes, unit }: Pick<RunRow, 'status' | 'undoes' | 'unit'>): ProgressUnit {
  if (unit !== null) return unit
  if (status === 'queued' || status === 'fetching') return 'bytes'
  return status === 'planning' && undoes === null ? 'rows' : 'changes'
}

/** Records how far a step is and that it is alive. Returns false if the run has been cancelled or taken over. */
export async function reportProgress(
  env: Env,
  run: RunRow,
  { done, total, unit }: Progress,
  now: number,
): Promise<boolean> {
  return moveRun(env, run, { done, total, unit: unit ?? null, staleAt: now + STALE_AFTER })
}

/** Returns the run that waits for the active run of its source to end, if there is one. */
export async function followUpRun(env: Env, source: string): Promise<RunRow | null> {
  const [row] = await database(env)
    .select()
    .from(runs)
    .where(and(eq(runs.source, source), FOLLOW_UP))
  return row ?? null
}

/**
 * Returns when the fetch of a run's snapshot began, in milliseconds since 1970. The source can only have known of an
 * older opt-out.
 */
export function fetchedAt(run: RunRow): number {
  return run.given?.fetchedAt ?? run.startedAt ?? run.createdAt
}

/** Returns whether a run plans the bytes again that an earlier run fetched. They say nothing about the remote side now. */
export function isPlannedAgain({ given }: Pick<RunRow, 'given'>): boolean {
  return given?.fetchedAt !== undefined
}
