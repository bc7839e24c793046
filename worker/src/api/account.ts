import * as z from 'zod'
import type { Env } from '../env.ts'
import { newTotpSecret, stepOf, totpUri } from '../security/totp.ts'
import {
  deleteFactor,
  hasFactor,
  offerFactor,
  readFactor,
  recoveryCodesLeft,
  useStep,
} from '../store/second-factors.ts'
import { endSessions, listSessions, type SessionRow } from '../store/sessions.ts'
import { findUserWithPassword, type UserRow } from '../store/users.ts'
import type { Actor } from './access.ts'
import { ApiError, notFound } from './problem.ts'
import { route } from './route.ts'
import { factorState, newRecoveryCodes } from './second-factor.ts'
import { judged } from './sign-in.ts'
import { pageSchema } from './views/answer.ts'
import { accountSchema, ownSessionSchema } from './views/person.ts'

const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })

/** A signed-in person's own sessions and second factor. */
export const accountRoutes = [
  route({
    method: 'get',
    path: '/api/account',
    summary: 'One’s own second factor',
    role: 'viewer',
    personal: true,
    beforeFactor: true,
    answer: accountSchema,
    async handle({ env, actor }) {
      const { user } = await requirePerson(env, actor)
      return { secondFactor: await factorState(env, user), recoveryCodesLeft: await recoveryCodesLeft(env, user.id) }
    },
  }),
  route({
    method: 'get',
    path: '/api/account/sessions',
    summary: 'One’s own open sessions',
    role: 'viewer',
    personal: true,
    beforeFactor: true,
    answer: pageSchema(ownSessionSchema),
    async handle({ env, actor }) {
      const { user, session } = await requirePerson(env, actor)
      const rows = await listSessions(env, user.id, Date.now())
      return { items: rows.map((row) => sessionRowView(row, session)), next: null }
    },
  }),
  route({
    method: 'delete',
    path: '/api/account/sessions',
    summary: 'End one of one’s own sessions, or all but this one',
    role: 'viewer',
    personal: true,
    beforeFactor: true,
    query: z.object({ id: z.string().max(50).optional() }),
    async handle({ env, actor, query, record }) {
      const { user, session } = await requirePerson(env, actor)
      const which = query.id === undefined ? { except: session.tokenHash } : { only: query.id }
      const ended = await endSessions(env, user.id, which)
      if (query.id !== undefined && ended === 0) throw notFound('session')
      await record('sessions_ended', user.id, String(ended))
    },
  }),
  route({
    method: 'post',
    path: '/api/account/totp',
    summary: 'Begin to use an authenticator app: answers with the address for its QR code',
    role: 'viewer',
    personal: true,
    beforeFactor: true,
    confirms: 'always',
    answer: z.object({ uri: z.string() }),
    async handle({ env, actor, record }) {
      const { user } = await requirePerson(env, actor)
      const secret = newTotpSecret()
      if (!(await offerFactor(env, user.id, secret))) throw alreadyOn()
      await record('second_factor_offered', user.id)
      return { uri: totpUri(secret, user.email) }
    },
  }),
  route({
    method: 'post',
    path: '/api/account/totp/confirm',
    summary: 'Turn the authenticator app on with its first code: answers with recovery codes, which are shown once',
    role: 'viewer',
    personal: true,
    beforeFactor: true,
    body: z.object({ code: z.string().max(20) }),
    answer: recoveryCodes,
    async handle({ env, request, actor, body, record }) {
      const { user } = await requirePerson(env, actor)
      const factor = await readFactor(env, user.id)
      if (factor?.counts === true) throw alreadyOn()
      const right = await judged(env, request, 'code', { account: user.id, user }, async () => {
        const step = factor === null ? null : stepOf(factor.secret, body.code.replace(/\s/g, ''), Date.now())
        return step !== null && (await useStep(env, user.id, step))
      })
      if (!right) {
        await record('sign_in_refused', user.id, 'second factor')
        throw wrongCode()
      }
      await record('second_factor_on', user.id)
      return { recoveryCodes: await newRecoveryCodes(env, user.id) }
    },
  }),
  route({
    method: 'delete',
    path: '/api/account/totp',
    summary: 'Stop using an authenticator app',
    role: 'viewer',
    personal: true,
    confirms: 'always',
    async handle({ env, actor, record }) {
      const { user } = await requirePerson(env, actor)
      if (!(await deleteFactor(env, user.id))) throw notFound('second factor')
      await record('second_factor_off', user.id)
    },
  }),
  route({
    method: 'post',
    path: '/api/account/recovery-codes',
    summary: 'Make new recovery codes, which are shown once; the ones before no longer count',
    role: 'viewer',
    personal: true,
    confirms: 'always',
    answer: recoveryCodes,
    async handle({ env, actor, record }) {
      const { user } = await requirePerson(env, actor)
      if (!(await hasFactor(env, user.id))) throw notFound('second factor')
      await record('recovery_codes_made', user.id)
      return { recoveryCodes: await newRecoveryCodes(env, user.id) }
    },
  }),
]

function sessionRowView({ id, createdAt, seenAt, client, tokenHash }: SessionRow, current: SessionRow) {
  return {
    id,
    createdAt: new Date(createdAt).toISOString(),
    seenAt: new Date(seenAt).toISOString(),
    client,
    current: tokenHash === current.tokenHash,
  }
}

/** Returns the person who has signed in with a password, and their session. Throws `ApiError` 403 for anybody else. */
export async function requirePerson(env: Env, actor: Actor): Promise<{ user: UserRow; session: SessionRow }> {
  const user = actor.session === null ? null : await findUserWithPassword(env, actor.id)
  if (user === null || actor.session === null) {
    throw new ApiError(403, 'forbidden', 'Only a person who has signed in with a password can do this.')
  }
  return { user, session: actor.session }
}

function alreadyOn(): ApiError {
  return new ApiError(409, 'second_factor_on', 'You use an authenticator app already. Stop using it first.')
}

function wrongCode(): ApiError {
  const message = 'This code is not right, or was used already. Wait for the next one in your app.'
  return new ApiError(400, 'wrong_code', message, { errors: [{ path: 'code', message }] })
}
