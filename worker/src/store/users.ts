import { isNotNull } from 'drizzle-orm'
import type { Env } from '../env.ts'
import { database } from './database.ts'
import { users } from './schema.ts'

/** The User ID of every user who has one. */
export async function userIds(env: Env): Promise<Set<string>> {
  const rows = await database(env.DB).select({ userId: users.userId }).from(users).where(isNotNull(users.userId))
  return new Set(rows.flatMap(({ userId }) => userId ?? []))
}
