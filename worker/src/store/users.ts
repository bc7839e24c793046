import { eq, isNotNull } from 'drizzle-orm'
import { DETAIL_PATHS } from '../core/contact.ts'
import type { Env } from '../env.ts'
import type { Role } from '../security/roles.ts'
import { database } from './database.ts'
import { isGuardFailure } from './guard.ts'
import { users } from './schema.ts'

/** A user without the password, with how many contacts are assigned to them. */
export interface UserRow {
  id: string
  email: string
  name: string
  role: Role
  userId: string | null
  hasPassword: boolean
  createdAt: number
  contacts: number
}

/** What can be changed of a user; the password hashed. */
export interface UserChange {
  email: string
  name: string
  role: Role
  userId: string | null
  password: string | null
}

/** Why a user was not written: another has the address or the User ID, or nobody could administer Muster any more. */
export type Refused = 'email' | 'userId' | 'lastAdministrator'

/** As SQL: the User ID of a contact that is there. */
const ASSIGNED = `json_extract(details, '${DETAIL_PATHS.assignedUser}')`
const IS_ASSIGNED = `${ASSIGNED} IS NOT NULL AND removed_at IS NULL`
const countAssigned = (userId: string) =>
  `(SELECT count(*) FROM contact WHERE ${ASSIGNED} = ${userId} AND ${IS_ASSIGNED})`

const SELECT = `SELECT id, email, name, role, user_id AS userId, password IS NOT NULL AS hasPassword,
  created_at AS createdAt, ${countAssigned('user_id')} AS contacts FROM user`

type Raw = Omit<UserRow, 'hasPassword'> & { hasPassword: number }
const view = (row: Raw): UserRow => ({ ...row, hasPassword: row.hasPassword === 1 })

/** Users in the order they were made; `after` is the time and ID of the last one seen. */
export async function listUsers(env: Env, after: string, limit: number): Promise<UserRow[]> {
  const [createdAt, id] = after === '' ? ['-1', ''] : after.split('.')
  const { results } = await env.DB.prepare(
    `${SELECT} WHERE (created_at, id) > (?1, ?2) ORDER BY created_at, id LIMIT ?3`,
  )
    .bind(Number(createdAt), id ?? '', limit)
    .all<Raw>()
  return results.map(view)
}

export async function findUser(env: Env, id: string): Promise<UserRow | null> {
  const row = await env.DB.prepare(`${SELECT} WHERE id = ?1`).bind(id).first<Raw>()
  return row === null ? null : view(row)
}

/** The password of a user as it is stored, null for none. */
export async function passwordOf(env: Env, id: string): Promise<string | null> {
  const [row] = await database(env.DB).select({ password: users.password }).from(users).where(eq(users.id, id))
  return row?.password ?? null
}

/** The User ID of every user who has one. */
export async function userIds(env: Env): Promise<Set<string>> {
  const rows = await database(env.DB).select({ userId: users.userId }).from(users).where(isNotNull(users.userId))
  return new Set(rows.flatMap(({ userId }) => userId ?? []))
}

/** The user whose User ID is exactly this one. */
export async function findAssignee(env: Env, userId: string): Promise<{ id: string; name: string } | null> {
  const [row] = await database(env.DB)
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(eq(users.userId, userId))
  return row ?? null
}

/**
 * User IDs that contacts have and no user, with how many contacts, in their order after `after`. It goes from one ID of
 * the index to the next, so that it costs what there are of them and not what there are of contacts.
 */
export async function unmatchedUserIds(
  env: Env,
  after: string,
  limit: number,
): Promise<{ userId: string; contacts: number }[]> {
  const next = (than: string) =>
    `(SELECT ${ASSIGNED} FROM contact WHERE ${IS_ASSIGNED} AND ${ASSIGNED} > ${than} ORDER BY ${ASSIGNED} LIMIT 1)`
  const { results } = await env.DB.prepare(
    `WITH RECURSIVE found (user_id) AS (
        SELECT ${next('?1')} UNION ALL SELECT ${next('found.user_id')} FROM found WHERE found.user_id IS NOT NULL)
      SELECT user_id AS userId, ${countAssigned('found.user_id')} AS contacts FROM found
        WHERE user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM user WHERE user.user_id = found.user_id) LIMIT ?2`,
  )
    .bind(after, limit)
    .all<{ userId: string; contacts: number }>()
  return results
}

