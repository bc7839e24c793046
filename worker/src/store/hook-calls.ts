import { desc, eq } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { database, named, write } from './database.ts'

/** The last calls of each source's webhook. */
export const hookCalls = sqliteTable('hook_call', {
  id: integer('id').primaryKey(),
  source: text('source').notNull(),
  at: integer('at').notNull(),
  /** The status and the code of the answer; the code is null for a call that was accepted. */
  status: integer('status').notNull(),
  code: text('code'),
  /** The run that the call started or joined. */
  run: text('run'),
  /** Whether Muster sent the call itself, to test the webhook. */
  test: integer('test', { mode: 'boolean' }).notNull().default(false),
  /** The number of equal refusals in a row that share this entry. */
  times: integer('times').notNull().default(1),
})
type HookCallRow = typeof hookCalls.$inferSelect

/** What a call was answered. */
type HookCall = Pick<HookCallRow, 'status' | 'code' | 'run' | 'test'>

/** How many calls of a source are kept. */
const KEPT = 10

/** Records a call. A refusal like the one before only raises its number. */
export async function recordHookCall(env: Env, source: string, call: HookCall, now: number): Promise<void> {
  const { status, code, run, test } = call
  const newest = '(SELECT max(id) FROM hook_call WHERE source = :source)'
  await write(env, [
    named(
      `INSERT INTO hook_call (id, source, at, status, code, run, test, times)
        SELECT iif(same, id, NULL), :source, :now, :status, :code, :run, :test, iif(same, times + 1, 1)
        FROM (SELECT 1) LEFT JOIN (SELECT id, times, code = :code AND test = :test AS same FROM hook_call WHERE id = ${newest})
        WHERE true
        ON CONFLICT (id) DO UPDATE SET at = excluded.at, times = excluded.times`,
      { source, now, status, code, run, test },
    ),
    named(
      `DELETE FROM hook_call WHERE source = :source AND id NOT IN (
        SELECT id FROM hook_call WHERE source = :source ORDER BY id DESC LIMIT ${KEPT})`,
      { source },
    ),
  ])
}

/** Returns the last calls of a source's webhook, newest first. */
export function listHookCalls(env: Env, source: string): Promise<HookCallRow[]> {
  return database(env).select().from(hookCalls).where(eq(hookCalls.source, source)).orderBy(desc(hookCalls.id))
}
