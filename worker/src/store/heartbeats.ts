import { sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { all, database, first, named } from './database.ts'
import { ACTIVE } from './runs.ts'

/** When something last happened. `tick`: the cron. `deadLetter`: a message of the queue was given up. */
export const heartbeats = sqliteTable('heartbeat', {
  name: text('name').$type<'tick' | 'deadLetter'>().primaryKey(),
  /** In milliseconds since 1970. */
  at: integer('at').notNull(),
})

/** Records that something happens now. */
export async function beat(env: Env, name: 'tick' | 'deadLetter', now: number): Promise<void> {
  const later = { at: sql`max(at, excluded.at)` }
  const insert = database(env).insert(heartbeats).values({ name, at: now })
  await insert.onConflictDoUpdate({ target: heartbeats.name, set: later })
}

/** How a deployment does, as the database shows it. Times are in milliseconds since 1970. */
export interface Pulse {
  /** When the cron last came. */
  tick: number
  /** When a message was last given up; null if none ever was. */
  deadLetter: number | null
  /** Whether a run has waited for a step for about half an hour, though its message was sent again and again. */
  stalled: boolean
  /** Whether Email Service has refused the sender's address for an e-mail that has not been sent since. */
  senderRefused: boolean
  /** Whether an enabled source needs the SFTP bridge, and whether the bridge did not answer one when it was last asked. */
  needsBridge: boolean
  bridgeFails: boolean
}

/** How often the message of a run is sent again within half an hour (`takeStale`). */
const RESENT = 5

export async function readPulse(env: Env): Promise<Pulse> {
  const row = await first<Record<keyof Pulse, number | null>>(
    env,
    named(
      `SELECT (SELECT at FROM heartbeat WHERE name = 'tick') AS tick,
        (SELECT at FROM heartbeat WHERE name = 'deadLetter') AS deadLetter,
        EXISTS (SELECT 1 FROM run WHERE ${ACTIVE} AND holder IS NULL AND resent >= ${RESENT}) AS stalled,
        EXISTS (SELECT 1 FROM notification WHERE status = 'pending' AND error GLOB 'E_SENDER*') AS senderRefused,
        EXISTS (SELECT 1 FROM source WHERE enabled = 1 AND connection->>'$.kind' = 'sftp') AS needsBridge,
        EXISTS (SELECT 1 FROM source WHERE enabled = 1 AND failing = 'bridge_unavailable') AS bridgeFails`,
    ),
  )
  return {
    tick: row?.tick ?? 0,
    deadLetter: row?.deadLetter ?? null,
    stalled: row?.stalled === 1,
    senderRefused: row?.senderRefused === 1,
    needsBridge: row?.needsBridge === 1,
    bridgeFails: row?.bridgeFails === 1,
  }
}

/** Returns the name of the last migration that was applied; the empty string if none was. */
export async function lastMigration(env: Env): Promise<string> {
  const rows = await all<{ name: string | null }>(env, named('SELECT max(name) AS name FROM d1_migrations'))
  return rows[0]?.name ?? ''
}
