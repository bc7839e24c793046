import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Page } from '../../worker/src/api/views/answer.ts'
import type { ContactView } from '../../worker/src/api/views/contact.ts'
import type { RunView } from '../../worker/src/api/views/run.ts'
import type { Step } from '../../worker/src/env.ts'
import { takeText } from '../../worker/src/run/sms.ts'
import { InMemoryMuster } from '../../worker/src/testing/in-memory.ts'
import { OPTED_MAPPING, optedFile } from '../../worker/src/testing/opted.ts'
import { copyDatabase } from './copy.ts'
import { ofSqlite } from './database.ts'
import { loadDatabase } from './load.ts'
import { applyMigrations, readMigrations } from './migrations.ts'

/*
 * The state that the version before left, as a backup and the objects of its bucket. To make it of another version, check that
 * version out and run this file there with MUSTER_MAKE=1.
 */

vi.mock('../../worker/src/connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

const GOLDEN = join(import.meta.dirname, 'golden')
const OBJECTS = join(GOLDEN, 'bucket.json')
const MIGRATIONS = readMigrations('migrations')

const people = (prefix: string, count: number, title = '') =>
  Array.from({ length: count }, (_, at) => ({
    ...{ id: `${prefix}${at}`, sms: 'Y', title },
    number: `+1604${prefix === 'held' ? 5551 : prefix === 'applying' ? 5562 : 5573}${100 + at}`,
  }))
const HELD_FILE = optedFile(people('held', 8))
const quiet = () => undefined

/** The names of the sources and the IDs of the runs in the golden state. */
interface Runs {
  held: string
  applying: string
  undoable: string
}

it.runIf(process.env.MUSTER_MAKE === '1')('makes the golden state', async () => {
  const db = new DatabaseSync(':memory:')
  await applyMigrations(ofSqlite(db, 'it'), MIGRATIONS, MIGRATIONS.names)
  const muster = await InMemoryMuster.over(db).begin()
  const sourceOf = (name: string) => muster.source({ ...OPTED_MAPPING, name })
  const [first, second, third] = [await sourceOf('held'), await sourceOf('applying'), await sourceOf('undoable')]
  await muster.import(third, optedFile(people('undoable', 20)))
  const undoable = await muster.import(third, optedFile(people('undoable', 21, 'Lead')))
  await muster.import(first, optedFile(people('held', 20)))
  const held = await muster.import(first, HELD_FILE)
  await takeText(muster.env, { id: 'text', from: people('held', 20)[2]?.number ?? '', body: 'STOP' }, Date.now())
  muster.env.PLAN_CHUNK = 400
  muster.remote = optedFile(people('applying', 120))
  const applying = await muster.api<{ id: string }>('POST', `/api/sources/${second}/runs`, {})
  while ((await muster.run(applying.id)).status !== 'applying')
    await muster.deliver(muster.messages.shift()?.step as Step)
  await muster.deliver({ step: 'apply', run: applying.id })
  expect(await muster.run(applying.id)).toMatchObject({ status: 'applying' })
  expect((await muster.run(applying.id)).applied.added).toBeGreaterThan(0)
  mkdirSync(GOLDEN, { recursive: true })
  await copyDatabase(ofSqlite(db, 'it'), GOLDEN, { migrations: MIGRATIONS, version: 'golden' }, quiet)
  const objects: Record<string, string> = {}
  for (const { key } of (await muster.env.FILES.list({})).objects) {
    const object = await muster.env.FILES.get(key)
    objects[key] = Buffer.from((await object?.arrayBuffer()) ?? new ArrayBuffer()).toString('base64')
  }
  const runs: Runs = { held: held.id, applying: applying.id, undoable: undoable.id }
  writeFileSync(OBJECTS, `${JSON.stringify({ runs, objects }, null, 1)}\n`)
})

describe.runIf(process.env.MUSTER_MAKE !== '1')('an update from the version before', () => {
  let muster: InMemoryMuster
  let runs: Runs
  beforeEach(async () => {
    const golden: { runs: Runs; objects: Record<string, string> } = JSON.parse(readFileSync(OBJECTS, 'utf8'))
    runs = golden.runs
    const db = new DatabaseSync(':memory:')
    const { at } = await loadDatabase(ofSqlite(db, 'the older one'), GOLDEN, MIGRATIONS, quiet)
    // The state is of that time, and nothing of it has expired yet.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(at) + 60 * 60_000 })
    muster = InMemoryMuster.over(db)
    for (const [key, bytes] of Object.entries(golden.objects))
      await muster.env.FILES.put(key, Buffer.from(bytes, 'base64'))
    muster.remote = HELD_FILE
    await muster.tick(0)
    await muster.drain()
  })
  afterEach(() => vi.useRealTimers())

  const contacts = async (prefix: string) => {
    const { items } = await muster.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
    return items.filter(({ id }) => id.startsWith(prefix))
  }

  it('a run that was applying when the update came is applied to its end', async () => {
    expect(await muster.run(runs.applying)).toMatchObject({ status: 'succeeded', applied: { added: 120 } })
    expect(await contacts('applying')).toHaveLength(120)
  })

  it('what waited for a person can still be decided, as it was or planned again', async () => {
    let run: RunView = await muster.run(runs.held)
    if (run.status === 'replaced') run = await muster.run(run.replacedBy ?? '')
    expect(run).toMatchObject({ status: 'held', waiting: { removed: 12 }, plan: { stale: null } })
    await muster.api('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    await muster.drain()
    expect(await muster.run(run.id)).toMatchObject({ status: 'succeeded', applied: { removed: 12 } })
    expect(await contacts('held')).toHaveLength(8)
  })

  it('an import of the version before can be undone', async () => {
    const { id } = await muster.api<{ id: string }>('POST', `/api/runs/${runs.undoable}/undo`)
    await muster.drain()
    expect(await muster.run(id)).toMatchObject({ status: 'succeeded', applied: { updated: 20, removed: 1 } })
    expect((await contacts('undoable')).map(({ title }) => title)).toEqual(Array(20).fill(null))
  })

  it('an opt-out that the version before took still holds', async () => {
    const out = (await contacts('held')).filter(({ sms }) => sms.status === 'opted_out')
    expect(out.map(({ id }) => id)).toEqual(['held2'])
  })
})
