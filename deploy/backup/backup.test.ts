import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Page } from '../../worker/src/api/views/answer.ts'
import type { ErasureView } from '../../worker/src/api/views/consent.ts'
import type { ContactView, GroupView } from '../../worker/src/api/views/contact.ts'
import type { SourceView } from '../../worker/src/api/views/source.ts'
import { takeText } from '../../worker/src/run/sms.ts'
import { InMemoryMuster } from '../../worker/src/testing/in-memory.ts'
import { numberOf, OPTED_MAPPING, optedFile } from '../../worker/src/testing/opted.ts'
import { NO_LIMITS } from '../../worker/src/testing/versions.ts'
import { CloudflareError } from '../api.ts'
import { copyDatabase } from './copy.ts'
import { type Database, ofSqlite } from './database.ts'
import { deployedDatabase } from './deployed.ts'
import { loadDatabase } from './load.ts'
import { applyMigrations, readMigrations } from './migrations.ts'
import { markRestored } from './restored.ts'

vi.mock('../../worker/src/connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

const MIGRATIONS = readMigrations('migrations')
const PEOPLE = [...'abcdefghijklmnopqrst'].map((id) => ({ id, sms: 'Y' }))
const NIGHT = optedFile(PEOPLE)
const quiet = () => undefined

let folder: string
let db: DatabaseSync
let muster: InMemoryMuster
let source: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-backup-'))
  db = new DatabaseSync(':memory:')
  await applyMigrations(ofSqlite(db, 'it'), MIGRATIONS, MIGRATIONS.names)
  muster = await InMemoryMuster.over(db).begin()
  source = await muster.source(OPTED_MAPPING)
  await muster.import(source, NIGHT)
})
afterEach(() => rmSync(folder, { recursive: true }))

const backup = (database: Database = ofSqlite(db, 'it'), into = folder) =>
  copyDatabase(database, into, { migrations: MIGRATIONS, version: '1' }, quiet)

/** Loads the backup into an empty database, as `npm run restore` does, for a Muster with the same files. */
async function restore(database?: (empty: DatabaseSync) => Database): Promise<InMemoryMuster> {
  const empty = new DatabaseSync(':memory:')
  const into = database?.(empty) ?? ofSqlite(empty, 'the new one')
  await loadDatabase(into, folder, MIGRATIONS, quiet)
  await markRestored(into, Date.now())
  const restored = await InMemoryMuster.over(empty, muster.env.FILES).signIn()
  restored.remote = muster.remote
  return restored
}

/** Lets a Muster work until nothing is left to do. */
async function finishAll(of: InMemoryMuster): Promise<void> {
  await of.drain()
  await of.tick(1)
  await of.drain()
}

async function people(of: InMemoryMuster): Promise<Map<string, ContactView>> {
  const { items } = await of.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
  return new Map(items.map((contact) => [contact.id, contact]))
}
const groups = (of: InMemoryMuster) => of.api<Page<GroupView>>('GET', '/api/groups')
const statusOf = async (of: InMemoryMuster, id: string) => (await people(of)).get(id)?.sms.status
const stop = (id: string) => takeText(muster.env, { id: `text ${id}`, from: numberOf(id), body: 'STOP' }, Date.now())
const setOut = async (id: string) =>
  muster.api('PUT', `/api/contacts/${(await people(muster)).get(id)?.key}/sms-status`, { status: 'opted_out' })
const found = async (of: InMemoryMuster, words: string) =>
  (await of.api<Page<ContactView>>('GET', `/api/contacts?search=${encodeURIComponent(words)}`)).items.map(
    ({ id }) => id,
  )
const terms = (of: DatabaseSync) => of.prepare('SELECT term, doc FROM contact_term ORDER BY 1, 2').all()

