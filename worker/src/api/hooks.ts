import * as z from 'zod'
import { isUploaded } from '../connections/facts.ts'
import type { Env } from '../env.ts'
import { startOrRemember } from '../run/start.ts'
import { fetchesChanges } from '../run/watermark.ts'
import { webhookAuthor } from '../security/author.ts'
import { newToken } from '../security/random.ts'
import { open, seal } from '../security/secrets.ts'
import { verifySignature } from '../security/signature.ts'
import { takeSignature } from '../store/requests.ts'
import { findSource, type SourceRow, updateSource } from '../store/sources.ts'
import { anyQuery } from './input.ts'
import { ApiError, notFound } from './problem.ts'
import { route } from './route.ts'

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
      return { url: `${env.PUBLIC_URL}/hooks/sources/${source.id}`, secret }
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
      await requireSignature(env, request, secret)
      requireFetched(source)
      if (!source.enabled) throw new ApiError(409, 'source_disabled', 'This source is disabled.')
      const fetch = fetchesChanges(source) ? 'changes' : 'all'
      const run = { source: source.id, trigger: 'webhook', mode: 'apply', fetch, requestedBy: null } as const
      const { id } = await startOrRemember(env, run, Date.now())
      await record('run_started', id, 'webhook', webhookAuthor(source.id))
      return { runId: id }
    },
  }),
]

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
