import * as z from 'zod'
import { nameSchema } from '../core/name.ts'
import type { Env } from '../env.ts'
import { sendLink } from '../notify/links.ts'
import { personAuthor } from '../security/author.ts'
import { hashPassword } from '../security/passwords.ts'
import { issueToken, tokenUser, useToken } from '../store/one-time-tokens.ts'
import { findUserByEmail, findUserWithPassword, setPassword, type UserRow } from '../store/users.ts'
import { requireOwnOrigin } from './person.ts'
import { ApiError, notFound } from './problem.ts'
import type { Recorder } from './recording.ts'
import { route } from './route.ts'
import { judged, requirePasswords, requireStrong } from './sign-in.ts'
import { newPassword } from './users.ts'

const personName = nameSchema(200, 'Enter your name')
const account = z.object({ email: z.string() })

/** Links that work once: invitations of users, and new passwords for people who forgot theirs. */
export const invitationRoutes = [
  route({
    method: 'post',
    path: '/api/users/:id/invite',
    summary: 'Make a link with which a user chooses a password; it works once and is sent by e-mail as well',
    role: 'administrator',
    confirms: 'always',
    answer: z.object({ url: z.string(), expiresAt: z.iso.datetime(), sent: z.boolean() }),
    async handle({ env, params, record }) {
      requirePasswords(env)
      const user = await findUserWithPassword(env, params.id)
      if (user === null) throw notFound('user')
      const { token, expiresAt } = await issueToken(env, 'invitation', user.id, Date.now())
      // What follows the number sign does not reach a server, nor its logs.
      const url = `${env.PUBLIC_URL}/invitation#${token}`
      await record('user_invited', user.id, user.email)
      const sent = await sendLink(env, 'invitation', user.email, url)
      return { url, expiresAt: new Date(expiresAt).toISOString(), sent }
    },
  }),
  route({
    method: 'post',
    path: '/api/invitations/accept',
    summary: 'Choose a name and a password with the token of an invitation',
    role: null,
    body: z.object({ token: z.string().max(100), name: personName, password: newPassword }),
    answer: account,
    async handle({ env, request, body, record }) {
      requireOwnOrigin(env, request)
      requirePasswords(env)
      const user = await accept(env, 'invitation', body)
      await record('invitation_accepted', user.id, null, personAuthor(user))
      return { email: user.email }
    },
  }),
  route({
    method: 'post',
    path: '/api/password-reset',
    summary: 'Send a link for a new password, if a user with a password has this address; the answer does not tell',
    role: null,
    status: 202,
    body: z.object({ email: z.string().trim().max(254) }),
    answer: z.object({}),
    async handle({ env, request, body, context, record }) {
      requireOwnOrigin(env, request)
      requirePasswords(env)
      await judged(env, request, 'reset', { account: body.email, user: null }, async () => false)
      // Not awaited: the time of the answer must not tell whether there is such a user.
      context.executionCtx.waitUntil(sendReset(env, body.email, record))
      return {}
    },
  }),
  route({
    method: 'post',
    path: '/api/password-reset/confirm',
    summary: 'Choose a new password with the token of a link for a forgotten one',
    role: null,
    body: z.object({ token: z.string().max(100), password: newPassword }),
    answer: account,
    async handle({ env, request, body, record }) {
      requireOwnOrigin(env, request)
      requirePasswords(env)
      const user = await accept(env, 'reset', { ...body, name: null })
      await record('password_reset', user.id, null, personAuthor(user))
      return { email: user.email }
    },
  }),
]

async function sendReset(env: Env, email: string, record: Recorder<'password_reset_sent'>): Promise<void> {
  const user = await findUserByEmail(env, email)
  if (user === null || user.password === null) return
  const { token } = await issueToken(env, 'reset', user.id, Date.now())
  await record('password_reset_sent', user.id)
  await sendLink(env, 'reset', user.email, `${env.PUBLIC_URL}/new-password#${token}`)
}

/** Uses up a token and sets the password. A password that is too weak leaves the token as it is. */
async function accept(
  env: Env,
  purpose: 'invitation' | 'reset',
  { token, name, password }: { token: string; name: string | null; password: string },
): Promise<UserRow> {
  const user = await userOf(env, await tokenUser(env, purpose, token, Date.now()))
  requireStrong(password, [user.email, name, user.name])
  if ((await useToken(env, purpose, token, Date.now())) === null) throw usedLink()
  await setPassword(env, user.id, await hashPassword(password), name)
  return user
}

async function userOf(env: Env, id: string | null): Promise<UserRow> {
  const user = id === null ? null : await findUserWithPassword(env, id)
  if (user === null) throw usedLink()
  return user
}

function usedLink(): ApiError {
  return new ApiError(410, 'link_expired', 'This link was used already, or is too old. Ask for a new one.')
}
