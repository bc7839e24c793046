import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, it } from 'vitest'
import { updatingStatuses } from './consent.ts'

const MIGRATION = '0017_decisions.sql'
const sql = (name: string) => readFileSync(`migrations/${name}`, 'utf8')
const SETTINGS = JSON.stringify({ smsStatus: { optedIn: ['Y', 'Yes'], optedOut: 'N', emptyMeansOptedIn: false } })

let db: DatabaseSync

interface Person {
  id: string
  number: string
  status?: string
  by?: string
  at?: number
  here?: number
  seen?: string
  removed?: number
}

/** Stores a contact as the version before did, and returns its key. */
function person({ id, number, status = 'unknown', by, at, here, seen, removed }: Person): void {
  const numbers = number === '' ? null : [[number, 'mobile']]
  db.prepare(
    `INSERT INTO contact (key, source, id, seq, details, sms_status, sms_by, sms_at, sms_here, sms_seen, updated_at, removed_at)
      SELECT coalesce(max(key), 0) + 1, 's', ?, coalesce(max(key), 0) + 1, ?, ?, ?, ?, ?, ?, 0, ? FROM contact`,
  ).run(id, JSON.stringify([id, numbers]), status, by ?? null, at ?? null, here ?? null, seen ?? null, removed ?? null)
  if (number !== '' && removed === undefined)
    db.prepare('INSERT OR IGNORE INTO contact_number SELECT ?, max(key) FROM contact').run(number)
}

const record = (number: string, id: string, who: string, at: number) =>
  db.prepare('INSERT INTO opt_out VALUES (?, ?, ?, ?, ?)').run(number, id === '' ? '' : 's', id, who, at)

beforeAll(() => {
  db = new DatabaseSync(':memory:')
  for (const name of readdirSync('migrations').sort()) if (name < MIGRATION) db.exec(sql(name))
  db.prepare(
    `INSERT INTO source (id, name, enabled, connection, settings, settings_hash, mapping_version, revision, schedule_since, created_at)
      VALUES ('s', 'Staff', 1, '{}', ?, '3:x', 1, 0, 0, 0)`,
  ).run(SETTINGS)
  const out = { status: 'opted_out', at: 100, here: 100 }
  person({ id: 'ana', number: '+1', ...out, by: 'admin' })
  for (const id of ['ben', 'cat']) person({ id, number: '+2', ...out, at: 200, here: 200, by: 'contact' })
  person({ id: 'dan', number: '+3', status: 'opted_out', by: 'source', at: 50, seen: 'N' })
  person({ id: 'eve', number: '+4', ...out, by: 'admin', removed: 500 })
  person({ id: 'gus', number: '+5', status: 'opted_in', by: 'source', at: 300, seen: 'Y' })
  person({ id: 'hal', number: '+6', status: 'opted_in', by: 'source', at: 300, seen: 'No' })
  person({ id: 'ivy', number: '+8', ...out, by: 'admin' })
  person({ id: 'joe', number: '+1', ...out, by: 'admin' })
  person({ id: 'kim', number: '+9', ...out, by: 'contact' })
  person({ id: 'lea', number: '+10', status: 'opted_in', by: 'admin', at: 300, seen: 'yes' })
  person({ id: 'moe', number: '+11' })
  record('', 'ana', 'admin', 100)
  record('+1', '', 'admin', 100)
  for (const id of ['ben', 'cat']) record('', id, 'contact', 200)
  record('+2', '', 'contact', 200)
  record('', 'eve', 'admin', 100)
  record('', 'fay', 'admin', 100)
  record('', 'gus', 'admin', 100)
  record('+5', '', 'admin', 100)
  record('', 'ivy', 'admin', 100)
  record('+7', '', 'admin', 100)
  db.exec(`UPDATE counter SET value = 100 WHERE name = 'seq'`)
  db.exec(sql(MIGRATION))
})

const statuses = () =>
  Object.fromEntries(
    db
      .prepare('SELECT id, sms_status FROM contact ORDER BY key')
      .all()
      .map(({ id, sms_status }) => [id, sms_status]),
  )

/** Gives everybody the status that follows from the decisions. */
function updateAll(): void {
  const keys = { sql: 'SELECT key FROM contact', values: {} }
  for (const { sql: one, values } of updatingStatuses(keys, { run: null, by: null }, 1000)) {
    db.prepare(one).run(...(values as (string | number | null)[]))
  }
}

const numbersOut = () =>
  db
    .prepare('SELECT DISTINCT number FROM number_opt_out ORDER BY number')
    .all()
    .map(({ number }) => number)

describe('statuses of the version before', () => {
  it('each person has the status of before, by a decision that the ledger has', () => {
    const before = statuses()
    updateAll()
    expect(statuses()).toEqual(before)
    const unexplained = db
      .prepare(`SELECT id FROM contact WHERE sms_status <> 'unknown' AND sms_decision IS NULL AND removed_at IS NULL`)
      .all()
    expect(unexplained).toEqual([])
  })

  it('a number that was recorded, or that a removed person had, stays opted out', () => {
    expect(numbersOut()).toEqual(['+1', '+2', '+4', '+7'])
  })

  it('an opt-out of a person who is not in the directory waits for the person', () => {
    const waiting = db.prepare('SELECT id, person FROM contact_opt_out WHERE apart = 1 ORDER BY id').all()
    expect(waiting.map(({ id, person: who }) => [id, who])).toEqual([
      ['eve', '["eve",[["+4","mobile"]]]'],
      ['fay', null],
    ])
  })

  it('a person whom the source opted in again after it had shown the opt-out stays opted in', () => {
    expect(statuses()).toMatchObject({ gus: 'opted_in' })
    expect(numbersOut()).not.toContain('+5')
  })

  it('a value that the rules of before did not understand is read again', () => {
    const seen = Object.fromEntries(
      db
        .prepare('SELECT id, sms_seen FROM contact')
        .all()
        .map(({ id, sms_seen }) => [id, sms_seen]),
    )
    expect(seen).toMatchObject({ hal: null, gus: 'Y', dan: 'N', lea: 'yes' })
  })

  it('START from a number that sent STOP ends the opt-outs that it made', () => {
    const rows = db.prepare(`SELECT number FROM decision WHERE how = 'text' AND number IS NOT NULL`).all()
    expect(rows.map(({ number }) => number)).toEqual(['+2', '+2', '+2'])
  })
})
