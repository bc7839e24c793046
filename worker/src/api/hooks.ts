import * as z from 'zod'
import { isUploaded } from '../connections/facts.ts'
import type { Env } from '../env.ts'
import { startOrRemember } from '../run/start.ts'
import { fetchesChanges } from '../run/watermark.ts'
import { webhookAuthor } from '../security/author.ts'
import { newId, newToken } from '../security/random.ts'
import { open, seal } from '../security/secrets.ts'
import { sign, verifySignature } from '../security/signature.ts'
import { listHookCalls, recordHookCall } from '../store/hook-calls.ts'
import { takeSignature } from '../store/requests.ts'
import { findSource, type SourceRow, updateSource } from '../store/sources.ts'
import { anyQuery } from './input.ts'
import { ApiError, notFound } from './problem.ts'
import { route } from './route.ts'
import { webhookSchema } from './views/source.ts'

/** The webhook that the remote side calls when it has new data. */
export const hookRoutes = [
  route({
    method: 'post',
    path: '/api/sources/:id/webhook',
    summary: 'Make the source’s webhook, or give it a new secret; it is shown once',
    role: 'administrator',
    confirms: 'always',
    answer: z.object({ url: z.url(), secret: z.string() }),
    async handle({ env, params, record }) {
      const source = await findSource(env, params.id)
      if (source === null) throw notFound('source')
      requireFetched(source)
      const secret = newToken()
      await updateSource(env, source.id, { webhook: await seal(secret, env, source.id) })
      await record('webhook_made', source.id)
      return { url: urlOf(env, source), secret }
    },
  }),
  route({
    method: 'get',
    path: '/api/sources/:id/webhook',
    summary: 'The address of the source’s webhook, whether it has a secret, and its last ten calls',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'source',
    answer: webhookSchema,
    async handle({ env, params }) {
      const source = await findSource(env, params.id)
      if (source === null) throw notFound('source')
      const calls = await listHookCalls(env, source.id)
      return {
        url: urlOf(env, source),
        hasSecret: source.webhook !== null,
        calls: calls.map(({ at, status, code, run, test, times }) => ({
          at: new Date(at).toISOString(),
          ...{ status, code, runId: run, test, times },
        })),
      }
    },
  }),
  route({
    method: 'post',
    path: '/api/sources/:id/webhook/test',
    summary: 'Send the webhook a signed call of Muster’s own: it answers as to any call, but starts no run',
    role: 'administrator',
    answer: z.object({
      ok: z.boolean(),
      status: z.int().describe('The status that the call was answered: 202 if it would have started a run'),
      code: z.string().nullable(),
      detail: z.string().nullable(),
    }),
    async handle({ env, params, record }) {
      const source = await findSource(env, params.id)
      if (source === null) throw notFound('source')
      if (source.webhook === null) throw notFound('webhook')
      const answer = await testCall(env, source, await open(source.webhook, env, source.id))
      await record('webhook_tested', source.id, answer.code ?? 'accepted')
      return answer
    },
  }),
  route({
    method: 'post',
    path: '/hooks/sources/:id',
    summary: 'Import the source: signed `Muster-Signature: t=UNIX,v1=HEX`, the HMAC-SHA256 of `t.body`',
    role: null,
    status: 202,
    query: anyQuery,
    raw: 'bytes',
    answer: z.object({ runId: z.string() }),
    async handle({ env, params, request, record }) {
      const source = await findSource(env, params.id)
      // Only a caller who can sign may learn whether the source exists and has a webhook.
      if (source === null || source.webhook === null) throw badSignature()
      const secret = await open(source.webhook, env, source.id)
      const runId = await answered(env, source, false, async () => {
        await requireGenuine(env, source, request, secret)
        const fetch = fetchesChanges(source) ? 'changes' : 'all'
        const run = { source: source.id, trigger: 'webhook', mode: 'apply', fetch, requestedBy: null } as const
        return (await startOrRemember(env, run, Date.now())).id
      })
      await record('run_started', runId, 'webhook', webhookAuthor(source.id))
      return { runId }
    },
  }),
]

function urlOf(env: Env, { id }: SourceRow): string {
  return `${env.PUBLIC_URL}/hooks/sources/${id}`
}

/** Answers a call, and adds it with its answer to the calls that the source’s page lists. `test`: the call is Muster’s own. */
async function answered<Run extends string | null>(
  env: Env,
  { id }: SourceRow,
  test: boolean,
  answer: () => Promise<Run>,
): Promise<Run> {
  try {
    const run = await answer()
    await recordHookCall(env, id, { status: 202, code: null, run, test }, Date.now())
    return run
  } catch (error) {
    if (error instanceof ApiError) {
      await recordHookCall(env, id, { status: error.status, code: error.code, run: null, test }, Date.now())
    }
    throw error
  }
}

/** Signs a call as a caller with the secret does, and returns what it is answered. It starts no run. */
async function testCall(env: Env, source: SourceRow, secret: string) {
  const body = new TextEncoder().encode(JSON.stringify({ test: newId() }))
  const headers = { 'Muster-Signature': await sign(body, secret, Math.floor(Date.now() / 1000)) }
  const request = new Request(urlOf(env, source), { method: 'POST', headers, body })
  try {
    await answered(env, source, true, async () => {
      await requireGenuine(env, source, request, secret)
      return null
    })
    return { ok: true, status: 202, code: null, detail: null }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, detail } = error
    return { ok: false, status, code, detail }
  }
}

/** Throws `ApiError` unless the call is signed, fresh and new, and the source can be imported. */
async function requireGenuine(env: Env, source: SourceRow, request: Request, secret: string): Promise<void> {
  await requireSignature(env, request, secret)
  requireFetched(source)
  if (!source.enabled) throw new ApiError(409, 'source_disabled', 'This source is disabled.')
}

/** Throws `ApiError` 409 if a call cannot make Muster fetch anything, because the source's file is uploaded. */
function requireFetched({ connection }: SourceRow): void {
  if (!isUploaded(connection)) return
  throw new ApiError(
    409,
    'wrong_kind',
    'Nothing is fetched for this source, so a webhook brings nothing. Upload the file: PUT /api/sources/{id}/file.',
  )
}

/** Throws `ApiError` unless the request is signed, fresh and new. */
async function requireSignature(env: Env, request: Request, secret: string): Promise<void> {
  const written = await verifiedSignature(request, new Uint8Array(await request.arrayBuffer()), secret)
  if (!(await takeSignature(env, written, Date.now()))) throw replayed()
}

/** Returns the signature of a request in a normalised form. Throws `ApiError` unless it is genuine and fresh. */
export async function verifiedSignature(request: Request, body: Uint8Array, secret: string): Promise<string> {
  const header = request.headers.get('Muster-Signature')
  const verdict = await verifySignature(header, body, secret, Math.floor(Date.now() / 1000))
  if (verdict === 'invalid') throw badSignature()
  if (verdict === 'expired')
    throw new ApiError(401, 'signature_expired', 'The signature’s time is more than five minutes off. Check the clock.')
  // The same signature in another spelling is still the same request.
  return (header ?? '').toLowerCase().replace(/\s/g, '')
}

export function replayed(): ApiError {
  return new ApiError(409, 'replayed', 'This very request has come before.')
}

export function badSignature(): ApiError {
  return new ApiError(401, 'bad_signature', 'The signature is missing or wrong.')
}
