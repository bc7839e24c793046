import { beforeEach, describe, expect, it, vi } from 'vitest'
import type * as z from 'zod'
import type { Page } from '../api/views/answer.ts'
import type { ErasureView } from '../api/views/consent.ts'
import type { ContactView, changeEntrySchema } from '../api/views/contact.ts'
import type { RunView } from '../api/views/run.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { numberOf, OPTED_MAPPING, type OptedRow, optedFile } from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { replayDecisions, replayErasures } from './replay.ts'
import { takeText } from './sms.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

const HOUR = 60 * 60_000
const row = (id: string, more: Partial<OptedRow> = {}): OptedRow => ({ id, sms: '', ...more })
const ANA = row('ana', { title: 'Lead' })
const BEN = row('ben')
const CAT = row('cat')
const NIGHT = optedFile([ANA, BEN, CAT])

let world: InMemoryMuster
let source: string
beforeEach(async () => {
  world = await InMemoryMuster.start()
  source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
})

async function people(of: InMemoryMuster = world): Promise<Map<string, ContactView>> {
  const { items } = await of.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
  return new Map(items.map((contact) => [contact.id, contact]))
}
const ids = async (of: InMemoryMuster = world) => [...(await people(of)).keys()]

async function erase(id: string): Promise<ErasureView> {
  const key = (await people()).get(id)?.key
  return world.api('POST', `/api/contacts/${key}/erase`, { reason: 'Asked by letter' })
}

