import * as z from 'zod'
import { isUploaded } from '../connections/facts.ts'
import { PARTS } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { approve, cancel, type Decision, reject } from '../run/decide.ts'
import { startRun } from '../run/start.ts'
import { EXPIRED, isUndoable, startUndo } from '../run/undo.ts'
import { fetchesChanges } from '../run/watermark.ts'
import { runOfKey } from '../store/requests.ts'
import { listRuns } from '../store/run-lists.ts'
import { findRun, type Given, RUN_STATUSES, type RunRow, TRIGGERS } from '../store/runs.ts'
import { existingSources, findSource, type SourceRow } from '../store/sources.ts'
import { stalePlans } from '../store/stale-plans.ts'
import { fetchedBefore, lastUpload, type NoFile } from '../store/uploads.ts'
import { stillActs } from './access.ts'
import { pageOf, pageQuery, timeCursor, timeSchema } from './page.ts'
import { isSignedIn } from './person.ts'
import { ApiError, notFound } from './problem.ts'
import { route } from './route.ts'
import { runEvents } from './run-events.ts'
import { onlyStatus, runView, viewOf } from './run-view.ts'
import { pageSchema, startedSchema } from './views/answer.ts'
import { rekeySchema, runSchema } from './views/run.ts'

/** Who may follow a run. A page that stays open is no sign that somebody is there. */
const EVENTS = { role: 'viewer', scope: 'runs:read', limited: 'run', ownRuns: true, passive: true } as const

