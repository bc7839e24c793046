import { beforeEach, expect, it, vi } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import type { RunView } from '../api/views/run.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { database } from './database.ts'
import { sources } from './sources.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

let world: InMemoryMuster
let source: string
beforeEach(async () => {
  world = await InMemoryMuster.start()
  source = await world.source()
})

async function people(): Promise<Map<string, ContactView>> {
  const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
  return new Map(items.map((contact) => [contact.id, contact]))
}

async function erase(id: string): Promise<void> {
  await world.api('POST', `/api/contacts/${(await people()).get(id)?.key}/erase`, { reason: 'Asked by letter' })
}

/**
 * Imports a file of a source, in which something else happens right before the first chunk of the plan is written: `first` gets the
 * transaction.
 */
async function importWith(
  id: string,
  file: string,
  first: (write: () => Promise<unknown>, run: string) => Promise<unknown>,
): Promise<RunView> {
  world.remote = file
  const started = await world.api<{ id: string }>('POST', `/api/sources/${id}/runs`, {})
  const { DB } = world.env
  let happened = false
  for (let next = world.messages.shift(); next !== undefined; next = world.messages.shift()) {
    if (next.step.step === 'apply' && !happened) {
      const batch: D1Database['batch'] = async (statements) => {
        world.env.DB = DB
        happened = true
        await first(() => DB.batch(statements), started.id)
        return DB.batch(statements)
      }
      world.env.DB = new Proxy(DB, { get: (db, name) => (name === 'batch' ? batch : Reflect.get(db, name).bind(db)) })
    }
    await world.deliver(next.step)
  }
  expect(happened).toBe(true)
  return world.run(started.id)
}

// Invariant 6.
it('a plan is stale once a contact of its source is erased, although the plan does not name the person', async () => {
  await world.import(source, csvOf(crowd(10)))
  const run = await world.import(source, csvOf(crowd(2)))
  expect(run.status).toBe('held')
  await erase('P001')
  const refused = await world.request('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
  expect([refused.status, (await refused.json<{ code: string }>()).code]).toEqual([409, 'plan_stale'])
})

// Invariant 4. The lease of a run keeps two messages apart while clocks are right; the transaction does so even if they are wrong.
it('a chunk that another message has written is not written again', async () => {
  await importWith(source, csvOf(crowd(3)), (write) => write())
  const [row] = await database(world.env).select().from(sources)
  expect(row?.revision).toBe(1)
  expect((await people()).size).toBe(3)
})

it('a chunk of a run that was ended is not written', async () => {
  const run = await importWith(source, csvOf(crowd(3)), (_, id) =>
    world.env.DB.prepare(`UPDATE run SET status = 'failed' WHERE id = ?`).bind(id).run(),
  )
  expect(run.status).toBe('failed')
  expect((await people()).size).toBe(0)
})

it('a person who is erased while a plan is applied does not come back with it', async () => {
  await world.import(source, csvOf([{ ID: 'ana', Name: 'Ana Lee', Number: '6045550101' }]))
  const other = await world.source()
  const file = csvOf([{ ID: 'x1', Name: 'Ana Lee', Number: '6045550101' }, { ID: 'x2' }])
  await importWith(other, file, () => erase('ana'))
  expect([...(await people()).keys()]).not.toContain('x1')
})
