import { and, eq, gt, lte, or } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { hashToken } from '../security/passwords.ts'
import { newToken } from '../security/random.ts'
import { database } from './database.ts'

type Purpose = 'invitation' | 'reset' | 'ticket'

/** Secrets that were handed out to be used once, as hashes. */
export const oneTimeTokens = sqliteTable('one_time_token', {
  tokenHash: text('token_hash').primaryKey(),
  purpose: text('purpose').$type<Purpose>().notNull(),
  user: text('user').notNull(),
  expiresAt: integer('expires_at').notNull(),
})

/** How long a token can be used, in milliseconds. */
const TOKEN_LASTS: Record<Purpose, number> = {
  invitation: 7 * 24 * 60 * 60_000,
  reset: 60 * 60_000,
  ticket: 5 * 60_000,
}

/**
 * Makes a token of a user. An invitation or a link for a forgotten password replaces the one before; tickets may be open
 * in several browsers.
 */
export async function issueToken(
  env: Env,
  purpose: Purpose,
  user: string,
  now: number,
): Promise<{ token: string; expiresAt: number }> {
  const token = newToken()
  const expiresAt = now + TOKEN_LASTS[purpose]
  const db = database(env)
  const replaced = and(eq(oneTimeTokens.user, user), eq(oneTimeTokens.purpose, purpose))
  const over = lte(oneTimeTokens.expiresAt, now)
  await db.batch([
    db.delete(oneTimeTokens).where(purpose === 'ticket' ? over : or(over, replaced)),
    db.insert(oneTimeTokens).values({ tokenHash: await hashToken(token), purpose, user, expiresAt }),
  ])
  return { token, expiresAt }
}

/** Returns the ID of the user that a token was made for; null if it was used, has expired or never existed. */
export async function tokenUser(env: Env, purpose: Purpose, token: string, now: number): Promise<string | null> {
  const [row] = await database(env)
    .select({ user: oneTimeTokens.user })
    .from(oneTimeTokens)
    .where(await usable(purpose, token, now))
  return row?.user ?? null
}

/** Uses a token up. Returns its user; null as `tokenUser` does. Of two uses at once only one gets the user. */
export async function useToken(env: Env, purpose: Purpose, token: string, now: number): Promise<string | null> {
  const [row] = await database(env)
    .delete(oneTimeTokens)
    .where(await usable(purpose, token, now))
    .returning({ user: oneTimeTokens.user })
  return row?.user ?? null
}

async function usable(purpose: Purpose, token: string, now: number) {
  const hash = await hashToken(token)
  return and(eq(oneTimeTokens.tokenHash, hash), eq(oneTimeTokens.purpose, purpose), gt(oneTimeTokens.expiresAt, now))
}
