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
  /** Hashed; null for a user who cannot sign in with one. */
  password: text('password'),
  createdAt: integer('created_at').notNull(),
})
export type UserRow = typeof users.$inferSelect

/** A user as others see them: without the password, and with how many contacts are assigned to them. */
export type ListedUser = Omit<UserRow, 'password'> & { hasPassword: boolean; contacts: number }

/** What can be changed of a user; the password hashed. */
export type UserChange = Omit<UserRow, 'id' | 'createdAt'>

/** Why a user was not written: another has the address or the User ID, or nobody could administer Muster any more. */
export type Refused = 'email' | 'userId' | 'lastAdministrator'

/** As SQL: the User ID of a contact that has not been removed. */
const ASSIGNED = `json_extract(details, '${pathOf('assignedUser')}')`
const IS_ASSIGNED = `${ASSIGNED} IS NOT NULL AND removed_at IS NULL`
const countAssigned = (userId: string) =>
  `(SELECT count(*) FROM contact WHERE ${ASSIGNED} = ${userId} AND ${IS_ASSIGNED})`

const { password: _, ...OPEN } = getTableColumns(users)
const LISTED = {
  ...OPEN,
  hasPassword: sql`${users.password} IS NOT NULL`.mapWith(Boolean),
  contacts: sql<number>`${sql.raw(countAssigned('user.user_id'))}`,
}

/** Users in the order they were made, after the cursor of the last one seen. */
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

/** The user with the e-mail address, in whatever case, with the password. */
export async function findUserByEmail(env: Env, email: string): Promise<UserRow | null> {
  const [row] = await database(env).select().from(users).where(eq(users.email, email))
  return row ?? null
}

/** The password of a user as it is stored, null for none. */
export async function passwordOf(env: Env, id: string): Promise<string | null> {
  const [row] = await database(env).select({ password: users.password }).from(users).where(eq(users.id, id))
  return row?.password ?? null
}

/** The user whose User ID is exactly this one. */
export async function findAssignee(env: Env, userId: string): Promise<Pick<UserRow, 'id' | 'name'> | null> {
  const columns = { id: users.id, name: users.name }
  const [row] = await database(env).select(columns).from(users).where(eq(users.userId, userId))
  return row ?? null
}

/** The User ID of every user who has one. */
export async function userIds(env: Env): Promise<Set<string>> {
  const rows = await database(env).select({ userId: users.userId }).from(users).where(isNotNull(users.userId))
  return new Set(rows.flatMap(({ userId }) => userId ?? []))
}

/** The e-mail addresses of the administrators who can sign in with a password; at most 50. */
export async function administratorEmails(env: Env): Promise<string[]> {
  const rows = await database(env)
    .select({ email: users.email })
    .from(users)
    .where(and(eq(users.role, 'administrator'), isNotNull(users.password)))
    .limit(50)
  return rows.map(({ email }) => email)
}

/** Whether any user is an administrator. */
export async function hasAdministrator(env: Env): Promise<boolean> {
  const [row] = await database(env).select({ id: users.id }).from(users).where(eq(users.role, 'administrator')).limit(1)
  return row !== undefined
}

/**
 * User IDs that contacts have and no user, with how many contacts, in their order after `after`. It goes from one ID of
 * the index to the next, so that its cost depends on how many IDs there are and not on how many contacts.
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

/** Makes a user. */
export async function insertUser(env: Env, id: string, user: UserChange, now: number): Promise<Refused | null> {
  const insert = database(env)
    .insert(users)
    .values({ ...user, id, createdAt: now })
  const { failed } = await write(env, [statement(insert)], users.email, users.userId)
  return refusedBy(failed)
}

/**
 * Changes a user; somebody who can administer Muster stays. `password`: a new one, null to take it away, undefined to
 * leave it; a change ends the user's sessions. `access`: whether Cloudflare Access lets people in without a password.
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

/** Changes a person's own password and ends all their sessions but the one with this token's hash. */
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

/** Fails the batch where nobody else can administer Muster and this user can. */
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
