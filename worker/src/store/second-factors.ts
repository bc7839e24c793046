import { and, count, eq, isNotNull, isNull, lt, or } from 'drizzle-orm'
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { open, seal } from '../security/secrets.ts'
import { database } from './database.ts'

/** Authenticator apps of users. A factor counts once a first code of it was right. */
export const secondFactors = sqliteTable('second_factor', {
  user: text('user').primaryKey(),
  /** The encrypted secret that the app and Muster share. */
  secret: text('secret').notNull(),
  /** The half minute of the last code that counted, which counts once; null until the factor is confirmed. */
  usedStep: integer('used_step'),
})

/** The hashes of the recovery codes that a user has left. */
export const recoveryCodes = sqliteTable(
  'recovery_code',
  { user: text('user').notNull(), codeHash: text('code_hash').notNull() },
  ({ user, codeHash }) => [primaryKey({ columns: [user, codeHash] })],
)

/** Whom the secret of a user's factor belongs to. */
export function ownerOfFactor(user: string): string {
  return `second factor of ${user}`
}

/** Stores a new secret that is not confirmed yet. Returns false if the user has a factor that counts. */
export async function offerFactor(env: Env, user: string, secret: string): Promise<boolean> {
  const sealed = await seal(secret, env, ownerOfFactor(user))
  const stored = await database(env)
    .insert(secondFactors)
    .values({ user, secret: sealed })
    .onConflictDoUpdate({
      target: secondFactors.user,
      set: { secret: sealed },
      setWhere: isNull(secondFactors.usedStep),
    })
    .returning({ user: secondFactors.user })
  return stored.length > 0
}

/** Returns the secret of a user's factor, and whether it counts; null if there is none. Throws `Failure` `secret_unreadable`. */
export async function readFactor(env: Env, user: string): Promise<{ secret: string; counts: boolean } | null> {
  const [row] = await database(env).select().from(secondFactors).where(eq(secondFactors.user, user))
  if (row === undefined) return null
  return { secret: await open(row.secret, env, ownerOfFactor(user)), counts: row.usedStep !== null }
}

/** Returns whether a user has a factor that counts. */
export async function hasFactor(env: Env, user: string): Promise<boolean> {
  const [row] = await database(env)
    .select({ found: count() })
    .from(secondFactors)
    .where(and(eq(secondFactors.user, user), isNotNull(secondFactors.usedStep)))
  return (row?.found ?? 0) > 0
}

/** Uses up a code of this half minute. Returns false if that code, or a later one, was used before. */
export async function useStep(env: Env, user: string, step: number): Promise<boolean> {
  const used = await database(env)
    .update(secondFactors)
    .set({ usedStep: step })
    .where(and(eq(secondFactors.user, user), or(isNull(secondFactors.usedStep), lt(secondFactors.usedStep, step))))
    .returning({ user: secondFactors.user })
  return used.length > 0
}

/** Uses up a recovery code, given as its hash. Returns false if the user does not have it. */
export async function useRecoveryCode(env: Env, user: string, codeHash: string): Promise<boolean> {
  const used = await database(env)
    .delete(recoveryCodes)
    .where(and(eq(recoveryCodes.user, user), eq(recoveryCodes.codeHash, codeHash)))
    .returning({ user: recoveryCodes.user })
  return used.length > 0
}

/** Replaces the recovery codes of a user, given as their hashes. */
export async function replaceRecoveryCodes(env: Env, user: string, hashes: readonly string[]): Promise<void> {
  const db = database(env)
  await db.batch([
    db.delete(recoveryCodes).where(eq(recoveryCodes.user, user)),
    db.insert(recoveryCodes).values(hashes.map((codeHash) => ({ user, codeHash }))),
  ])
}

/** How many recovery codes a user has left. */
export async function recoveryCodesLeft(env: Env, user: string): Promise<number> {
  const [row] = await database(env).select({ left: count() }).from(recoveryCodes).where(eq(recoveryCodes.user, user))
  return row?.left ?? 0
}

/** Takes away a user's second factor with its recovery codes. Returns false if there was none. */
export async function deleteFactor(env: Env, user: string): Promise<boolean> {
  const db = database(env)
  const [gone] = await db.batch([
    db.delete(secondFactors).where(eq(secondFactors.user, user)).returning({ user: secondFactors.user }),
    db.delete(recoveryCodes).where(eq(recoveryCodes.user, user)),
  ])
  return gone.length > 0
}
