import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCloudflare } from '../api.ts'
import { addDatabase, emptyAccount } from '../stand-in/account.ts'
import { type StandIn, startStandIn, TOKEN } from '../stand-in/server.ts'
import { ofSqlite } from './database.ts'
import { deployedDatabase } from './deployed.ts'
import { applyMigrations, readMigrations } from './migrations.ts'
import { markRestored } from './restored.ts'
import { goBack, readTime } from './time-travel.ts'

const MIGRATIONS = readMigrations('migrations')
const MINUTE = 60_000
const TO = '2026-11-27T21:00:00.000Z'

let standIn: StandIn
beforeAll(async () => {
  standIn = await startStandIn(emptyAccount())
})
afterAll(() => standIn?.stop())

/** Returns a deployed database with a contact of today, which had another one yesterday. */
async function deployed() {
  const stored = addDatabase(standIn.account, standIn.counter, 'muster', null)
  const { sqlite: past } = addDatabase(standIn.account, standIn.counter, 'past', null)
  for (const [sqlite, id] of [
    [stored.sqlite, 'today'],
    [past, 'yesterday'],
  ] as const) {
    await applyMigrations(ofSqlite(sqlite, 'it'), MIGRATIONS, MIGRATIONS.names)
    sqlite.exec(
      `INSERT INTO contact (key, source, id, seq, details, updated_at) VALUES (7, '', '${id}', 1, '["Ana"]', 0)`,
    )
  }
  stored.past = past
  const cloudflare = openCloudflare({ CLOUDFLARE_API_BASE_URL: standIn.url, CLOUDFLARE_API_TOKEN: TOKEN })
  const path = `/accounts/${standIn.account.id}/d1/database/${stored.uuid}`
  return { stored, database: deployedDatabase(cloudflare, path, 'muster', 0) }
}

/** Returns a clock at this second of a minute. It moves only when somebody waits. */
function clockAt(second: number) {
  let time = 5 * MINUTE + second * 1000
  const waited: number[] = []
  const wait = async (ms: number) => {
    waited.push(ms / 1000)
    time += ms
  }
  return { waited, now: () => time, wait }
}

describe('going back in time', () => {
  it('a deployed database is as it was, between two ticks of the cron, and the state before has a name', async () => {
    for (const [second, waits] of [
      [0, [15]],
      [15, []],
      [35, []],
      [36, [39]],
      [59, [16]],
    ] as const) {
      const { database } = await deployed()
      const clock = clockAt(second)
      expect(await goBack(database, TO, clock)).toMatch(/^0/)
      expect(clock.waited).toEqual(waits)
      expect(await database.read('SELECT id FROM contact')).toEqual(['yesterday'])
      await markRestored(database, Date.now())
      expect(Number((await database.read(`SELECT value FROM counter WHERE name = 'key'`))[0])).toBeGreaterThanOrEqual(
        1e9,
      )
    }
  })

  it('a database in which an import is being applied stays as it is', async () => {
    const { database, stored } = await deployed()
    stored.sqlite.exec(`INSERT INTO run (id, source, trigger, mode, fetch, status, created_at, stale_at)
      VALUES ('r', 's', 'manual', 'apply', 'all', 'applying', 0, 0)`)
    await expect(goBack(database, TO, clockAt(20))).rejects.toThrow('An import is being applied.')
    expect(await database.read('SELECT id FROM contact')).toEqual(['today'])
  })

  it('a time without a zone, or one that has not passed, is refused with a sentence', () => {
    expect(readTime('2026-11-27T22:00:00+01:00', Date.parse(TO) + 1)).toBe(TO)
    for (const wrong of ['yesterday', '2026-11-27', '2026-11-27T21:00:00'])
      expect(() => readTime(wrong, Date.now())).toThrow('with its zone')
    expect(() => readTime(TO, Date.parse(TO))).toThrow('not in the past')
  })
})
