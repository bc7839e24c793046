import * as z from 'zod'
import { nameSchema } from '../core/name.ts'
import type { Env } from '../env.ts'
import { hashToken } from '../security/passwords.ts'
import { newId, newToken } from '../security/random.ts'
import { BY_SOURCE, TOKEN_SCOPES } from '../security/scopes.ts'
import { existingSources } from '../store/sources.ts'
import { deleteToken, insertToken, listTokens, type TokenRow } from '../store/tokens.ts'
import { ApiError, notFound } from './problem.ts'
import { route } from './route.ts'
import { pageSchema } from './views/answer.ts'
import { type TokenView, tokenSchema } from './views/person.ts'

const bodySchema = z
  .object({
    name: nameSchema(200),
    scopes: z.array(z.enum(TOKEN_SCOPES)).min(1).default(['viewer']),
    sources: z.array(z.string()).min(1).max(100).nullable().default(null),
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  })
  .superRefine(({ scopes, sources, expiresAt }, context) => {
    if (sources !== null && scopes.some((scope) => !BY_SOURCE.includes(scope))) {
      const message = `Only a token with no other scopes than ${BY_SOURCE.join(', ')} can be limited to sources`
      context.addIssue({ code: 'custom', path: ['sources'], message })
    }
    if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) {
      context.addIssue({ code: 'custom', path: ['expiresAt'], message: 'Choose a time to come' })
    }
  })

/** API tokens for systems. A token's scopes are roles, or scopes of its own. */
export const tokenRoutes = [
  route({
    method: 'post',
    path: '/api/tokens',
    summary: 'Make an API token; it is shown once',
    role: 'administrator',
    status: 201,
    confirms: 'always',
    body: bodySchema,
    answer: tokenSchema.extend({ token: z.string() }),
    async handle({ env, body: { name, scopes, sources, expiresAt }, record }) {
      await requireSources(env, sources ?? [])
      const token = `muster_${newToken()}`
      const row: TokenRow = {
        id: newId(),
        name,
        tokenHash: await hashToken(token),
        scopes: [...new Set(scopes)],
        createdAt: Date.now(),
        sources: sources === null ? null : [...new Set(sources)],
        expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
        lastUsedAt: null,
      }
      await insertToken(env, row)
      await record('token_made', row.id, name)
      return { ...view(row), token }
    },
  }),
  route({
    method: 'get',
    path: '/api/tokens',
    summary: 'API tokens, without the tokens themselves',
    role: 'administrator',
    answer: pageSchema(tokenSchema),
    async handle({ env }) {
      return { items: (await listTokens(env)).map(view), next: null }
    },
  }),
  route({
    method: 'delete',
    path: '/api/tokens/:id',
    summary: 'Revoke an API token',
    role: 'administrator',
    confirms: 'always',
    async handle({ env, params, record }) {
      if (!(await deleteToken(env, params.id))) throw notFound('token')
      await record('token_revoked', params.id)
    },
  }),
]

/** Throws `ApiError` 400 that names each source that does not exist. */
async function requireSources(env: Env, ids: readonly string[]): Promise<void> {
  const existing = await existingSources(env, ids)
  const errors = ids.flatMap((id, index) =>
    existing.has(id) ? [] : [{ path: `sources.${index}`, message: 'There is no such source' }],
  )
  if (errors.length > 0)
    throw new ApiError(400, 'invalid', 'The body is not valid. There is no such source.', { errors })
}

function view({ id, name, scopes, sources, createdAt, expiresAt, lastUsedAt }: TokenRow): TokenView {
  return {
    id,
    name,
    scopes,
    sources,
    createdAt: timeOf(createdAt),
    expiresAt: time(expiresAt),
    lastUsedAt: time(lastUsedAt),
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}

function time(ms: number | null): string | null {
  return ms === null ? null : timeOf(ms)
}