/** The routes of runs: to start, list, follow, decide about and undo them. */
export const runRoutes = [
  route({
    method: 'post',
    path: '/api/sources/:id/runs',
    summary:
      'Import now, or preview, of an uploaded source its last file; the same Idempotency-Key gives the same run for 24 hours; with `snapshot`, the bytes that an earlier run fetched are planned again',
    role: 'manager',
    scope: 'runs:write',
    limited: 'source',
    status: 202,
    body: z
      .object({
        mode: z.enum(['apply', 'preview']).default('apply'),
        fetch: z.enum(['all', 'changes']).optional(),
        snapshot: z.string().max(100).optional().describe('The ID of an earlier run of the source'),
      })
      .refine(({ fetch, snapshot }) => fetch === undefined || snapshot === undefined, {
        path: ['fetch'],
        message: 'Nothing is fetched if the bytes of an earlier run are planned again. Leave this out.',
      }),
    answer: startedSchema,
    async handle({ env, request, params, body, actor, record }) {
      const source = await findSource(env, params.id)
      if (source === null) throw notFound('source')
      const before = body.snapshot === undefined ? null : await earlierRun(env, source.id, body.snapshot)
      const fetch = before?.fetch ?? (fetchesChanges(source) ? (body.fetch ?? 'changes') : 'all')
      const wanted = { mode: body.mode, fetch } as const
      const chosen = await chosenRun(env, request, source.id, wanted.mode)
      if (chosen?.started === true) return { id: chosen.id }
      if (!source.enabled && body.mode === 'apply') {
        throw new ApiError(409, 'source_disabled', 'This source is disabled. Enable it, or make a preview.')
      }
      const given = await givenTo(env, source, before)
      const trigger = actor.kind === 'token' ? 'api' : 'manual'
      const outcome = await startRun(
        env,
        {
          source: source.id,
          trigger,
          requestedBy: actor.label,
          ...wanted,
          ...(chosen === null ? {} : { id: chosen.id }),
          ...(given === null ? {} : { given }),
        },
        Date.now(),
      )
      if ('active' in outcome) throw runActive(outcome.active)
      await record('run_started', outcome.started.id, body.mode)
      return { id: outcome.started.id }
    },
  }),
  route({
    method: 'get',
    path: '/api/runs',
    summary: 'Runs, newest first',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'handler',
    query: pageQuery.extend({
      source: z.string().optional(),
      status: z.enum(RUN_STATUSES).optional(),
      trigger: z.enum(TRIGGERS).optional(),
      from: timeSchema.optional().describe('Only runs that were started at this time or later'),
      to: timeSchema.optional().describe('Only runs that were started before this time'),
    }),
    answer: pageSchema(runSchema),
    async handle({ env, query: { cursor, limit, from, to, ...filter }, actor }) {
      const within = {
        from: from === undefined ? undefined : Date.parse(from),
        to: to === undefined ? undefined : Date.parse(to),
      }
      const rows = await listRuns(env, { ...filter, ...within, sources: actor.sources }, timeCursor(cursor), limit + 1)
      const current = await existingSources(
        env,
        rows.map((row) => row.source),
      )
      const stale = await stalePlans(env, rows)
      return pageOf(
        rows,
        limit,
        (row) => `${row.createdAt}.${row.id}`,
        (row) => viewOf(row, stale, current.has(row.source)),
      )
    },
  }),
  route({
    method: 'get',
    path: '/api/runs/:id',
    summary: 'One run',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'run',
    ownRuns: true,
    answer: runSchema,
    async handle({ env, params, actor }) {
      const run = await find(env, params.id)
      const view = await runView(env, run, (await findSource(env, run.source)) !== null)
      return actor.onlyStatus ? onlyStatus(view) : view
    },
  }),
  route({
    method: 'get',
    path: '/api/runs/:id/events',
    summary: 'Progress and status as server-sent events',
    ...EVENTS,
    async handle({ env, params, request, actor }) {
      const mayRead = () =>
        actor.session === null ? stillActs(env, request, EVENTS, params.id) : isSignedIn(env, actor)
      return runEvents(
        env,
        await find(env, params.id),
        request.signal,
        mayRead,
        actor.onlyStatus ? onlyStatus : undefined,
      )
    },
  }),
  route({
    method: 'post',
    path: '/api/runs/:id/approve',
    summary: 'Apply a held run’s plan',
    role: 'manager',
    scope: 'runs:write',
    limited: 'run',
    status: 202,
    body: z.object({
      planHash: z.string(),
      parts: z.array(z.enum(PARTS)).min(1).optional(),
      rekey: rekeySchema.optional(),
    }),
    answer: startedSchema,
    async handle({ env, params, body, actor, record }) {
      const run = await find(env, params.id)
      insist(await approve(env, run, body.planHash, actor.label, body))
      await record('run_approved', run.id)
      return { id: run.id }
    },
  }),
  route({
    method: 'post',
    path: '/api/runs/:id/reject',
    summary: 'Reject a held run’s plan and change nothing',
    role: 'manager',
    scope: 'runs:write',
    limited: 'run',
    answer: runSchema,
    async handle({ env, params, actor, record }) {
      const run = await find(env, params.id)
      insist(await reject(env, run, actor.label))
      await record('run_rejected', run.id)
      return runView(env, await find(env, run.id))
    },
  }),
  route({
    method: 'post',
    path: '/api/runs/:id/undo',
    summary: 'Undo what a run changed, value by value, except values that have changed since',
    role: 'manager',
    scope: 'runs:write',
    limited: 'run',
    status: 202,
    answer: startedSchema,
    async handle({ env, params, actor, record }) {
      const run = await find(env, params.id)
      if (run.expiredAt !== null) throw new ApiError(409, 'expired', EXPIRED)
      if (!isUndoable(run) || (await findSource(env, run.source)) === null)
        throw new ApiError(409, 'not_undoable', 'There is nothing of this run that can be taken back.')
      const outcome = await startUndo(env, run, actor.label, Date.now())
      if ('active' in outcome) throw runActive(outcome.active)
      await record('run_undone', run.id)
      return { id: outcome.started.id }
    },
  }),
  route({
    method: 'post',
    path: '/api/runs/:id/cancel',
    summary: 'Cancel a run that has not begun to apply',
    role: 'manager',
    scope: 'runs:write',
    limited: 'run',
    answer: runSchema,
    async handle({ env, params, actor, record }) {
      const run = await find(env, params.id)
      insist(await cancel(env, run, actor.label))
      await record('run_cancelled', run.id)
      return runView(env, await find(env, run.id))
    },
  }),
]

