import * as z from 'zod'
import { nameSchema } from '../core/name.ts'
import { cleanText, readText } from '../core/values/text.ts'
import type { Env } from '../env.ts'
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../security/password-rules.ts'
import { hashPassword } from '../security/passwords.ts'
import { newId } from '../security/random.ts'
import { mayAct, ROLES } from '../security/roles.ts'
import { deleteFactor } from '../store/second-factors.ts'
import { endSessions } from '../store/sessions.ts'
import {
  changeUser,
  deleteUser,
  findUser,
  insertUser,
  type ListedUser,
  listUsers,
  type Refused,
  unmatchedUserIds,
} from '../store/users.ts'
import type { Actor } from './access.ts'
import { changedMembers } from './changed-members.ts'
import { parsePatched } from './merge-patch.ts'
import { pageOf, pageQuery, timeCursor } from './page.ts'
import { ApiError, type ErrorCode, notFound } from './problem.ts'
import { route } from './route.ts'
import { behindAccess, requirePasswords, requireStrong } from './sign-in.ts'
import { pageSchema } from './views/answer.ts'
import { type UserView, unmatchedSchema, userViewSchema } from './views/person.ts'

/** A new password, before it is judged by `requireStrong`. */
export const newPassword = z
  .string()
  .min(SHORTEST_PASSWORD, `A password has at least ${SHORTEST_PASSWORD} characters`)
  .max(LONGEST_PASSWORD)

/** The User ID, normalised as an import reads a cell, so that both can be compared by exact value. */
const userId = z
  .string()
  .max(1000)
  .transform((text, context) => {
    const read = readText(text)
    if (read.kind === 'value' && read.findings.length === 0) return read.value
    if (cleanText(text) === '') return null
    context.addIssue({ code: 'custom', message: 'This stands for a blank cell in a file. Leave the User ID blank.' })
    return z.NEVER
  })

const userSchema = z.object({
  email: z.string().trim().max(254).pipe(z.email('Enter an e-mail address')),
  name: nameSchema(200),
  role: z.enum(ROLES).default('viewer'),
  userId: userId.nullable().default(null),
  /** Write-only. A user without a password cannot sign in, but contacts can be assigned to them. */
  password: newPassword.nullable().optional(),
})

