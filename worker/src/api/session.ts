import * as z from 'zod'
import type { Env } from '../env.ts'
import { personAuthor, stranger } from '../security/author.ts'
import { hashPassword, hashToken, verifyPassword } from '../security/passwords.ts'
import { issueToken, tokenUser, useToken } from '../store/one-time-tokens.ts'
import { hasFactor } from '../store/second-factors.ts'
import { confirmSession, deleteSession } from '../store/sessions.ts'
import { readSettings } from '../store/settings.ts'
import { managedRemotely } from '../store/sources.ts'
import { changePassword, findUserByEmail, findUserWithPassword, type UserRow } from '../store/users.ts'
import { requirePerson } from './account.ts'
import { readCookie, writtenCookie } from './cookies.ts'
import { makeFirstAdministrator } from './first-administrator.ts'
import { requireOwnOrigin } from './person.ts'
import { ApiError } from './problem.ts'
import type { Recorder } from './recording.ts'
import { route } from './route.ts'
import { codeFits, factorState } from './second-factor.ts'
import { behindAccess, judged, passwordFits, requirePasswords, requireStrong, startSession } from './sign-in.ts'
import { newPassword } from './users.ts'
import { sessionSchema, signInOptionsSchema } from './views/person.ts'

const password = z.string().max(1000)

/** Signing in and out, and reading the signed-in user. */
export const sessionRoutes = [
  route({
    method: 'get',
    path: '/api/session/options',
    summary: 'How people sign in here',
    role: null,
    answer: signInOptionsSchema,
    async handle({ env }) {
      const access = behindAccess(env)
      const { secondFactor } = await readSettings(env)
      return {
        password: !access,
        access,
        reset: !access,
        secondFactor: access ? 'off' : secondFactor,
        demo: env.DEMO !== undefined,
      }
    },
  }),
  route({
    method: 'post',
    path: '/api/session',
    summary: 'Sign in: answers with a session cookie, or with 401 second_factor and a ticket for the second step',
    role: null,
    body: z.object({ email: z.string().max(254), password }),
    answer: sessionSchema,
    async handle({ env, request, body, record }) {
      requireOwnOrigin(env, request)
      requirePasswords(env)
      await makeFirstAdministrator(env)
      const email = body.email.trim()
      const user = await findUserByEmail(env, email)
      const right = await judged(env, request, 'password', { account: email, user }, () =>
        passwordFits(env, user, body.password),
      )
      if (user === null || !right) {
        // What was typed in place of an address may be a password, so only the address of a user is recorded.
        await record('sign_in_refused', user?.id ?? null, null, stranger(user?.email))
        throw new ApiError(401, 'wrong_credentials', 'The e-mail address or the password is wrong.')
      }
      if (!(await hasFactor(env, user.id))) return signedIn(env, request, user, record)
      const { token } = await issueToken(env, 'ticket', user.id, Date.now())
      throw new ApiError(401, 'second_factor', 'Enter the code of your authenticator app.', { ticket: token })
    },
  }),
  route({
    method: 'post',
    path: '/api/session/second-factor',
    summary: 'Finish signing in with the ticket and a code of the authenticator app, or a recovery code',
    role: null,
    body: z.object({ ticket: z.string().max(100), code: z.string().max(20) }),
    answer: sessionSchema,
    async handle({ env, request, body, record }) {
      requireOwnOrigin(env, request)
      requirePasswords(env)
      const id = await tokenUser(env, 'ticket', body.ticket, Date.now())
      const user = id === null ? null : await findUserWithPassword(env, id)
      if (user === null) throw new ApiError(401, 'unauthorized', 'This took too long. Sign in again.')
      const right = await judged(env, request, 'code', { account: user.id, user }, () => codeFits(env, user, body.code))
      if (right === null) {
        await record('sign_in_refused', user.id, 'second factor', stranger(user.email))
        throw new ApiError(401, 'wrong_code', 'This code is not right, or was used already. Wait for the next one.')
      }
      if ((await useToken(env, 'ticket', body.ticket, Date.now())) === null) {
        throw new ApiError(401, 'unauthorized', 'This took too long. Sign in again.')
      }
      if (right === 'recovery code') await record('recovery_code_used', user.id, null, personAuthor(user))
      return signedIn(env, request, user, record)
    },
  }),
  route({
    method: 'get',
    path: '/api/session',
    summary: 'Who is signed in',
    role: 'viewer',
    beforeFactor: true,
    answer: sessionSchema,
    handle: ({ env, actor }) => view(env, actor, actor.session !== null),
  }),
  route({
    method: 'post',
    path: '/api/session/confirm',
    summary: 'Show by password who you are, where 403 confirm_identity asks for it',
    role: 'viewer',
    personal: true,
    beforeFactor: true,
    body: z.object({ password }),
    async handle({ env, request, body, actor, record }) {
      const { user, session } = await requirePerson(env, actor)
      const right = await judged(env, request, 'password', { account: user.email, user }, () =>
        passwordFits(env, user, body.password),
      )
      if (!right) {
        await record('sign_in_refused', user.id, 'confirmation')
        throw wrongPassword('password')
      }
      await confirmSession(env, session.tokenHash, Date.now())
      await record('identity_confirmed', user.id)
    },
  }),
  route({
    method: 'put',
    path: '/api/session/password',
    summary: 'Change one’s own password, with the old one; ends one’s other sessions',
    role: 'viewer',
    personal: true,
    beforeFactor: true,
    body: z.object({ current: password, password: newPassword }),
    answer: sessionSchema,
    async handle({ env, request, body, actor, record }) {
      const { user, session } = await requirePerson(env, actor)
      const right = await judged(env, request, 'password', { account: user.email, user }, () =>
        verifyPassword(body.current, user.password),
      )
      if (!right) {
        await record('sign_in_refused', user.id, 'change of the password')
        throw wrongPassword('current')
      }
      requireStrong(body.password, [user.email, user.name])
      await changePassword(env, user.id, await hashPassword(body.password), session.tokenHash)
      await record('password_changed', user.id)
      return view(env, user, true)
    },
  }),
  route({
    method: 'delete',
    path: '/api/session',
    summary: 'Sign out',
    role: 'viewer',
    beforeFactor: true,
    async handle({ env, request, actor, record }) {
      const token = readCookie(request, 'session')
      if (token !== null) await deleteSession(env, await hashToken(token))
      await record('signed_out', actor.id)
      return new Response(null, { status: 204, headers: { 'Set-Cookie': writtenCookie(request, 'session', '', 0) } })
    },
  }),
]

async function signedIn(env: Env, request: Request, user: UserRow, record: Recorder<'signed_in'>): Promise<Response> {
  const headers = await startSession(env, request, user)
  await record('signed_in', user.id, null, personAuthor(user))
  return Response.json(await view(env, user, true), { headers })
}

/** `byPassword`: whether the person has signed in with a password, so that a second factor may be demanded. */
async function view(
  env: Env,
  { id, email, name, role }: Pick<UserRow, 'id' | 'name' | 'role'> & { email: string | null },
  byPassword: boolean,
): Promise<z.input<typeof sessionSchema>> {
  const secondFactor = byPassword ? await factorState(env, { id, role }) : 'off'
  return { email, name, role, managedRemotely: await managedRemotely(env), secondFactor }
}

function wrongPassword(path: 'current' | 'password'): ApiError {
  const message = 'This is not your password as it is now.'
  return new ApiError(400, 'wrong_password', message, { errors: [{ path, message }] })
}
