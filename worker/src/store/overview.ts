import type { RunCounts } from '../core/counts.ts'
import type { Env } from '../env.ts'
import { all, first, named } from './database.ts'
import { GIVEN_UP, LATE } from './notifications.ts'
import type { RunRow } from './runs.ts'

/* The queries of the overview: what needs a person, and how each source is. Each reads all sources at once. */

/** A run in the chart of its source. */
export interface ChartedRun extends Pick<RunRow, 'id' | 'source' | 'mode' | 'status' | 'createdAt' | 'finishedAt'> {
  counts: RunCounts | null
  failure: RunRow['failure']
}

/** Returns the last runs of each of the sources, at most `most` of each, newest first. */
export async function recentRuns(
  env: Env,
  sources: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, ChartedRun[]>> {
  const rows = await all<Omit<ChartedRun, 'counts' | 'failure'> & { counts: string | null; failure: string | null }>(
    env,
    named(
      `SELECT r.id, r.source, r.mode, r.status, r.created_at AS createdAt, r.finished_at AS finishedAt, r.counts, r.failure
        FROM json_each(:sources) j CROSS JOIN run r ON r.id IN (
          SELECT id FROM run WHERE source = j.value ORDER BY created_at DESC, id DESC LIMIT ${most})`,
      { sources: JSON.stringify(sources) },
    ),
  )
  const runs = rows.map((row) => ({ ...row, counts: parsed(row.counts), failure: parsed(row.failure) }))
  runs.sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1))
  return Map.groupBy(runs, ({ source }) => source)
}

function parsed(json: string | null) {
  return json === null ? null : JSON.parse(json)
}

/** Returns when each of the sources began to fail: when the first import failed after the last one that did not. */
export async function failingSince(env: Env, sources: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (sources.length === 0) return new Map()
  const rows = await all<{ source: string; since: number | null }>(
    env,
    named(
      `SELECT j.value AS source, (
          SELECT min(created_at) FROM run WHERE source = j.value AND mode = 'apply' AND status = 'failed' AND created_at > coalesce((
            SELECT created_at FROM run WHERE source = j.value AND mode = 'apply' AND status IN ('succeeded', 'unchanged', 'rejected')
              ORDER BY created_at DESC LIMIT 1), 0)) AS since
        FROM json_each(:sources) j`,
      { sources: JSON.stringify(sources) },
    ),
  )
  return new Map(rows.flatMap(({ source, since }) => (since === null ? [] : [[source, since] as const])))
}

/** E-mails that are late or were given up: how many, since when, and of which source if they are all of one. */
export interface Unsent {
  emails: number
  since: number
  source: string | null
}

/** Returns the e-mails that are late or were given up lately; those of some sources unless it is null. */
export async function unsentEmails(env: Env, sources: readonly string[] | null, now: number): Promise<Unsent | null> {
  const among = '(:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))'
  const unsent = await first<{
    emails: number
    since: number | null
    lowest: string | null
    highest: string | null
    some: number
  }>(
    env,
    named(
      `SELECT count(*) AS emails, min(created_at) AS since, min(source) AS lowest, max(source) AS highest, count(source) AS some
        FROM (SELECT created_at, source FROM notification WHERE status = 'pending' AND created_at < :late AND ${among}
          UNION ALL SELECT created_at, source FROM notification WHERE status = 'failed' AND created_at > :shown AND ${among})`,
      { late: now - LATE, shown: now - GIVEN_UP, sources: sources === null ? null : JSON.stringify(sources) },
    ),
  )
  if (unsent === null || unsent.since === null) return null
  const { emails, since, lowest, highest, some } = unsent
  return { emails, since, source: some === emails && lowest === highest ? lowest : null }
}

/** The contacts of a source whose SMS status was set here and is another one there: since when, and how many. */
export interface Conflict {
  source: string
  /** `given_up`: the source could not be told. */
  state: 'conflict' | 'given_up'
  since: number
  contacts: number
}

/** Returns what the sources say about SMS statuses that were set here and are still the contacts' own. */
export function conflicts(env: Env, sources: readonly string[]): Promise<Conflict[]> {
  const ofState = (state: Conflict['state'], condition: string) =>
    `SELECT s.source, '${state}' AS state, min(s.at) AS since, count(*) AS contacts
      FROM json_each(:sources) j CROSS JOIN sms_change s INDEXED BY sms_change_${state} ON s.source = j.value AND s.write_back = '${state}'
        CROSS JOIN contact c ON c.key = s.contact
      WHERE c.source = s.source AND c.removed_at IS NULL ${condition}
        AND NOT EXISTS (SELECT 1 FROM sms_change n WHERE n.contact = s.contact AND n.seq > s.seq)
      GROUP BY s.source`
  const stillDiffers = 'AND (s.value IS NULL OR lower(trim(s.value)) IS NOT lower(c.sms_seen))'
  return all(
    env,
    named(`${ofState('conflict', stillDiffers)} UNION ALL ${ofState('given_up', '')}`, {
      sources: JSON.stringify(sources),
    }),
  )
}
