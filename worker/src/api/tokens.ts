import * as z from 'zod'
import { hashToken } from '../security/passwords.ts'
import { newId, newToken } from '../security/random.ts'
import { ROLES } from '../security/roles.ts'
import { audit } from '../store/audit.ts'
import { deleteToken, insertToken, listTokens } from '../store/tokens.ts'
import { notFound } from './problem.ts'
import { route } from './route.ts'
import { pageSchema, tokenSchema } from './views.ts'

/** API tokens for systems; a token's scopes are roles. */
export const tokenRoutes = [
  route({
    method: 'post',
    path: '/api/tokens',
    summary: 'Make an API token; it is shown once',
    role: 'administrator',
    status: 201,
    body: z.object({
      name: z.string().trim().min(1).max(200),
      scopes: z.array(z.enum(ROLES)).min(1).default(['viewer']),
    }),
    answer: tokenSchema.extend({ token: z.string() }),
    async handle({ env, body, actor }) {
      const token = `muster_${newToken()}`
      const row = { id: newId(), name: body.name, scopes: body.scopes, createdAt: Date.now() }
      await insertToken(env, { ...row, tokenHash: await hashToken(token) })
      await audit(env, actor.label, 'token_made', row.id, body.name)
      return { ...row, createdAt: new Date(row.createdAt).toISOString(), token }
    },
  }),
  route({
    method: 'get',
    path: '/api/tokens',
    summary: 'API tokens, without the tokens themselves',
    role: 'administrator',
    answer: pageSchema(tokenSchema),
    async handle({ env }) {
      const rows = await listTokens(env)
      const items = rows.map(({ id, name, scopes, createdAt }) => ({
        id,
        name,
        scopes,
        createdAt: new Date(createdAt).toISOString(),
      }))
      return { items, next: null }
    },
  }),
  route({
    method: 'delete',
    path: '/api/tokens/:id',
    summary: 'Revoke an API token',
    role: 'administrator',
    async handle({ env, params, actor }) {
      if (!(await deleteToken(env, params.id))) throw notFound('token')
      await audit(env, actor.label, 'token_revoked', params.id)
    },
  }),
]
