import { and, desc, eq, gt, ne, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { database } from './database.ts'
import { SETTING_DEFAULTS, settings } from './settings.ts'
import { type UserRow, users } from './users.ts'

/** Sessions of people who have signed in with a password. Times are in milliseconds since 1970. */
export const sessions = sqliteTable('session', {
  tokenHash: text('token_hash').primaryKey(),
  user: text('user').notNull(),
  expiresAt: integer('expires_at').notNull(),
  /** Names the session in the list of a person's sessions. */
  id: text('id').notNull(),
  createdAt: integer('created_at').notNull(),
  /** When the person was last active, to the minute. */
  seenAt: integer('seen_at').notNull(),
  /** When the person last showed who they are. */
  confirmedAt: integer('confirmed_at').notNull(),
  /** How the browser calls itself. */
  client: text('client'),
})
export type SessionRow = typeof sessions.$inferSelect

const MINUTE = 60_000

export async function insertSession(env: Env, session: SessionRow): Promise<void> {
  await database(env).insert(sessions).values(session)
}

/** Ends the session whose token has this hash. */
export async function deleteSession(env: Env, tokenHash: string): Promise<void> {
  await database(env).delete(sessions).where(eq(sessions.tokenHash, tokenHash))
}

/** The number of minutes without activity after which a session ends, as SQL. */
const IDLE_MINUTES = sql`coalesce((SELECT CAST(${settings.value} AS INTEGER) FROM ${settings} WHERE ${settings.name} = 'idleMinutes'), ${SETTING_DEFAULTS.idleMinutes})`

/** The condition for sessions that have neither expired nor been idle for too long. */
const isOpen = (now: number) =>
  and(gt(sessions.expiresAt, now), sql`${sessions.seenAt} + ${IDLE_MINUTES} * ${MINUTE} > ${now}`)

/** Returns the session whose token has this hash, with its user; null if there is none or it has ended by `now`. */
export async function openSession(
  env: Env,
  tokenHash: string,
  now: number,
): Promise<{ session: SessionRow; user: UserRow } | null> {
  const [row] = await database(env)
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.user))
    .where(and(eq(sessions.tokenHash, tokenHash), isOpen(now)))
  return row ?? null
}

/** Records that the person of a session is active. Writes at most once a minute. */
export async function touchSession(env: Env, { tokenHash, seenAt }: SessionRow, now: number): Promise<void> {
  if (now - seenAt < MINUTE) return
  await database(env).update(sessions).set({ seenAt: now }).where(eq(sessions.tokenHash, tokenHash))
}

/** Records that the person of a session has shown who they are. */
export async function confirmSession(env: Env, tokenHash: string, now: number): Promise<void> {
  await database(env).update(sessions).set({ confirmedAt: now }).where(eq(sessions.tokenHash, tokenHash))
}

/** Lists the open sessions of a user, the last active one first. */
export function listSessions(env: Env, user: string, now: number): Promise<SessionRow[]> {
  return database(env)
    .select()
    .from(sessions)
    .where(and(eq(sessions.user, user), isOpen(now)))
    .orderBy(desc(sessions.seenAt), sessions.id)
}

/** Ends the sessions of a user: the one with the public ID `only`, or all but the one whose token has the hash `except`. */
export async function endSessions(
  env: Env,
  user: string,
  { only, except = '' }: { only?: string; except?: string } = {},
): Promise<number> {
  const which = only === undefined ? ne(sessions.tokenHash, except) : eq(sessions.id, only)
  const ended = await database(env)
    .delete(sessions)
    .where(and(eq(sessions.user, user), which))
    .returning({ id: sessions.id })
  return ended.length
}
