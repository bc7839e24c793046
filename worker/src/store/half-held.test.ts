import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'

const MIGRATION = '0013_half_held.sql'
const sql = (name: string) => readFileSync(`migrations/${name}`, 'utf8')

/** Returns the sections of a plan that was stored before the migration, and what its run has applied. */
function migrated(status: string, sections: object[]) {
  const db = new DatabaseSync(':memory:')
  for (const name of readdirSync('migrations').sort()) if (name < MIGRATION) db.exec(sql(name))
  db.prepare(
    `INSERT INTO run (id, source, trigger, mode, fetch, status, created_at, stale_at, plan, counts)
      VALUES ('r', 's', 'manual', 'apply', 'all', ?, 0, 0, ?, '{"rows":9,"added":1,"updated":2,"removed":3}')`,
  ).run(status, JSON.stringify({ hash: 'h', sections }))
  db.exec(sql(MIGRATION))
  const { plan, applied } = db.prepare('SELECT plan, applied FROM run').get() ?? {}
  return { sections: JSON.parse(String(plan)).sections, applied: JSON.parse(String(applied)) }
}

const OLDER = [{ file: 'a', optOuts: true }, { file: 'b' }, { file: 'c' }]
const NEWER = [
  { file: 'a', part: 'optOut' },
  { file: 'b', part: 'add' },
  { file: 'c', part: 'remove' },
]

it.each([
  ['held', OLDER],
  ['held', NEWER],
  ['rejected', NEWER],
  ['replaced', NEWER],
])('of a run that was %s, all sections but the opt-outs wait, in their order', (status, sections) => {
  const waits = sections.map((section, place) => (place === 0 ? section : { ...section, waits: true }))
  expect(migrated(status, sections)).toEqual({ sections: waits, applied: null })
})

it('a run that was applied keeps its plan, and has applied what it planned', () => {
  const applied = { added: 1, updated: 2, removed: 3 }
  expect(migrated('succeeded', NEWER)).toEqual({ sections: NEWER, applied })
})