describe('a backup', () => {
  it('a backup that is loaded into an empty database gives the same directory and the same consent', async () => {
    await stop('a')
    await setOut('b')
    await muster.import(source, optedFile(PEOPLE.slice(0, 19)))
    await backup()
    const restored = await restore()
    expect(await people(restored)).toEqual(await people(muster))
    expect(await groups(restored)).toEqual(await groups(muster))
    expect([await statusOf(restored, 'a'), await statusOf(restored, 'b'), await statusOf(restored, 'c')]).toEqual([
      'opted_out',
      'opted_out',
      'opted_in',
    ])
  })

  it('the search index and the numbers of a restored database are those of the original', async () => {
    await muster.import(source, optedFile([...PEOPLE.slice(1), { id: 'z', sms: 'N', title: '#7 Löwe' }]))
    await backup()
    const empty = new DatabaseSync(':memory:')
    await loadDatabase(ofSqlite(empty, 'the new one'), folder, MIGRATIONS, quiet)
    expect(terms(empty)).toEqual(terms(db))
    const numbers = (of: DatabaseSync) => of.prepare('SELECT * FROM contact_number ORDER BY 1, 2').all()
    expect(numbers(empty)).toEqual(numbers(db))
    const restored = InMemoryMuster.over(empty, muster.env.FILES)
    expect(await found(restored, 'löwe')).toEqual([])
    expect(await found(restored, 'person z')).toEqual(await found(muster, 'person z'))
  })

  it('what was decided after the backup comes back, and who was erased after it does not', async () => {
    await backup()
    await stop('a')
    await setOut('b')
    const key = (await people(muster)).get('c')?.key
    await muster.api<ErasureView>('POST', `/api/contacts/${key}/erase`, { reason: 'Asked by letter' })
    const restored = await restore()
    expect([...(await people(restored)).keys()]).toContain('c')
    await finishAll(restored)
    const after = await people(restored)
    expect([after.get('a')?.sms.status, after.get('b')?.sms.status]).toEqual(['opted_out', 'opted_out'])
    expect([...after.keys()]).not.toContain('c')
    expect((await restored.import(source, NIGHT)).counts).toMatchObject({ added: 0, leftOut: 1, removed: 0 })
  })

  it('hundreds of opt-outs that were made after the backup come back without waiting for as many ticks', async () => {
    const many = Array.from({ length: 250 }, (_, at) => ({ id: `m${at}`, sms: 'Y', number: `+1604556${1000 + at}` }))
    const other = await muster.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
    await muster.import(other, optedFile(many))
    await backup()
    for (const { id, number } of many) await takeText(muster.env, { id, from: number, body: 'STOP' }, Date.now())
    const restored = await restore()
    await finishAll(restored)
    const out = [...(await people(restored)).values()].filter(({ sms }) => sms.status === 'opted_out')
    expect(out).toHaveLength(250)
  })

  it('the first import after a restore reads every row again, and changes nothing that is right', async () => {
    await backup()
    const restored = await restore()
    await finishAll(restored)
    const run = await restored.import(source, NIGHT)
    expect(run).toMatchObject({ status: 'succeeded', applied: { added: 0, updated: 0, removed: 0 } })
    expect(run.counts).toMatchObject({ rows: 20, unchanged: 20 })
  })

  it('keys, groups and places in the order of changes that were used after the backup are not used again', async () => {
    await backup()
    await muster.import(source, optedFile([...PEOPLE, { id: 'new', sms: 'Y' }]))
    const lost = (await people(muster)).get('new')
    const feed = await muster.api<Page<{ cursor: string }>>('GET', '/api/changes?limit=500')
    const cursor = feed.items.at(-1)?.cursor
    const restored = await restore()
    await finishAll(restored)
    await restored.import(source, optedFile([...PEOPLE, { id: 'other', sms: 'Y' }]))
    expect(Number((await people(restored)).get('other')?.key)).toBeGreaterThan(Number(lost?.key))
    const gone = await restored.request('GET', `/api/changes?cursor=${cursor}`)
    expect([gone.status, await gone.json()]).toEqual([410, expect.objectContaining({ code: 'cursor_expired' })])
    const whole = await restored.api<Page<{ cursor: string; key: string }>>('GET', '/api/changes?limit=500')
    expect(whole.items).toHaveLength(21)
    expect((await restored.request('GET', `/api/changes?cursor=${whole.items.at(-1)?.cursor}`)).status).toBe(200)
    const at = NIGHT.lastIndexOf('All')
    await restored.import(source, `${NIGHT.slice(0, at)}Other${NIGHT.slice(at + 3)}`)
    const other = (await groups(restored)).items.find(({ name }) => name === 'Other')
    expect(Number(other?.id)).toBeGreaterThan(1_000_000_000)
  })

  it('what waits for a person is planned again without a second e-mail, and nobody is signed in any more', async () => {
    const held = await muster.import(source, optedFile(PEOPLE.slice(0, 8)))
    expect(held).toMatchObject({ status: 'held', waiting: { removed: 12 } })
    await backup()
    const restored = await restore()
    expect((await restored.run(held.id)).plan?.stale).toMatchObject({ why: 'rules' })
    await finishAll(restored)
    const replaced = await restored.run(held.id)
    expect(replaced.status).toBe('replaced')
    const next = await restored.run(replaced.replacedBy ?? '')
    expect(next).toMatchObject({ status: 'held', waiting: { removed: 12 }, plan: { stale: null } })
    expect(restored.mails).toEqual([])
    await restored.api('POST', `/api/runs/${next.id}/approve`, { planHash: next.plan?.hash })
    await restored.drain()
    expect((await restored.run(next.id)).status).toBe('succeeded')
    expect(await people(restored)).toHaveProperty('size', 8)
  })

  it('an import of before the backup can be undone after the restore', async () => {
    const run = await muster.import(source, optedFile([...PEOPLE, { id: 'z', sms: 'Y' }]))
    await backup()
    const restored = await restore()
    await finishAll(restored)
    const undo = await restored.api<{ id: string }>('POST', `/api/runs/${run.id}/undo`)
    await restored.drain()
    expect(await restored.run(undo.id)).toMatchObject({ status: 'succeeded', applied: { removed: 1 } })
  })

  it('a backup that is incomplete, damaged or newer than this version is refused before anything is loaded', async () => {
    const load = () => loadDatabase(ofSqlite(new DatabaseSync(':memory:'), 'it'), folder, MIGRATIONS, quiet)
    await expect(load()).rejects.toThrow('no manifest.json')
    await backup()
    const file = join(folder, 'decision.jsonl.gz')
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.subarray(0, -1))
    await expect(load()).rejects.toThrow('decision.jsonl.gz is missing or damaged')
    writeFileSync(file, bytes)
    await load()
    const manifest = join(folder, 'manifest.json')
    writeFileSync(
      manifest,
      readFileSync(manifest, 'utf8').replace(/"migration": "[^"]*"/, '"migration": "9999_new.sql"'),
    )
    await expect(load()).rejects.toThrow('9999_new.sql is not in this checkout')
  })

  it('a backup is never loaded over a directory', async () => {
    await backup()
    await expect(loadDatabase(ofSqlite(db, 'the old one'), folder, MIGRATIONS, quiet)).rejects.toThrow('is not empty')
    expect(await people(muster)).toHaveProperty('size', 20)
  })
})

