import { and, eq, getTableColumns, isNotNull, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { pathOf } from '../core/attributes.ts'
import type { Env } from '../env.ts'
import type { Role } from '../security/roles.ts'
import {
  all,
  type Constraint,
  database,
  guard,
  madeAfter,
  named,
  type Statement,
  statement,
  write,
} from './database.ts'

export const users = sqliteTable('user', {
  id: text('id').primaryKey(),
  email: text('email').notNull(),
  name: text('name').notNull(),
  role: text('role').$type<Role>().notNull(),
  userId: text('user_id'),
  /** The password hash; null for a user who cannot sign in with a password. */
  password: text('password'),
  createdAt: integer('created_at').notNull(),
})
export type UserRow = typeof users.$inferSelect

/** A user as other users see it: without the password, and with the number of contacts assigned to the user. */
export type ListedUser = Omit<UserRow, 'password'> & {
  hasPassword: boolean
  /** Whether the user signs in with an authenticator app as well. */
  hasFactor: boolean
  /** When the user was last active, in milliseconds since 1970; null if the user is signed in nowhere. */
  seenAt: number | null
  contacts: number
}

/** The attributes of a user that can be changed; the password is hashed. */
export type UserChange = Omit<UserRow, 'id' | 'createdAt'>

/** Why a user was not written: another user has the address or the User ID, or no administrator would remain. */
export type Refused = 'email' | 'userId' | 'lastAdministrator'

/** The User ID of a contact that has not been removed, as SQL. */
const ASSIGNED = `json_extract(details, '${pathOf('assignedUser')}')`
const IS_ASSIGNED = `${ASSIGNED} IS NOT NULL AND removed_at IS NULL`
const countAssigned = (userId: string) =>
  `(SELECT count(*) FROM contact WHERE ${ASSIGNED} = ${userId} AND ${IS_ASSIGNED})`

const { password: _, ...OPEN } = getTableColumns(users)
const LISTED = {
  ...OPEN,
  hasPassword: sql`${users.password} IS NOT NULL`.mapWith(Boolean),
  hasFactor:
    sql`EXISTS (SELECT 1 FROM second_factor WHERE second_factor.user = user.id AND used_step IS NOT NULL)`.mapWith(
      Boolean,
    ),
  seenAt: sql<number | null>`(SELECT max(seen_at) FROM session WHERE session.user = user.id)`,
  contacts: sql<number>`${sql.raw(countAssigned('user.user_id'))}`,
}

/** Lists users in the order they were made, after the one with the cursor. */
export function listUsers(env: Env, cursor: string, limit: number): Promise<ListedUser[]> {
  return database(env)
    .select(LISTED)
    .from(users)
    .where(madeAfter(users, cursor))
    .orderBy(users.createdAt, users.id)
    .limit(limit)
}

export async function findUser(env: Env, id: string): Promise<ListedUser | null> {
  const [row] = await database(env).select(LISTED).from(users).where(eq(users.id, id))
  return row ?? null
}

/** Returns the user with the e-mail address, ignoring case, with the password hash. */
export async function findUserByEmail(env: Env, email: string): Promise<UserRow | null> {
  const [row] = await database(env).select().from(users).where(eq(users.email, email))
  return row ?? null
}

/** Returns a user with the password hash. */
export async function findUserWithPassword(env: Env, id: string): Promise<UserRow | null> {
  const [row] = await database(env).select().from(users).where(eq(users.id, id))
  return row ?? null
}

/** Returns the user whose User ID is exactly this one. */
export async function findAssignee(env: Env, userId: string): Promise<Pick<UserRow, 'id' | 'name'> | null> {
  const columns = { id: users.id, name: users.name }
  const [row] = await database(env).select(columns).from(users).where(eq(users.userId, userId))
  return row ?? null
}

/** Returns the User ID of every user who has one. */
export async function userIds(env: Env): Promise<Set<string>> {
  const rows = await database(env).select({ userId: users.userId }).from(users).where(isNotNull(users.userId))
  return new Set(rows.flatMap(({ userId }) => userId ?? []))
}

/**
 * Returns the e-mail addresses of the administrators; at most 50. An administrator behind Cloudflare Access has no
 * password.
 */
export async function administratorEmails(env: Env): Promise<string[]> {
  const rows = await database(env)
    .select({ email: users.email })
    .from(users)
    .where(eq(users.role, 'administrator'))
    .orderBy(users.createdAt, users.id)
    .limit(50)
  return rows.map(({ email }) => email)
}

/** Returns whether any user is an administrator. */
export async function hasAdministrator(env: Env): Promise<boolean> {
  const [row] = await database(env).select({ id: users.id }).from(users).where(eq(users.role, 'administrator')).limit(1)
  return row !== undefined
}

/**
 * Lists User IDs that contacts have but no user has, each with its number of contacts, in order after `after`. It jumps
 * from one ID of the index to the next, so its cost depends on the number of IDs and not on the number of contacts.
 */
export function unmatchedUserIds(
  env: Env,
  after: string,
  limit: number,
): Promise<{ userId: string; contacts: number }[]> {
  const next = (than: string) =>
    `(SELECT ${ASSIGNED} FROM contact WHERE ${IS_ASSIGNED} AND ${ASSIGNED} > ${than} ORDER BY ${ASSIGNED} LIMIT 1)`
  return all(
    env,
    named(
      `WITH RECURSIVE found (user_id) AS (
          SELECT ${next(':after')} UNION ALL SELECT ${next('found.user_id')} FROM found WHERE found.user_id IS NOT NULL)
        SELECT user_id AS userId, ${countAssigned('found.user_id')} AS contacts FROM found
          WHERE user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM user WHERE user.user_id = found.user_id) LIMIT :limit`,
      { after, limit },
    ),
  )
}

/** Inserts a user. */
export async function insertUser(env: Env, id: string, user: UserChange, now: number): Promise<Refused | null> {
  const insert = database(env)
    .insert(users)
    .values({ ...user, id, createdAt: now })
  const { failed } = await write(env, [statement(insert)], users.email, users.userId)
  return refusedBy(failed)
}

/**
 * Changes a user, and refuses to take away the last administrator. `password`: a new hash, null to remove it, undefined
 * to keep it; a change ends the user's sessions. `access`: whether Cloudflare Access lets people in without a password.
 */
export async function changeUser(
  env: Env,
  id: string,
  { password, ...user }: Omit<UserChange, 'password'> & { password: string | null | undefined },
  access: boolean,
): Promise<Refused | null> {
  const administers = user.role === 'administrator' && (password !== null || access)
  const change = database(env)
    .update(users)
    .set({ ...user, ...(password !== undefined && { password }) })
    .where(eq(users.id, id))
  const statements = [
    ...(administers ? [] : [notTheLast(id, access)]),
    statement(change),
    ...(password === undefined ? [] : [endingSessions(id)]),
  ]
  const { failed } = await write(env, statements, 'guard', users.email, users.userId)
  return refusedBy(failed)
}

/** Replaces the stored form of a password that stays the same. Nothing happens if the password has changed meanwhile. */
export async function rehashPassword(env: Env, id: string, before: string, after: string): Promise<void> {
  await database(env)
    .update(users)
    .set({ password: after })
    .where(and(eq(users.id, id), eq(users.password, before)))
}

/** Gives a user a password, and a name unless it is null, and ends all of their sessions. */
export async function setPassword(env: Env, id: string, password: string, name: string | null): Promise<void> {
  const change = database(env)
    .update(users)
    .set({ password, ...(name === null ? {} : { name }) })
    .where(eq(users.id, id))
  await write(env, [statement(change), endingSessions(id)])
}

/** Changes a person's own password and ends all their sessions except the one with this token hash. */
export async function changePassword(env: Env, id: string, password: string, session: string): Promise<void> {
  const change = database(env).update(users).set({ password }).where(eq(users.id, id))
  await write(env, [statement(change), endingSessions(id, session)])
}

/** Deletes a user with their sessions; contacts keep the User ID. */
export async function deleteUser(env: Env, id: string, access: boolean): Promise<Refused | null> {
  const removal = database(env).delete(users).where(eq(users.id, id))
  const { failed } = await write(env, [notTheLast(id, access), endingSessions(id), statement(removal)], 'guard')
  return refusedBy(failed)
}

function endingSessions(user: string, except = ''): Statement {
  return named('DELETE FROM session WHERE user = :user AND token_hash <> :except', { user, except })
}

/** Returns a statement that fails the batch if this user is the only one who can administer Muster. */
function notTheLast(id: string, access: boolean): Statement {
  const administers = `role = 'administrator' AND (password IS NOT NULL OR :access)`
  return guard(
    `NOT EXISTS (SELECT 1 FROM user WHERE id = :id AND ${administers})
      OR EXISTS (SELECT 1 FROM user WHERE id <> :id AND ${administers})`,
    { id, access },
  )
}

function refusedBy(failed: Constraint | null): Refused | null {
  if (failed === null) return null
  if (failed === 'guard') return 'lastAdministrator'
  return failed === users.email ? 'email' : 'userId'
}
