import { and, eq, lt, lte } from 'drizzle-orm'
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'
import { database, type Statement, statement } from './database.ts'

/** Requests that must not take effect twice: signed webhooks, inbound texts, and runs that a system requests. */

/** The identity of each accepted request: the signature of a webhook, the ID of a text. */
export const webhookCalls = sqliteTable('webhook_call', {
  signature: text('signature').primaryKey(),
  at: integer('at').notNull(),
})

/** How long signatures are kept, in milliseconds: longer than they are valid. */
const KEPT = 15 * 60_000
const TEXT_KEPT = 30 * 86_400_000

/**
 * Returns the statement that records an inbound text, for the batch that carries it out. It fails the batch on
 * `webhookCalls.signature` if the text was received before. Twilio's requests do not contain a time, so a message is
 * recognised for a month.
 */
export function recordingText(env: Env, id: string, now: number): Statement {
  return statement(
    database(env)
      .insert(webhookCalls)
      .values({ signature: id, at: now + TEXT_KEPT }),
  )
}

/** Records a signature; returns false if it was used before. Also deletes old ones. */
export async function takeSignature(env: Env, signature: string, now: number): Promise<boolean> {
  const db = database(env)
  const [, taken] = await db.batch([
    db.delete(webhookCalls).where(lt(webhookCalls.at, now - KEPT)),
    db.insert(webhookCalls).values({ signature, at: now }).onConflictDoNothing().returning({ at: webhookCalls.at }),
  ])
  return taken.length === 1
}

/** The run that each `Idempotency-Key` of a source started or is about to start. */
export const idempotencyKeys = sqliteTable(
  'idempotency',
  {
    source: text('source').notNull(),
    key: text('key').notNull(),
    run: text('run').notNull(),
    at: integer('at').notNull(),
  },
  ({ source, key }) => [primaryKey({ columns: [source, key] })],
)

/** How long an idempotency key is kept, in milliseconds. */
const KEY_KEPT = 24 * 60 * 60_000

/**
 * Returns the ID of the run that belongs to a source's `Idempotency-Key`. It stays the same for 24 hours from the key's
 * first use, even if two requests arrive at once or one is interrupted. The run itself exists only once it has been
 * started. `now`: milliseconds.
 */
export async function runOfKey(env: Env, source: string, key: string, now: number): Promise<string> {
  const db = database(env)
  const [, , [found]] = await db.batch([
    db.delete(idempotencyKeys).where(lte(idempotencyKeys.at, now - KEY_KEPT)),
    db.insert(idempotencyKeys).values({ source, key, run: newId(), at: now }).onConflictDoNothing(),
    db
      .select()
      .from(idempotencyKeys)
      .where(and(eq(idempotencyKeys.source, source), eq(idempotencyKeys.key, key))),
  ])
  if (found === undefined) throw new Error('A key that was just stored is not there')
  return found.run
}

/** Gives a source's `Idempotency-Key` another run, if its request joined one that was there already. */
export async function moveKey(env: Env, source: string, key: string, run: string): Promise<void> {
  await database(env)
    .update(idempotencyKeys)
    .set({ run })
    .where(and(eq(idempotencyKeys.source, source), eq(idempotencyKeys.key, key)))
}
