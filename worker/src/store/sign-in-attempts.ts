import { inArray, lte } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { database, named, statement, write } from './database.ts'

/** Attempts to sign in that were refused, or are being judged. */
export const signInAttempts = sqliteTable('sign_in_attempt', {
  id: integer('id').primaryKey(),
  /** What the attempt counts for: an account, a client's address, all of Muster, or a known device. */
  bucket: text('bucket').notNull(),
  at: integer('at').notNull(),
})

/** How long an attempt counts, in milliseconds. */
export const ATTEMPTS_COUNT_FOR = 15 * 60_000

/** Something that attempts count for, and how many of them are judged in a quarter of an hour. */
export interface Bucket {
  name: string
  most: number
}

/**
 * Counts an attempt in every bucket before it is judged, so that of many at the same moment no more are judged than the
 * buckets allow. Returns the IDs of the entries, or null if one of the buckets is full: then the attempt must not be judged.
 */
export async function reserveAttempt(env: Env, buckets: readonly Bucket[], now: number): Promise<number[] | null> {
  const since = now - ATTEMPTS_COUNT_FOR
  const forget = database(env).delete(signInAttempts).where(lte(signInAttempts.at, since))
  const reserve = named(
    `INSERT INTO sign_in_attempt (bucket, at) SELECT value->>'name', :now FROM json_each(:buckets)
      WHERE NOT EXISTS (SELECT 1 FROM json_each(:buckets) b WHERE
        (SELECT count(*) FROM sign_in_attempt a WHERE a.bucket = b.value->>'name' AND a.at > :since) >= b.value->>'most')
      RETURNING id`,
    { buckets: JSON.stringify(buckets), now, since },
  )
  const { results } = await write(env, [statement(forget), reserve])
  const reserved = (results[1]?.results ?? []) as { id: number }[]
  return reserved.length === 0 ? null : reserved.map(({ id }) => id)
}

/** Takes back a reserved attempt that turned out to be right. */
export async function releaseAttempt(env: Env, ids: readonly number[]): Promise<void> {
  await database(env)
    .delete(signInAttempts)
    .where(inArray(signInAttempts.id, [...ids]))
}
