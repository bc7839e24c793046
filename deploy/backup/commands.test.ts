import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isTurnOf } from '../../worker/src/testing/sample.ts'
import { addDatabase, emptyAccount } from '../stand-in/account.ts'
import { type StandIn, startStandIn, TOKEN } from '../stand-in/server.ts'
import { ofSqlite } from './database.ts'
import { applyMigrations, readMigrations } from './migrations.ts'

let standIn: StandIn
let folder: string
const migrations = readMigrations('migrations')
const databaseOf = (name: string) => addDatabase(standIn.account, standIn.counter, name, null).sqlite

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-backup-'))
  standIn = await startStandIn(emptyAccount())
})
afterAll(async () => {
  await standIn?.stop()
  rmSync(folder, { recursive: true })
})

/** Runs a command of docs/backup.md for the account of the stand-in. Returns what it prints, or what it fails with. */
async function run(name: 'backup' | 'restore' | 'restored', ...args: string[]): Promise<string> {
  const env = { ...process.env, CLOUDFLARE_API_BASE_URL: standIn.url, CLOUDFLARE_API_TOKEN: TOKEN }
  const script = join(import.meta.dirname, `../${name}.ts`)
  return promisify(execFile)(process.execPath, [script, ...args], { env }).then(
    ({ stdout }) => stdout,
    (error: { stderr: string }) => error.stderr,
  )
}

it.runIf(isTurnOf(1))(
  'the commands of the guide copy a deployed database, load it into a new one, and tell of a restore',
  async () => {
    const old = databaseOf('muster')
    await applyMigrations(ofSqlite(old, 'it'), migrations, migrations.names.slice(0, -1))
    const one = (db: typeof old, sql: string) => Object.values(db.prepare(sql).get() ?? {})[0]
    old.exec(`INSERT INTO contact (key, source, id, seq, details, updated_at) VALUES (7, '', 'ana', 1, '["Ana",[["+16045550101","mobile"]]]', 0);
    UPDATE counter SET value = 7 WHERE name IN ('key', 'seq')`)
    expect(await run('backup', '--remote', folder)).toContain('tables of the database muster')

    const next = databaseOf('muster-2')
    expect(await run('restore', '--remote', '--database', 'muster-2', folder)).toContain('What was decided since')
    expect(one(next, 'SELECT id FROM contact WHERE key = 7')).toBe('ana')
    expect(one(next, 'SELECT number FROM contact_number')).toBe('+16045550101')
    expect(one(next, `SELECT rowid FROM contact_search WHERE contact_search MATCH 'ana'`)).toBe(7)
    expect(one(next, 'SELECT count(*) FROM d1_migrations')).toBe(migrations.names.length)
    expect(Number(one(next, `SELECT value FROM counter WHERE name = 'key'`))).toBeGreaterThan(1_000_000_000)

    expect(await run('restored', '--remote')).toContain('the database muster is ready to be used')
    expect(one(old, 'SELECT count(*) FROM d1_migrations')).toBe(migrations.names.length)
    expect(Number(one(old, `SELECT value FROM counter WHERE name = 'key'`))).toBeGreaterThan(1_000_000_000)
  },
)

it.runIf(isTurnOf(1))(
  'a command that is not meant for one database, or for one that is there, changes nothing and says so',
  async () => {
    expect(await run('restored')).toContain('--local for the Muster on this machine, or --remote')
    expect(await run('backup', '--remote')).toContain('Name one folder')
    expect(await run('backup', '--remote', '--database', 'other', folder)).toContain('has no database other')
    expect(await run('restore', '--remote', '--database', 'muster-2', folder)).toContain('is not empty')
  },
)