/** Everything in the database, as text. */
async function everything(): Promise<string> {
  const tables = await world.env.DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'contact_search%' AND name NOT LIKE 'sqlite%'`,
  ).all<{ name: string }>()
  const rows = await Promise.all(
    tables.results.map(async ({ name }) => (await world.env.DB.prepare(`SELECT * FROM ${name}`).all()).results),
  )
  return JSON.stringify(rows)
}

async function undo({ id }: RunView): Promise<RunView> {
  const undoing = await world.api<{ id: string }>('POST', `/api/runs/${id}/undo`)
  await world.drain()
  return world.run(undoing.id)
}

describe('a person who was erased', () => {
  it('is in no list and no table, and the feed of changes says that the contact is removed', async () => {
    await world.import(source, NIGHT)
    const ana = (await people()).get('ana')
    await world.api('PUT', `/api/contacts/${ana?.key}/sms-status`, { status: 'opted_out', reason: 'Ana told us' })
    const before = await world.api<Page<z.infer<typeof changeEntrySchema>>>('GET', '/api/changes')
    const cursor = before.items.at(-1)?.cursor
    const erasure = await erase('ana')
    expect(erasure).toMatchObject({ reason: 'Asked by letter', contacts: 1 })
    expect(await ids()).toEqual(['ben', 'cat'])
    expect((await world.request('GET', `/api/contacts/${ana?.key}`)).status).toBe(404)
    expect((await world.api<Page<ContactView>>('GET', '/api/contacts?search=ana')).items).toEqual([])
    const { items } = await world.api<Page<z.infer<typeof changeEntrySchema>>>('GET', `/api/changes?cursor=${cursor}`)
    expect(items).toMatchObject([{ op: 'remove', key: ana?.key, contact: null }])
    const tables = await everything()
    for (const value of ['Person ana', numberOf('ana'), '"ana"', 'Ana told us']) expect(tables).not.toContain(value)
    const { items: listed } = await world.api<Page<ErasureView>>('GET', '/api/erasures')
    expect(listed).toEqual([erasure])
  })

  it('is erased with the number that an import brings at the same moment', async () => {
    await world.import(source, NIGHT)
    const { FILES } = world.env
    // The journal is written after the person has been read, and before anything is erased.
    const put: R2Bucket['put'] = async (key: string, ...rest: unknown[]) => {
      world.env.FILES = FILES
      await world.import(source, optedFile([{ ...ANA, number: '+16045559999' }, BEN, CAT]))
      return Reflect.apply(FILES.put, FILES, [key, ...rest])
    }
    world.env.FILES = new Proxy(FILES, { get: (target, name) => (name === 'put' ? put : Reflect.get(target, name)) })
    await erase('ana')
    expect(await ids()).toEqual(['ben', 'cat'])
    expect(await everything()).not.toContain('+16045559999')
  })

  it('is left out of the file of the next night and counted, and is no error', async () => {
    await world.import(source, NIGHT)
    await erase('ana')
    for (const title of ['Chief', 'Boss']) {
      const run = await world.import(source, optedFile([{ ...ANA, title }, { ...BEN, title }, CAT]))
      expect(run).toMatchObject({ status: 'succeeded' })
      expect(run.counts).toMatchObject({ rows: 3, leftOut: 1, matched: 2, added: 0, updated: 1, removed: 0, errors: 0 })
      expect(await ids()).toEqual(['ben', 'cat'])
    }
  })

  it('is left out under a new ID, and as a row with an error', async () => {
    await world.import(source, NIGHT)
    await erase('ana')
    const moved = await world.import(
      source,
      optedFile([{ ...ANA, id: 'a-1', number: numberOf('ana'), name: 'ANA, Person' }, BEN, CAT]),
    )
    expect(moved.counts).toMatchObject({ leftOut: 1, added: 0 })
    const broken = await world.import(source, optedFile([{ ...ANA, number: '123' }, BEN, CAT]))
    expect(broken.counts).toMatchObject({ leftOut: 1, added: 0, errors: 0 })
    expect(await ids()).toEqual(['ben', 'cat'])
  })

  it('is left out in rows with an error under the ID of somebody else, who is not opted out by them', async () => {
    await world.import(source, NIGHT)
    await erase('ana')
    const rows = ['Lead', 'Cook'].map((title) => ({
      id: 'ben',
      name: 'Person ana',
      number: numberOf('ana'),
      title,
      sms: 'N',
    }))
    const { counts } = await world.import(source, optedFile([...rows, CAT]))
    expect(counts).toMatchObject({ leftOut: 2, errors: 0, removed: 0 })
    expect((await people()).get('ben')?.sms.status).not.toBe('opted_out')
  })

  it('is in no report of a later import, neither as a row without an ID nor as a row that is too large', async () => {
    await world.import(source, NIGHT)
    await erase('ana')
    const large = row('x1', { name: 'Person ana', number: numberOf('ana'), title: 'Lead '.repeat(60_000) })
    const ghost = row('', { name: 'Person ana', number: numberOf('ana') })
    const run = await world.import(source, optedFile([ghost, BEN, CAT, large, { ...ghost, name: 'Somebody else' }]))
    expect(run).toMatchObject({ status: 'succeeded', counts: { leftOut: 2, withoutId: 1, errors: 1, added: 0 } })
    const report = await world.request('GET', `/api/runs/${run.id}/report.csv`)
    const text = await report.text()
    expect(text).toContain('Somebody else')
    expect(text).not.toContain('Person ana')
  })

  it('does not keep out somebody else who gets the ID, the name or the number', async () => {
    await world.import(source, NIGHT)
    await erase('ana')
    const rows = [row('ana', { name: 'Eve', number: '+16045550001' }), row('namesake', { name: 'Person ana' })]
    const run = await world.import(source, optedFile([...rows, row('heir', { number: numberOf('ana') }), BEN, CAT]))
    expect(run.counts).toMatchObject({ leftOut: 0, added: 3 })
  })

  it('does not come back by an undo and a redo of the import of another source that has the person', async () => {
    await world.import(source, optedFile([BEN, CAT]))
    const other = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
    const twin = row('x1', { name: 'Person ana', number: numberOf('ana') })
    await world.import(other, optedFile([row('x2')]))
    await world.import(source, NIGHT)
    await erase('ana')
    // The run of another source that has the same person, as one that was planned at the same time.
    const added = await world.import(other, optedFile([twin, row('x2'), row('x3')]))
    const undone = await undo(added)
    await undo(undone)
    expect(await ids()).toEqual(['ben', 'cat', 'x2', 'x3'])
  })

  it('is in no file after a day, neither of the imports before nor of those after', async () => {
    await world.import(
      source,
      optedFile([row('ana', { name: 'Person ana', title: 'Chief' }), BEN, row('bad', { number: '1' })]),
    )
    const { id } = await world.import(source, NIGHT)
    const key = (await people()).get('ana')?.key
    await world.api('PUT', `/api/contacts/${key}/sms-status`, { status: 'opted_out', reason: 'Ana told us' })
    await erase('ana')
    expect((await world.request('GET', `/api/runs/${id}/changes`)).status).toBe(410)
    expect(await world.import(source, NIGHT)).toMatchObject({ status: 'unchanged' })
    const after = await world.import(source, optedFile([ANA, { ...BEN, title: 'Boss' }, CAT]))
    for (let hour = 0; hour < 24; hour += 6) {
      world.passTime(6 * HOUR)
      await world.tick(1)
      await world.drain()
    }
    const { objects } = await world.env.FILES.list({ limit: 1000 })
    for (const { key: file } of objects) {
      const text = await new Response((await world.env.FILES.get(file))?.body).text()
      for (const value of ['Person ana', numberOf('ana'), 'Ana told us']) expect(text, file).not.toContain(value)
    }
    expect(objects.map(({ key: file }) => file.split('/')[0])).toContain('plans')
    expect(
      (await world.api<Page<RunView>>('GET', '/api/runs')).items.find(({ id: one }) => one === after.id),
    ).toMatchObject({
      plan: { undoable: true },
    })
  })

  it('is erased with the contacts that the same person has in other sources', async () => {
    await world.import(source, NIGHT)
    const other = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
    await world.import(other, optedFile([row('x1', { name: 'Person ana', number: numberOf('ana') }), row('x2')]))
    expect(await erase('ana')).toMatchObject({ contacts: 2 })
    expect(await ids()).toEqual(['ben', 'cat', 'x2'])
    const run = await world.import(
      other,
      optedFile([row('x1', { name: 'Person ana', number: numberOf('ana'), title: 'New' }), row('x2')]),
    )
    expect(run.counts).toMatchObject({ leftOut: 1, added: 0 })
  })

  it('can be erased after an import has removed the person, and once only', async () => {
    await world.import(source, NIGHT)
    const key = (await people()).get('ana')?.key
    await world.import(source, optedFile([BEN, CAT]))
    const ask = () => world.request('POST', `/api/contacts/${key}/erase`, { reason: 'Asked by letter' })
    expect((await ask()).status).toBe(202)
    const tables = await everything()
    for (const value of ['Person ana', numberOf('ana'), '"ana"']) expect(tables).not.toContain(value)
    expect((await ask()).status).toBe(404)
    expect((await world.request('POST', '/api/contacts/0/erase', { reason: 'Asked by letter' })).status).toBe(404)
    expect((await world.import(source, NIGHT)).counts).toMatchObject({ leftOut: 1, added: 0 })
    expect(await ids()).toEqual(['ben', 'cat'])
  })

  it('is in no decision of a row that had no ID', async () => {
    const unnamed = { ...ANA, id: '', name: 'Person ana', sms: 'N', number: numberOf('ana') }
    await world.import(source, NIGHT)
    await world.import(source, optedFile([unnamed, BEN, CAT]))
    expect((await people()).get('ana')?.sms.status).toBe('opted_out')
    await erase('ana')
    expect(await everything()).not.toContain(numberOf('ana'))
    const run = await world.import(source, optedFile([unnamed, { ...BEN, title: 'Boss' }, CAT]))
    expect(run.counts).toMatchObject({ leftOut: 1, errors: 0 })
    expect(await everything()).not.toContain(numberOf('ana'))
  })

  it('is out of a plan that waits, which is made again', async () => {
    await world.import(source, optedFile([BEN, CAT]))
    await world.api('PATCH', `/api/sources/${source}`, { hold: 'whole', limits: { added: { percent: 0, atLeast: 1 } } })
    await world.import(source, optedFile([ANA, BEN, CAT]))
    const held = await world.import(source, optedFile([ANA, { ...BEN, title: 'Boss' }, CAT]))
    expect(held.status).toBe('held')
    await erase('ben')
    await world.drain()
    const { items } = await world.api<Page<RunView>>('GET', `/api/runs?source=${source}`)
    expect(items[0]).toMatchObject({ status: 'held', counts: { leftOut: 1, added: 1, updated: 0 } })
    expect(await world.run(held.id)).toMatchObject({ status: 'replaced' })
  })

  it('stays erased if another source applies a plan that was made before', async () => {
    await world.import(source, NIGHT)
    const other = await world.source({ ...OPTED_MAPPING, hold: 'whole' })
    await world.import(other, optedFile([row('x2')]))
    await world.api('PATCH', `/api/sources/${other}`, { limits: { added: { percent: 0, atLeast: 1 } } })
    const rows = [row('x1', { name: 'Person ana', number: numberOf('ana') }), row('x2'), row('x3')]
    const held = await world.import(other, optedFile(rows))
    expect(held.status).toBe('held')
    await erase('ana')
    await world.api('POST', `/api/runs/${held.id}/approve`, { planHash: held.plan?.hash })
    await world.drain()
    expect(await ids()).toEqual(['ben', 'cat', 'x2', 'x3'])
    // An undo of that plan, which still names the person, leaves them out too.
    expect((await undo(held)).counts).toMatchObject({ removed: 1, leftOut: 1, unchanged: 0, warnings: 0 })
    expect(await ids()).toEqual(['ben', 'cat', 'x2'])
  })

  it('cannot be added as a manual contact', async () => {
    const numbers = [{ number: numberOf('ana'), type: 'mobile' }]
    await world.api('DELETE', `/api/sources/${source}`)
    await world.api('POST', '/api/contacts', { id: 'ana', name: 'Person ana', numbers })
    await erase('ana')
    const again = await world.request('POST', '/api/contacts', { id: 'a2', name: 'Person Ana', numbers })
    expect(again.status).toBe(409)
    expect(await again.json()).toMatchObject({ code: 'erased' })
  })

  it('does not come back when the database is restored to an earlier time', async () => {
    await world.import(source, NIGHT)
    await erase('ana')
    const restored = await InMemoryMuster.start()
    const same = await restored.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
    await restored.env.DB.prepare('UPDATE source SET id = ?').bind(source).run()
    expect(same).not.toBe(source)
    await restored.import(source, NIGHT)
    restored.env.FILES = world.env.FILES
    for (let time = 0; time < 2; time++) await replayErasures(restored.env, Date.now() + HOUR)
    expect(await ids(restored)).toEqual(['ben', 'cat'])
    const run = await restored.import(source, optedFile([{ ...ANA, title: 'Boss' }, BEN, CAT]))
    expect(run.counts).toMatchObject({ leftOut: 1, added: 0 })
  })

  it('comes back with the next import of the same file once the erasure is lifted, and is opted out if they were', async () => {
    await world.import(source, NIGHT)
    const key = (await people()).get('ana')?.key
    await world.api('PUT', `/api/contacts/${key}/sms-status`, { status: 'opted_out' })
    const { id } = await erase('ana')
    await world.import(source, optedFile([ANA, BEN, CAT, row('dan')]))
    await world.api('DELETE', `/api/erasures/${id}`)
    const run = await world.import(source, optedFile([{ ...ANA, number: '+16045550009' }, BEN, CAT, row('dan')]))
    expect(run.counts).toMatchObject({ leftOut: 0, added: 1 })
    expect((await people()).get('ana')).toMatchObject({ sms: { status: 'opted_out' } })
    expect((await world.api<Page<ErasureView>>('GET', '/api/erasures')).items).toEqual([])
    await replayErasures(world.env, Date.now() + HOUR)
    expect(await ids()).toContain('ana')
  })

  it('comes back with the same bytes once the erasure is lifted', async () => {
    await world.import(source, NIGHT)
    const { id } = await erase('ana')
    expect(await world.import(source, NIGHT)).toMatchObject({ status: 'unchanged' })
    await world.api('DELETE', `/api/erasures/${id}`)
    expect((await world.import(source, NIGHT)).counts).toMatchObject({ leftOut: 0, added: 1 })
  })
})

describe('an opt-out of a person who was erased', () => {
  const stop = (from: string, body: string) =>
    takeText(world.env, { id: `sms ${crypto.randomUUID()}`, from, body }, Date.now())

  it('holds for another contact that gets the number, until a START comes from it', async () => {
    await world.import(source, NIGHT)
    await stop(numberOf('ana'), 'STOP')
    await erase('ana')
    expect(await everything()).not.toContain(numberOf('ana'))
    await world.import(source, optedFile([ANA, BEN, CAT, row('heir', { number: numberOf('ana') })]))
    expect((await people()).get('heir')).toMatchObject({ sms: { status: 'opted_out' } })
    await stop(numberOf('ana'), 'YES')
    expect((await people()).get('heir')).toMatchObject({ sms: { status: 'opted_in' } })
  })

  it('ends by a START that comes before anybody else has the number', async () => {
    await world.import(source, NIGHT)
    await stop(numberOf('ana'), 'STOP')
    await erase('ana')
    await stop(numberOf('ana'), 'YES')
    await world.import(source, optedFile([ANA, BEN, CAT, row('heir', { number: numberOf('ana') })]))
    expect((await people()).get('heir')).toMatchObject({ sms: { status: 'unknown' } })
  })

  it('holds for a contact that has the same number already, by a text or by a person', async () => {
    await world.import(source, optedFile([ANA, { ...BEN, number: numberOf('ana') }, CAT]))
    const key = (await people()).get('ana')?.key
    await world.api('PUT', `/api/contacts/${key}/sms-status`, { status: 'opted_out' })
    await erase('ana')
    expect((await people()).get('ben')).toMatchObject({ sms: { status: 'opted_out' } })
  })

  it('holds for the number when the database is restored to the time before it', async () => {
    await world.import(source, NIGHT)
    await stop(numberOf('ana'), 'STOP')
    await erase('ana')
    const restored = await InMemoryMuster.start()
    await restored.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
    await restored.env.DB.prepare('UPDATE source SET id = ?').bind(source).run()
    await restored.import(source, NIGHT)
    restored.env.FILES = world.env.FILES
    await replayErasures(restored.env, Date.now() + HOUR)
    await replayDecisions(restored.env, Date.now() + HOUR)
    await restored.import(source, optedFile([ANA, BEN, CAT, row('heir', { number: numberOf('ana') })]))
    expect((await people(restored)).get('heir')).toMatchObject({ sms: { status: 'opted_out' } })
  })
})

it('only an administrator can erase a person, list erasures and lift one', async () => {
  await world.import(source, NIGHT)
  const { id } = await erase('ana')
  const key = (await people()).get('ben')?.key
  await world.env.DB.prepare(`UPDATE user SET role = 'manager'`).run()
  for (const [method, path, body] of [
    ['POST', `/api/contacts/${key}/erase`, { reason: 'Asked' }],
    ['GET', '/api/erasures', undefined],
    ['DELETE', `/api/erasures/${id}`, undefined],
  ] as const)
    expect((await world.request(method, path, body)).status).toBe(403)
})