/** Staff: people who may sign in, and to whom contacts can be assigned (seed: User Identification). */
export const userRoutes = [
  route({
    method: 'get',
    path: '/api/users',
    summary: 'Users in the order they were made, with how many contacts are assigned to each',
    role: 'viewer',
    query: pageQuery,
    answer: pageSchema(userViewSchema),
    async handle({ env, query, actor }) {
      const rows = await listUsers(env, timeCursor(query.cursor), query.limit + 1)
      return pageOf(
        rows,
        query.limit,
        (row) => `${row.createdAt}.${row.id}`,
        (row) => view(row, actor),
      )
    },
  }),
  route({
    method: 'get',
    path: '/api/users/unmatched',
    summary: 'User IDs that contacts have and no user, with how many contacts',
    role: 'viewer',
    query: pageQuery.extend({ cursor: z.string().max(1000).default('') }),
    answer: pageSchema(unmatchedSchema),
    async handle({ env, query }) {
      const rows = await unmatchedUserIds(env, query.cursor, query.limit + 1)
      return pageOf(
        rows,
        query.limit,
        (row) => row.userId,
        (row) => row,
      )
    },
  }),
  route({
    method: 'get',
    path: '/api/users/:id',
    summary: 'One user',
    role: 'viewer',
    answer: userViewSchema,
    handle: async ({ env, params, actor }) => view(await find(env, params.id), actor),
  }),
  route({
    method: 'post',
    path: '/api/users',
    summary: 'Make a user; without a password they cannot sign in, and contacts can be assigned to them',
    role: 'administrator',
    status: 201,
    body: userSchema,
    view: userViewSchema,
    answer: userViewSchema,
    confirms: 'always',
    async handle({ env, body, actor, record }) {
      const id = newId()
      requireNewPassword(env, body.password, body)
      const password = body.password == null ? null : await hashPassword(body.password)
      const refused = await insertUser(env, id, { ...body, password }, Date.now())
      if (refused !== null) throw REFUSALS[refused]()
      await record('user_made', id, `${body.email}, ${body.role}`)
      return view(await find(env, id), actor)
    },
  }),
  route({
    method: 'patch',
    path: '/api/users/:id',
    summary: 'Change a user (JSON merge patch); a new password, or null for none, ends their sessions',
    role: 'administrator',
    body: userSchema,
    raw: 'patch',
    view: userViewSchema,
    answer: userViewSchema,
    confirms: 'always',
    async handle({ env, params, body, actor, record }) {
      const { id, email, name, role, userId: stored } = await find(env, params.id)
      const before = { email, name, role, userId: stored }
      const change = parsePatched(userSchema, before, body, userViewSchema)
      if (change.password !== undefined && actor.kind === 'person' && actor.id === id) {
        throw new ApiError(
          409,
          'own_password',
          'Change your own password with the old one, on the page of your account.',
        )
      }
      requireNewPassword(env, change.password, change)
      const password = typeof change.password === 'string' ? await hashPassword(change.password) : change.password
      const refused = await changeUser(env, id, { ...change, password }, behindAccess(env))
      if (refused !== null) throw REFUSALS[refused]()
      const { password: given, ...after } = change
      const members = changedMembers(before, after, given === undefined ? [] : ['password'])
      await record('user_changed', id, members)
      return view(await find(env, id), actor)
    },
  }),
  route({
    method: 'delete',
    path: '/api/users/:id',
    summary: 'Delete a user and end their sessions; contacts keep the User ID',
    role: 'administrator',
    confirms: 'always',
    async handle({ env, params, record }) {
      const user = await find(env, params.id)
      const refused = await deleteUser(env, user.id, behindAccess(env))
      if (refused !== null) throw REFUSALS[refused]()
      await record('user_deleted', user.id, user.email)
    },
  }),
  route({
    method: 'delete',
    path: '/api/users/:id/factors',
    summary: 'Take away a user’s second factor, for example after their phone was lost',
    role: 'administrator',
    confirms: 'always',
    async handle({ env, params, record }) {
      const user = await find(env, params.id)
      if (!(await deleteFactor(env, user.id))) throw notFound('second factor')
      await record('second_factor_off', user.id)
    },
  }),
  route({
    method: 'delete',
    path: '/api/users/:id/sessions',
    summary: 'End all sessions of a user',
    role: 'administrator',
    confirms: 'always',
    async handle({ env, params, record }) {
      const user = await find(env, params.id)
      await record('sessions_ended', user.id, String(await endSessions(env, user.id)))
    },
  }),
]

/** Throws unless a new password, if there is one, may be set: `passwords_off` or `invalid`. */
function requireNewPassword(
  env: Env,
  password: string | null | undefined,
  user: { email: string; name: string },
): void {
  if (typeof password !== 'string') return
  requirePasswords(env)
  requireStrong(password, [user.email, user.name])
}

/** Returns a user as the reader may see them. */
function view({ createdAt, email, hasFactor, seenAt, ...row }: ListedUser, reader: Actor): UserView {
  const signIn = { hasFactor, seenAt: seenAt === null ? null : new Date(seenAt).toISOString() }
  return {
    ...row,
    email: mayAct(reader.role, 'manager') ? email : null,
    signIn: mayAct(reader.role, 'administrator') ? signIn : null,
    createdAt: new Date(createdAt).toISOString(),
  }
}

async function find(env: Env, id: string): Promise<ListedUser> {
  const user = await findUser(env, id)
  if (user === null) throw notFound('user')
  return user
}

const REFUSALS: Record<Refused, () => ApiError> = {
  email: () => taken('email_taken', 'email', 'Another user has this e-mail address.'),
  userId: () => taken('user_id_taken', 'userId', 'Another user has this User ID.'),
  lastAdministrator: () =>
    new ApiError(
      409,
      'last_administrator',
      'This is the last administrator who can sign in. Make another user an administrator first.',
    ),
}

function taken(code: ErrorCode<409>, path: string, message: string): ApiError {
  return new ApiError(409, code, message, { errors: [{ path, message }] })
}
