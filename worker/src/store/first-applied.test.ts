import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'

const MIGRATION = '0008_first_import.sql'
const sql = (name: string) => readFileSync(`migrations/${name}`, 'utf8')

interface Existing {
  runs?: [mode: string, status: string, undoes: string | null][]
  baseline?: string
  fingerprints?: string
}

/**
 * Returns the time of the first import that the migration sets for an existing source. Runs end at 1, 2, 3, …; the
 * source is created at 0.
 */
function firstApplied({ runs = [], baseline, fingerprints }: Existing): unknown {
  const db = new DatabaseSync(':memory:')
  for (const name of readdirSync('migrations').sort()) if (name < MIGRATION) db.exec(sql(name))
  db.prepare(
    `INSERT INTO source (id, name, enabled, connection, settings, settings_hash, mapping_version, revision, schedule_since,
      settled, fingerprints, created_at) VALUES ('s', 'Staff', 1, '{}', '{}', '', 1, 0, 0, ?, ?, 0)`,
  ).run(baseline === undefined ? null : JSON.stringify({ outcome: baseline }), fingerprints ?? null)
  for (const [i, [mode, status, undoes]] of runs.entries()) {
    db.prepare(
      `INSERT INTO run (id, source, trigger, mode, fetch, status, undoes, created_at, finished_at, stale_at)
        VALUES (?1, 's', 'manual', ?2, 'all', ?3, ?4, 0, ?5, 0)`,
    ).run(`r${i}`, mode, status, undoes, i + 1)
  }
  db.exec(sql(MIGRATION))
  return db.prepare('SELECT first_applied_at AS at FROM source').get()?.at
}

it.each<[what: string, existing: Existing, at: number | null]>([
  ['no run', {}, null],
  [
    'only runs that applied nothing',
    {
      runs: [
        ['preview', 'previewed', null],
        ['apply', 'rejected', null],
      ],
    },
    null,
  ],
  ['a rejected run whose bytes came again', { runs: [['apply', 'unchanged', null]], baseline: 'rejected' }, null],
  [
    'an applied run after a failed one',
    {
      runs: [
        ['apply', 'failed', null],
        ['apply', 'succeeded', null],
      ],
    },
    2,
  ],
  [
    'an undone run',
    {
      runs: [
        ['apply', 'succeeded', null],
        ['apply', 'succeeded', 'r0'],
      ],
      baseline: 'undone',
    },
    1,
  ],
  ['no applied run that is listed, but what it settled', { baseline: 'applied' }, 0],
  ['no applied run that is listed, but its fingerprints', { fingerprints: '{}' }, 0],
])('an existing source with %s gets the time of its first import, if it had one', (_, existing, at) => {
  expect(firstApplied(existing)).toBe(at)
})