describe('a backup of a database that is used meanwhile', () => {
  /** Returns the database, with a call before each reading. */
  const busy = (before: (reading: number) => Promise<unknown>): Database => {
    const inner = ofSqlite(db, 'it')
    let readings = 0
    return {
      ...inner,
      async read(sql, value) {
        await before(++readings)
        return inner.read(sql, value)
      },
    }
  }

  it('a backup that an import and opt-outs run into has the state of one moment', async () => {
    const changes: (() => Promise<unknown>)[] = [
      () => muster.import(source, optedFile([...PEOPLE.slice(1), { id: 'z', sms: 'Y', number: numberOf('a') }])),
      () => stop('b'),
      () => setOut('z'),
    ]
    await backup(
      busy((reading) => (reading % 12 === 0 ? (changes.shift()?.() ?? Promise.resolve()) : Promise.resolve())),
    )
    expect(changes).toEqual([])
    const restored = await restore()
    expect(await people(restored)).toEqual(await people(muster))
  })

  it('a backup of a directory that never stands still fails and says when to make it', async () => {
    let title = 0
    const change = () => muster.import(source, optedFile(PEOPLE.map((one) => ({ ...one, title: String(++title) }))))
    await expect(backup(busy((reading) => (reading % 20 === 0 ? change() : Promise.resolve())))).rejects.toThrow(
      'Make the backup when no import is running',
    )
    await expect(restore()).rejects.toThrow('no manifest.json')
  })
})