/** Makes a user. */
export function insertUser(env: Env, id: string, user: UserChange, now: number): Promise<Refused | null> {
  return refusedBy(
    env.DB.batch([
      env.DB.prepare(
        'INSERT INTO user (id, email, name, role, user_id, password, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)',
      ).bind(id, user.email, user.name, user.role, user.userId, user.password, now),
    ]),
  )
}

/** As SQL: an administrator who can sign in; ?2: whether Access lets people in without a password. */
const ADMINISTERS = `role = 'administrator' AND (password IS NOT NULL OR ?2)`
const ANOTHER = `EXISTS (SELECT 1 FROM user other WHERE other.id <> ?1 AND other.role = 'administrator'
  AND (other.password IS NOT NULL OR ?2))`

/**
 * Changes a user; somebody who can administer Muster stays. `password`: a new one, null to take it away, undefined to
 * leave it; a change ends the user's sessions. `access`: whether Cloudflare Access lets people in without a password.
 */
export function changeUser(
  env: Env,
  id: string,
  user: Omit<UserChange, 'password'> & { password: string | null | undefined },
  access: boolean,
): Promise<Refused | null> {
  const kept = user.password === undefined
  const signsIn = kept ? '(password IS NOT NULL OR ?2)' : '(?7 IS NOT NULL OR ?2)'
  return refusedBy(
    env.DB.batch([
      // NULL, which fails the batch, where nobody would be left.
      env.DB.prepare(
        `UPDATE user SET email = ?3, name = ?4, user_id = ?5, password = iif(?8, password, ?7),
            role = iif(NOT (${ADMINISTERS}) OR ${ANOTHER} OR (?6 = 'administrator' AND ${signsIn}), ?6, NULL)
          WHERE id = ?1`,
      ).bind(id, access ? 1 : 0, user.email, user.name, user.userId, user.role, user.password ?? null, kept ? 1 : 0),
      env.DB.prepare('DELETE FROM session WHERE user = ?1 AND NOT ?2').bind(id, kept ? 1 : 0),
    ]),
  )
}

/** Changes a person's own password and ends all their sessions but the one with this token's hash. */
export async function changePassword(env: Env, id: string, password: string, session: string): Promise<void> {
  await env.DB.batch([
    env.DB.prepare('UPDATE user SET password = ?2 WHERE id = ?1').bind(id, password),
    env.DB.prepare('DELETE FROM session WHERE user = ?1 AND token_hash <> ?2').bind(id, session),
  ])
}

/** Deletes a user with their sessions; contacts keep the User ID. */
export function deleteUser(env: Env, id: string, access: boolean): Promise<Refused | null> {
  return refusedBy(
    env.DB.batch([
      env.DB.prepare(`UPDATE user SET role = iif(NOT (${ADMINISTERS}) OR ${ANOTHER}, role, NULL) WHERE id = ?1`).bind(
        id,
        access ? 1 : 0,
      ),
      env.DB.prepare('DELETE FROM session WHERE user = ?1').bind(id),
      env.DB.prepare('DELETE FROM user WHERE id = ?1').bind(id),
    ]),
  )
}

async function refusedBy(write: Promise<unknown>): Promise<Refused | null> {
  try {
    await write
    return null
  } catch (error) {
    if (isGuardFailure(error)) return 'lastAdministrator'
    const text = String(error)
    if (text.includes('UNIQUE constraint failed: user.email')) return 'email'
    if (text.includes('UNIQUE constraint failed: user.user_id')) return 'userId'
    throw error
  }
}