/**
 * Returns the ID of the run for the request's `Idempotency-Key`, and whether it has been started; null without a key.
 */
export async function chosenRun(
  env: Env,
  request: Request,
  source: string,
  mode: RunRow['mode'],
): Promise<{ id: string; key: string; started: boolean } | null> {
  const key = request.headers.get('Idempotency-Key')
  if (key === null) return null
  if (key === '' || key.length > 255)
    throw new ApiError(400, 'invalid', 'The Idempotency-Key has between 1 and 255 characters.')
  const id = await runOfKey(env, source, key, Date.now())
  const run = await findRun(env, id)
  if (run !== null && run.mode !== mode)
    throw new ApiError(422, 'idempotency_key_reused', 'This Idempotency-Key was used for another request.', { id })
  return { id, key, started: run !== null }
}

const NO_UPLOAD: Record<NoFile, string> = {
  none: 'No file has been uploaded to this source yet. Upload one.',
  expired: 'The last file of this source has been deleted: its time to be kept is over. Upload it again.',
  erased: 'The last file of this source has been deleted, since it had a person who was erased. Upload it again.',
}

const NO_SNAPSHOT: Record<NoFile, string> = {
  none: 'That run has fetched no file.',
  expired: 'The file of that run has been deleted: its time to be kept is over. Import the file that is there now.',
  erased:
    'The file of that run has been deleted, since it had a person who was erased. Import the file that is there now.',
}

/**
 * Returns the bytes that a run is given: those of an earlier run, or the file that was uploaded last; null if they are to be
 * fetched. Throws `ApiError` 409 `no_file` if there are none.
 */
async function givenTo(env: Env, source: SourceRow, before: RunRow | null): Promise<Given | null> {
  if (before === null && !isUploaded(source.connection)) return null
  const found = before === null ? await lastUpload(env, source.id) : await fetchedBefore(env, before)
  if (typeof found === 'string') throw new ApiError(409, 'no_file', (before === null ? NO_UPLOAD : NO_SNAPSHOT)[found])
  return found
}

/** Returns a run of the source. Throws `ApiError` 404 if it has none with this ID. */
async function earlierRun(env: Env, source: string, id: string): Promise<RunRow> {
  const run = await findRun(env, id)
  if (run?.source !== source) throw notFound('run of this source')
  return run
}

const REFUSALS: Record<Exclude<Decision, 'done'>, string> = {
  plan_stale: 'Contacts or settings have changed since this plan was made. Import again to see a new one.',
  part_not_waiting: 'A part that you want to approve does not wait. Look at what waits, and choose again.',
  pair_not_waiting: 'A person whom you want to move does not wait for a new ID. Look at who waits, and choose again.',
  not_held: 'This run does not wait for a decision: somebody has decided already, or a newer run took its place.',
  run_active: 'An import of this source is running. Wait for it to end.',
  source_disabled: 'This source is disabled. Enable it first.',
  already_applying: 'This run has begun to change contacts and can no longer be cancelled. Undo it afterwards.',
  already_over: 'This run is over.',
}

/** Returns the error for a request that cannot wait for the active run of its source to end. */
export function runActive({ id }: RunRow): ApiError {
  return new ApiError(409, 'run_active', 'An import of this source is already running.', { runId: id, id })
}

function insist(decision: Decision): void {
  if (decision !== 'done') throw new ApiError(409, decision, REFUSALS[decision])
}

async function find(env: Env, id: string): Promise<RunRow> {
  const run = await findRun(env, id)
  if (run === null) throw notFound('run')
  return run
}
