import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { all, first, named } from './database.ts'
import { REMOVED_OF_SOURCE } from './removed.ts'
import { sources } from './sources.ts'

/** Removed contacts that retention has deleted, by the time of their removal: the limit on removals still counts them. */
export const forgottenRemovals = sqliteTable(
  'forgotten_removal',
  {
    source: text('source')
      .notNull()
      .references(() => sources.id, { onDelete: 'cascade' }),
    /** In milliseconds since 1970. */
    removedAt: integer('removed_at').notNull(),
    contacts: integer('contacts').notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.removedAt] })],
)

const DAY = 24 * 60 * 60_000
/** The most waits that are looked at. */
const MOST_WAITS = 500

/**
 * Returns how many contacts of a source its runs have removed without approval within so many days, and that are not
 * back. An approval of removals is one of those before as well, since the reason that it answers names them. What an
 * undo removed was asked for by a person. The days stand still while removals wait for a person, so that waiting does
 * not make the limit forget (design: Limits).
 */
export async function removedWithin(env: Env, source: string, days: number): Promise<number> {
  const since = await windowStart(env, source, days, Date.now())
  const row = await first<{ n: number }>(
    env,
    named(
      `SELECT (SELECT count(*) FROM ${REMOVED_OF_SOURCE} AND c.removed_at > :since
            AND EXISTS (SELECT 1 FROM run r WHERE r.id = c.run AND ${UNASKED}))
        + (SELECT coalesce(sum(contacts), 0) FROM forgotten_removal
          WHERE source = :source AND removed_at > :since) AS n`,
      { source, since },
    ),
  )
  return row?.n ?? 0
}

/** As SQL: no person asked for the removal of the contact `c` by the run `r`. */
const UNASKED = `r.undoes IS NULL
  AND (r.decision->>'$.what' = 'approved' AND c.removed_at >= r.decision->>'$.at') IS NOT TRUE`

/**
 * Returns the statement, as SQL, that keeps the number of these removed contacts, which retention is about to delete, for
 * the sources that there still are.
 */
export function countingForgotten(keys: string): string {
  return `INSERT INTO forgotten_removal (source, removed_at, contacts)
    SELECT c.source, c.removed_at, count(*) FROM (${keys}) gone CROSS JOIN contact c ON c.key = gone.key
      JOIN run r ON r.id = c.run WHERE ${UNASKED} AND EXISTS (SELECT 1 FROM source s WHERE s.id = c.source) GROUP BY c.source, c.removed_at
    ON CONFLICT DO UPDATE SET contacts = contacts + excluded.contacts`
}

/**
 * Returns from when on removals count, in milliseconds since 1970. The times in which removals waited are left out. The
 * days end half a day early, so that of nightly runs as many count as there are days.
 */
async function windowStart(env: Env, source: string, days: number, now: number): Promise<number> {
  const waits = await all<{ from: number; until: number | null; approved: number | null }>(
    env,
    named(
      `SELECT removals_held_at AS "from", coalesce(decision->>'$.at', finished_at) AS until,
          decision->>'$.what' = 'approved' AND (decision->'$.parts' IS NULL OR EXISTS (
            SELECT 1 FROM json_each(decision, '$.parts') WHERE value = 'remove')) AS approved FROM run
        WHERE source = :source AND removals_held_at IS NOT NULL
        ORDER BY removals_held_at DESC LIMIT :most`,
      { source, most: MOST_WAITS },
    ),
  )
  let left = (days - 0.5) * DAY
  let at = now
  for (const { from, until, approved } of waits) {
    const between = Math.max(0, at - (until ?? now))
    if (between >= left) break
    if (approved === 1) return until ?? now
    left -= between
    at = Math.min(at, from)
  }
  return at - left
}
