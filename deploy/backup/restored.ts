import type { Database } from './database.ts'

/**
 * How far numbers move on that other systems have seen, such as the keys of contacts: farther than a database gets in the 30 days
 * that a restore can go back.
 */
const FURTHER = 1_000_000_000
/** How long write-backs and e-mails wait, in milliseconds, until the decisions since have been replayed. */
const HOUR = 60 * 60_000

/**
 * The statements that make a database safe to use that was restored to an earlier time. What happened since is not in it, but other
 * systems and the bucket have seen it. Running them twice does no harm. `?1` is the time, in milliseconds since 1970.
 *
 * The next ticks of the cron do the rest: they replay the decisions and erasures since (`worker/src/run/replay.ts`) and plan again
 * what waits (`worker/src/run/plan-again.ts`).
 */
const RESTORED: readonly string[] = [
  // No key, place in the order of changes, group or decision is used a second time.
  `UPDATE counter SET value = value + ${FURTHER} WHERE name IN ('seq', 'key')`,
  // Followers of the feed of changes begin anew (410): a cursor from before may name a change that is not there.
  `UPDATE counter SET value = (SELECT value FROM counter WHERE name = 'seq') WHERE name = 'expired'`,
  `INSERT INTO grouping (id, key, name) SELECT coalesce(max(id), 0) + ${FURTHER}, char(0), '' FROM grouping`,
  `DELETE FROM grouping WHERE key = char(0)`,
  `INSERT INTO decision (id, status, how, who, at) SELECT coalesce(max(id), 0) + ${FURTHER}, '', 'none', '', 0 FROM decision`,
  `DELETE FROM decision WHERE how = 'none'`,
  // A message that is still on its way finds that what it was based on has changed.
  `UPDATE counter SET value = value + 1 WHERE name IN ('manual', 'fields', 'erased')`,
  `UPDATE run SET attempt = attempt + 3, stage = NULL, holder = NULL WHERE status IN ('queued', 'fetching', 'planning')`,
  // The next import fetches all records and compares all rows with the directory. It does not use the files of earlier runs.
  `UPDATE source SET revision = revision + 1, fingerprints = NULL, watermark = NULL,
    baseline = iif(baseline ->> '$.undone' IS NULL, NULL, json_set(baseline, '$.settingsHash', ''))`,
  `UPDATE run SET plan = json_set(plan, '$.format', 0) WHERE status = 'held' AND plan IS NOT NULL`,
  // A session may have ended since, and an invitation may have been used.
  'DELETE FROM session',
  'DELETE FROM one_time_token',
  // These may have been sent. A newer decision of the same contact, once it is replayed, takes the place of a write-back.
  `UPDATE sms_change SET next_at = max(coalesce(next_at, 0), ?1 + ${HOUR}) WHERE write_back = 'pending'`,
  `UPDATE notification SET status = 'failed', error = 'restored' WHERE status = 'pending'`,
  `UPDATE delivery SET status = 'failed', code = 'restored' WHERE status = 'pending'`,
  // All decisions before this time are replayed at once, also the latest.
  `INSERT INTO setting (name, value) VALUES ('restoredAt', ?1) ON CONFLICT DO UPDATE SET value = excluded.value`,
]

/** Makes a restored database safe to use, which must have all migrations. */
export async function markRestored(database: Database, now: number): Promise<void> {
  for (const sql of RESTORED) await (sql.includes('?1') ? database.write(sql, String(now)) : database.write(sql))
}
