import { describe, expect, it } from 'vitest'
import type { ContactView } from '../api/views/contact.ts'
import { directory, ids } from '../testing/current.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const manual = (id: string) => ({ id, name: `By hand ${id}`, groups: ['Office'] })
/** Returns a row with this ID; all other cells are the same for every ID. */
const same = (ID: string) => ({ ID, Name: 'Somebody', Number: '6045550100' })
const of = async (source: string) =>
  (await directory()).filter((contact) => contact.source === source).map(({ id }) => id)

describe('invariant 3: a source touches its own contacts and, by adoption or covers, manual ones', () => {
  it('two sources with the same IDs have separate contacts, and neither changes or removes those of the other', async () => {
    const world = await World.start()
    const one = await world.source({ limits: NO_LIMITS })
    const other = await world.source({ limits: NO_LIMITS })
    await world.import(one, csvOf(crowd(3)))
    const before = await directory()
    await world.import(other, csvOf(crowd(4, { Title: 'Other' })))
    expect((await directory()).filter(({ source }) => source === one)).toEqual(before)
    await world.import(other, csvOf(crowd(1, { Title: 'Another' })))
    expect((await directory()).filter(({ source }) => source === one)).toEqual(before)
    expect(await of(other)).toEqual(['P001'])
  })

  it('IDs are trimmed and compared as exact strings: 007 is not 7', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, csvOf(['007', '7', ' 7.0 ', 'a', 'A'].map(same)))
    expect(await ids()).toEqual(['007', '7', '7.0', 'A', 'a'])
    const again = csvOf([' 007', '7\u00A0', '7.0', '\u200Ba', 'A '].map(same))
    const run = await world.import(source, again)
    expect(run.counts).toMatchObject({ added: 0, removed: 0, updated: 0, unchanged: 5 })
  })

  it.each(['n/a', '-', 'NULL', '#REF!'])('%s is not an ID, and each row that has it is an error', async (ID) => {
    const world = await World.start()
    const source = await world.source()
    const run = await world.import(source, csvOf([{ ID, Name: 'One' }, { ID, Name: 'Two' }, ...crowd(4)]))
    expect(run.counts).toMatchObject({ rows: 6, errors: 2, added: 4, matched: 4 })
  })

  it('a source adopts the manual contact whose ID it imports, and other manual contacts stay manual', async () => {
    const world = await World.start()
    const adopted = await world.api<ContactView>('POST', '/api/contacts', manual('P001'))
    await world.api('POST', '/api/contacts', manual('H001'))
    const source = await world.source()
    const run = await world.import(source, csvOf(crowd(2)))
    expect(run.counts).toMatchObject({ added: 1, updated: 1, removed: 0 })
    expect(await of(source)).toEqual(['P001', 'P002'])
    expect(await of('')).toEqual(['H001'])
    expect(await world.api('GET', `/api/contacts/${adopted.key}`)).toMatchObject({ id: 'P001', sourceId: source })
  })

  it('a source that covers the directory removes manual contacts only after approval, and never those of another source', async () => {
    const world = await World.start()
    await world.api('POST', '/api/contacts', manual('H001'))
    const other = await world.source()
    await world.import(other, csvOf(crowd(2, {}, 'X')))
    const source = await world.source({ covers: 'directory', limits: NO_LIMITS })
    const run = await world.import(source, csvOf(crowd(2)))
    expect(run).toMatchObject({ status: 'held', counts: { removed: 1 }, hold: { reasons: [{ limit: 'removed' }] } })
    await world.api('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    await world.drain()
    expect((await world.run(run.id)).status).toBe('succeeded')
    expect(await of('')).toEqual([])
    expect(await of(other)).toEqual(['X001', 'X002'])
    expect(await of(source)).toEqual(['P001', 'P002'])
  })

  it('a row with an error keeps the manual contact it names, even if the source covers the directory', async () => {
    const world = await World.start()
    await world.api('POST', '/api/contacts', manual('P001'))
    const source = await world.source({ covers: 'directory', limits: NO_LIMITS })
    const run = await world.import(source, csvOf([{ ID: 'P001', Number: '' }, { ID: 'P002' }]))
    expect(run).toMatchObject({ status: 'succeeded', counts: { removed: 0, errors: 1 } })
    expect(await of('')).toEqual(['P001'])
  })

  it('once a source is enabled, contacts and groups cannot be edited in Muster', async () => {
    const world = await World.start()
    const { key } = await world.api<ContactView>('POST', '/api/contacts', manual('H001'))
    await world.source()
    for (const [method, path, body] of [
      ['POST', '/api/contacts', manual('H002')],
      ['PATCH', `/api/contacts/${key}`, { name: 'Another' }],
      ['DELETE', `/api/contacts/${key}`, undefined],
    ] as const) {
      const refused = await world.request(method, path, body)
      expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'managed_remotely' }])
    }
    const sms = await world.request('PUT', `/api/contacts/${key}/sms-status`, { status: 'opted_out' })
    expect(sms.status).toBe(200)
  })
})
