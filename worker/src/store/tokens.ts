import { eq } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import type { TokenScope } from '../security/scopes.ts'
import { database } from './database.ts'

/** API tokens of systems. */
export const tokens = sqliteTable('token', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  tokenHash: text('token_hash').notNull(),
  scopes: text('scopes', { mode: 'json' }).$type<TokenScope[]>().notNull(),
  createdAt: integer('created_at').notNull(),
  sources: text('sources', { mode: 'json' }).$type<string[]>(),
  expiresAt: integer('expires_at'),
  lastUsedAt: integer('last_used_at'),
})
export type TokenRow = typeof tokens.$inferSelect

export async function insertToken(env: Env, token: TokenRow): Promise<void> {
  await database(env).insert(tokens).values(token)
}

/** Lists tokens in the order they were made. */
export function listTokens(env: Env): Promise<TokenRow[]> {
  return database(env).select().from(tokens).orderBy(tokens.createdAt)
}

/** Returns the token with this hash. */
export async function findToken(env: Env, tokenHash: string): Promise<TokenRow | null> {
  const [row] = await database(env).select().from(tokens).where(eq(tokens.tokenHash, tokenHash))
  return row ?? null
}

/** Records that a token was used, in milliseconds since 1970. */
export async function recordUse(env: Env, id: string, now: number): Promise<void> {
  await database(env).update(tokens).set({ lastUsedAt: now }).where(eq(tokens.id, id))
}

/** Revokes a token; returns false if no token has the ID. */
export async function deleteToken(env: Env, id: string): Promise<boolean> {
  const gone = await database(env).delete(tokens).where(eq(tokens.id, id)).returning({ id: tokens.id })
  return gone.length > 0
}
