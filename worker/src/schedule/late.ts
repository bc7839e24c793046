import type { Env } from '../env.ts'
import { newNotification } from '../notify/outbox.ts'
import { sendStep } from '../run/step.ts'
import type { SourceRow } from '../store/schema.ts'

const HOUR = 60 * 60_000

/**
 * Tells once that a source's file has not changed for as long as its settings allow (design: Schedules). Changed means
 * that a run found other bytes and could make a plan of them: the times that servers give say nothing. `now`: milliseconds.
 */
export async function tellLate(env: Env, source: SourceRow, now: number): Promise<void> {
  const { freshness } = source.settings
  const since = Math.max(source.freshSince, source.fileChangedAt ?? 0)
  if (freshness === null || source.lateAt !== null || now <= since + freshness.atLeastEveryHours * HOUR) return
  const told = await newNotification(env, 'late', null, source, now)
  const statements = [env.DB.prepare(`UPDATE source SET late_at = ?3 WHERE ${STILL_LATE}`).bind(source.id, since, now)]
  if (told !== null) {
    const insert = `INSERT INTO notification (id, source, kind, recipients, subject, status, created_at)
      SELECT ?3, id, 'late', ?4, ?5, 'pending', ?6 FROM source WHERE ${STILL_LATE}`
    const { id, recipients, subject, createdAt } = told
    const values = [source.id, since, id, JSON.stringify(recipients), subject, createdAt]
    // First, while the source does not say yet that it was told.
    statements.unshift(env.DB.prepare(insert).bind(...values))
  }
  const results = await env.DB.batch(statements)
  if (told !== null && results.at(-1)?.meta.changes === 1) {
    await sendStep(env, { step: 'notify', notification: told.id })
  }
}

/** Nothing new has come since it was looked at, nor is it on its way: a run that ends now sees whether people were told. */
const STILL_LATE = `id = ?1 AND enabled = 1 AND late_at IS NULL AND max(fresh_since, coalesce(file_changed_at, 0)) = ?2
  AND NOT EXISTS (SELECT 1 FROM run WHERE source = ?1 AND remembered = 0
    AND status IN ('queued', 'fetching', 'planning', 'applying'))`