describe('a deployed database', () => {
  /** Cloudflare's API for one database. It loses each call that `loses` says. */
  const deployed = (of: DatabaseSync, loses: (call: number) => boolean = () => false): Database => {
    let calls = 0
    const call = async (
      _method: string,
      _path: string,
      { body, result }: { body?: unknown; result: { parse(value: unknown): unknown } },
    ) => {
      const { sql, params = [] } = body as { sql: string; params?: string[] }
      expect(sql.length).toBeLessThan(100_000)
      for (const param of params) expect(Buffer.byteLength(param)).toBeLessThan(2_000_000)
      // Making a table is not repeated.
      const lost = params.length > 0 && loses(++calls)
      if (lost && calls % 2 === 0) throw new CloudflareError('no answer', null, null)
      const statement = of.prepare(sql)
      const results = statement.all(...params)
      if (lost) throw new CloudflareError('HTTP 500', 500, null)
      return result.parse([{ results }])
    }
    const api = { call, find: () => Promise.reject(new Error('not asked')) } as unknown as Parameters<
      typeof deployedDatabase
    >[0]
    return deployedDatabase(api, '/database', 'muster', 0)
  }

  it('a deployed database is copied and restored by queries, also when calls are lost before and after they take effect', async () => {
    await stop('a')
    await backup(deployed(db, (call) => call % 5 === 0))
    const restored = await restore((empty) => deployed(empty, (call) => call % 7 === 0))
    expect(await people(restored)).toEqual(await people(muster))
  })
})

describe('a database that was restored in place', () => {
  it('e-mails that were waiting are given up, and write-backs wait for newer decisions', async () => {
    db.exec(`INSERT INTO sms_change (contact, seq, status, at, write_back, next_at) VALUES (1, 999, 'opted_in', 0, 'pending', 5);
      INSERT INTO notification (id, kind, recipients, subject, status, created_at) VALUES ('n', 'held', '[]', '', 'pending', 0);
      INSERT INTO delivery (notification, place, channel, address, status, next_at) VALUES ('n', 0, 'email', 'a', 'pending', 0)`)
    const now = Date.now()
    await markRestored(ofSqlite(db, 'it'), now)
    const one = (sql: string) => Object.values(db.prepare(sql).get() ?? {})[0]
    expect(one('SELECT next_at FROM sms_change WHERE seq = 999')).toBe(now + 60 * 60_000)
    expect([one("SELECT status FROM notification WHERE id = 'n'"), one('SELECT status FROM delivery')]).toEqual([
      'failed',
      'failed',
    ])
  })

  it('`restored` brings back what was decided since, as after a backup', async () => {
    const before = db.serialize()
    await stop('a')
    await muster.import(source, optedFile([...PEOPLE, { id: 'new', sms: 'Y' }]))
    const lost = (await people(muster)).get('new')
    const earlier = new DatabaseSync(':memory:')
    earlier.deserialize(before)
    await markRestored(ofSqlite(earlier, 'it'), Date.now())
    const restored = await InMemoryMuster.over(earlier, muster.env.FILES).signIn()
    restored.remote = NIGHT
    await finishAll(restored)
    expect(await statusOf(restored, 'a')).toBe('opted_out')
    await restored.import(source, optedFile([...PEOPLE, { id: 'new', sms: 'Y' }]))
    expect(Number((await people(restored)).get('new')?.key)).toBeGreaterThan(Number(lost?.key))
    const { lastRun } = await restored.api<SourceView>('GET', `/api/sources/${source}`)
    expect(lastRun).toMatchObject({ status: 'succeeded' })
  })
})
