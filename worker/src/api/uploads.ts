import * as z from 'zod'
import { boundedReader } from '../connections/body.ts'
import { TIMEOUTS } from '../connections/connection.ts'
import { givesRecords, isUploaded } from '../connections/facts.ts'
import { dispositionName, firstName } from '../connections/file-name.ts'
import { charsetOf } from '../connections/http-file.ts'
import { MAX_BYTES } from '../connections/open.ts'
import type { BlockReader } from '../core/bytes.ts'
import { Failure } from '../core/failure.ts'
import type { Env } from '../env.ts'
import { startRun, startUploaded } from '../run/start.ts'
import { deleteFile, FileWriter } from '../store/files.ts'
import { moveKey } from '../store/requests.ts'
import { activeRun, type Given, type RunRow } from '../store/runs.ts'
import { findSource, type SourceRow } from '../store/sources.ts'
import { addCaller, newUpload } from '../store/uploads.ts'
import type { Actor } from './access.ts'
import { ApiError, notFound } from './problem.ts'
import { type Call, route } from './route.ts'
import { chosenRun, runActive } from './runs.ts'

const query = z.object({
  name: z.string().max(1000).optional().describe('The name of the file; also by Content-Disposition'),
  mode: z.enum(['apply', 'preview']).default('apply'),
})
const answer = z.object({ runId: z.string() })

/** Uploading the file of a source (design: Connections, upload). */
export const uploadRoutes = [
  route({
    method: 'put',
    path: '/api/sources/:id/file',
    summary:
      'Upload a source’s file and import it, or preview any file as the source would read it; the body is the file. The same Idempotency-Key gives the same run',
    role: 'manager',
    scope: 'files:write',
    limited: 'source',
    status: 202,
    query,
    raw: 'stream',
    answer,
    handle: (call) => upload(call, ''),
  }),
  route({
    method: 'put',
    path: '/api/sources/:id/file/:name',
    summary: 'The same, with the file’s name as curl -T adds it to an address that ends in a slash',
    role: 'manager',
    scope: 'files:write',
    limited: 'source',
    status: 202,
    query,
    raw: 'stream',
    answer,
    handle: (call) => upload(call, call.params.name),
  }),
]

type UploadCall = Call<'/api/sources/:id/file', typeof query, undefined, 'stream', 'run_started'>

/** Takes a file, whose name may be at the end of the path, and starts its run. */
async function upload(
  { env, request, params: { id }, query: { name, mode }, body, actor, record }: UploadCall,
  pathName: string,
): Promise<z.output<typeof answer>> {
  const source = await uploadedSource(env, id, mode)
  requireOneFile(request)
  const chosen = await chosenRun(env, request, source.id, mode)
  if (chosen?.started === true) return started(env, chosen.id, actor)
  if (mode === 'preview') await requireIdle(env, source)
  const named = firstName([name ?? '', dispositionName(request.headers.get('Content-Disposition')), pathName])
  const charset = charsetOf(request.headers)
  const received = await receive(env, request, body, source.id)
  const given = { ...received, name: named, ...(charset !== null && { charset }) }
  const run = await start(env, id, mode, given, actor, chosen?.id).catch(async (error: unknown) => {
    await deleteFile(env.FILES, given)
    throw error
  })
  await record('run_started', run.id, mode)
  // Another request with the same key was faster.
  if (run.given?.file !== given.file) await deleteFile(env.FILES, given)
  if (chosen !== null && chosen.id !== run.id) await moveKey(env, source.id, chosen.key, run.id)
  return started(env, run.id, actor)
}

/** Starts the run of an uploaded file, unless the source has changed while the file arrived. */
async function start(
  env: Env,
  id: string,
  mode: RunRow['mode'],
  given: Given,
  actor: Actor,
  chosen: string | undefined,
): Promise<RunRow> {
  const source = await uploadedSource(env, id, mode)
  const run = {
    source: source.id,
    trigger: actor.kind === 'token' ? 'api' : 'manual',
    mode,
    fetch: 'all',
    requestedBy: actor.label,
    given,
    ...(chosen !== undefined && { id: chosen }),
  } as const
  if (mode === 'apply') return startUploaded(env, run, Date.now())
  const outcome = await startRun(env, run, Date.now())
  if ('active' in outcome) throw runActive(outcome.active)
  return outcome.started
}

async function started(env: Env, runId: string, actor: Actor): Promise<z.output<typeof answer>> {
  if (actor.kind === 'token') await addCaller(env, runId, actor.id)
  return { runId }
}

/** Returns the source that a file is for. Throws `ApiError` if it takes no file in this mode. */
async function uploadedSource(env: Env, id: string, mode: RunRow['mode']): Promise<SourceRow> {
  const source = await findSource(env, id)
  if (source === null) throw notFound('source')
  // A preview compares any file with the directory, as the source would read it. Records are no file.
  const takes = mode === 'preview' ? !givesRecords(source.connection) : isUploaded(source.connection)
  if (!takes) {
    throw new ApiError(
      409,
      'wrong_kind',
      mode === 'preview'
        ? 'This source reads a CRM, so no file can be compared with it.'
        : 'This source fetches its contacts itself. Only a source of the kind “upload” takes a file; others take one for a preview.',
    )
  }
  if (!source.enabled && mode === 'apply') {
    throw new ApiError(409, 'source_disabled', 'This source is disabled. Enable it, or make a preview.')
  }
  return source
}

/** Throws `ApiError` while a run is active: only a file that is to be applied waits for its end. */
async function requireIdle(env: Env, source: SourceRow): Promise<void> {
  const active = await activeRun(env, source.id)
  if (active !== null) throw runActive(active)
}

/** Throws `ApiError` 415 if the body is a form with a file in it. */
function requireOneFile(request: Request): void {
  if (!/^\s*multipart\//i.test(request.headers.get('Content-Type') ?? '')) return
  throw new ApiError(
    415,
    'unsupported_media_type',
    'Send the file itself as the body, not a form with a file in it: curl -T contacts.csv, not curl -F.',
  )
}

/**
 * Writes the body of a request to R2 as it arrives, in pieces. Throws `ApiError` if it is too large, or ends before the
 * announced length; then nothing of it is left.
 */
async function receive(
  env: Env,
  request: Request,
  body: BlockReader,
  source: string,
): Promise<{ file: string; bytes: number }> {
  const length = request.headers.get('Content-Length')
  const reader = boundedReader(body, {
    from: 'The sender',
    maxBytes: MAX_BYTES,
    idleMs: TIMEOUTS.idle,
    expectedBytes: length !== null && /^\d+$/.test(length) ? Number(length) : null,
    signal: request.signal,
  })
  const writer = new FileWriter(env.FILES, newUpload(source))
  try {
    for (let block = await reader.read(); block !== null; block = await reader.read()) await writer.write(block)
    return await writer.close()
  } catch (error) {
    await writer.abort()
    // A sender that has gone reads no answer.
    throw error instanceof Failure || request.signal.aborted ? refusal(error) : error
  }
}

function refusal(error: unknown): ApiError {
  const code = error instanceof Failure ? error.code : 'truncated'
  if (code === 'too_large') {
    return new ApiError(
      413,
      'too_large',
      `The file is larger than ${MAX_BYTES / 1024 / 1024} MB, the most that can be imported.`,
    )
  }
  const what = code === 'timeout' ? 'stopped arriving' : 'ended before the announced number of bytes had arrived'
  return new ApiError(400, 'truncated', `The file ${what}. Nothing of it was imported. Send it again.`)
}
