import * as z from 'zod'
import type { Env } from '../env.ts'
import { hashPassword, hashToken, verifyPassword } from '../security/passwords.ts'
import { newToken } from '../security/random.ts'
import { audit } from '../store/audit.ts'
import { deleteSession, insertSession, mustWait, recordFailure } from '../store/sessions.ts'
import { managedRemotely } from '../store/sources.ts'
import { changePassword, findUserByEmail, passwordOf } from '../store/users.ts'
import { type Actor, refuseCrossSite, SESSION_COOKIE, sessionToken } from './access.ts'
import { makeFirstAdministrator } from './first-administrator.ts'
import { ApiError } from './problem.ts'
import { route } from './route.ts'
import { newPassword } from './users.ts'
import { type SessionView, sessionSchema } from './views.ts'

const LASTS = 12 * 60 * 60 * 1000

/** Signing in and out, and reading the signed-in user. */
export const sessionRoutes = [
  route({
    method: 'post',
    path: '/api/session',
    summary: 'Sign in: answers with a session cookie',
    role: null,
    body: z.object({ email: z.string().max(254), password: z.string().max(1000) }),
    answer: sessionSchema,
    async handle({ env, request, body }) {
      refuseCrossSite(request)
      await makeFirstAdministrator(env)
      const user = await findUserByEmail(env, body.email.trim())
      await requireFewFailures(env, body.email.trim())
      const right = await verifyPassword(body.password, user?.password ?? null)
      if (user === null || !right) {
        await recordFailure(env, body.email.trim(), Date.now())
        await audit(env, body.email.trim().slice(0, 254), 'sign_in_refused', user?.id ?? null)
        throw new ApiError(401, 'wrong_credentials', 'The e-mail address or the password is wrong.')
      }
      const token = newToken()
      await insertSession(env, { tokenHash: await hashToken(token), user: user.id, expiresAt: Date.now() + LASTS })
      await audit(env, user.email, 'signed_in', user.id)
      return Response.json(await view(env, user), { headers: { 'Set-Cookie': cookie(request, token, LASTS / 1000) } })
    },
  }),
  route({
    method: 'get',
    path: '/api/session',
    summary: 'Who is signed in',
    role: 'viewer',
    answer: sessionSchema,
    handle: ({ env, actor }) => view(env, actor),
  }),
  route({
    method: 'put',
    path: '/api/session/password',
    summary: 'Change one’s own password, with the old one; ends one’s other sessions',
    role: 'viewer',
    body: z.object({ current: z.string().max(1000), password: newPassword }),
    answer: sessionSchema,
    async handle({ env, request, body, actor }) {
      const session = sessionToken(request)
      if (actor.kind !== 'person' || actor.email === null || session === null) {
        throw new ApiError(403, 'forbidden', 'Only a person who has signed in with a password has one to change.')
      }
      await requireFewFailures(env, actor.email)
      if (!(await verifyPassword(body.current, await passwordOf(env, actor.id)))) {
        await recordFailure(env, actor.email, Date.now())
        throw wrongCurrent()
      }
      await changePassword(env, actor.id, await hashPassword(body.password), await hashToken(session))
      await audit(env, actor.label, 'password_changed', actor.id)
      return view(env, actor)
    },
  }),
  route({
    method: 'delete',
    path: '/api/session',
    summary: 'Sign out',
    role: 'viewer',
    async handle({ env, request }) {
      const token = sessionToken(request)
      if (token !== null) await deleteSession(env, await hashToken(token))
      return new Response(null, { status: 204, headers: { 'Set-Cookie': cookie(request, '', 0) } })
    },
  }),
]

async function view(env: Env, { email, name, role }: Pick<Actor, 'email' | 'name' | 'role'>): Promise<SessionView> {
  return { email, name, role, managedRemotely: await managedRemotely(env) }
}

/** Throws 429 if too many wrong passwords were tried recently. */
async function requireFewFailures(env: Env, email: string): Promise<void> {
  if (!(await mustWait(env, email, Date.now()))) return
  throw new ApiError(429, 'too_many_attempts', 'Too many wrong passwords. Wait a quarter of an hour.')
}

function wrongCurrent(): ApiError {
  const message = 'This is not your password as it is now.'
  return new ApiError(400, 'wrong_password', message, { errors: [{ path: 'current', message }] })
}

function cookie(request: Request, token: string, seconds: number): string {
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : ''
  return `${SESSION_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`
}
