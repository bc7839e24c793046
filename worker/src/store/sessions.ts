import { and, count, eq, gt, lte } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { database } from './database.ts'
import { type UserRow, users } from './users.ts'

export const sessions = sqliteTable('session', {
  tokenHash: text('token_hash').primaryKey(),
  user: text('user').notNull(),
  expiresAt: integer('expires_at').notNull(),
})

/** Inserts a session. `expiresAt`: in milliseconds since 1970. */
export async function insertSession(env: Env, session: typeof sessions.$inferInsert): Promise<void> {
  await database(env).insert(sessions).values(session)
}

/** Ends the session whose token has this hash. */
export async function deleteSession(env: Env, tokenHash: string): Promise<void> {
  await database(env).delete(sessions).where(eq(sessions.tokenHash, tokenHash))
}

/**
 * Returns the user of the session whose token has this hash; null if there is no such session, or it has ended by
 * `now`.
 */
export async function sessionUser(env: Env, tokenHash: string, now: number): Promise<UserRow | null> {
  const [row] = await database(env)
    .select({ user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.user))
    .where(and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, now)))
  return row?.user ?? null
}

/** Recent wrong passwords. They are counted so that nobody can guess a password by trying one after the other. */
export const signInFailures = sqliteTable('sign_in_failure', {
  email: text('email').notNull(),
  at: integer('at').notNull(),
})

/** The number of wrong passwords in a quarter of an hour after which an address has to wait. */
const MOST = 10
const WINDOW = 15 * 60_000

/** Returns whether too many wrong passwords were recently tried for the address. */
export async function mustWait(env: Env, email: string, now: number): Promise<boolean> {
  const [row] = await database(env)
    .select({ failures: count() })
    .from(signInFailures)
    .where(and(eq(signInFailures.email, email), gt(signInFailures.at, now - WINDOW)))
  return (row?.failures ?? 0) >= MOST
}

/** Records a wrong password, and deletes old ones. */
export async function recordFailure(env: Env, email: string, now: number): Promise<void> {
  const db = database(env)
  await db.batch([
    db.delete(signInFailures).where(lte(signInFailures.at, now - WINDOW)),
    db.insert(signInFailures).values({ email, at: now }),
  ])
}
