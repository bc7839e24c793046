import { describe, expect, it } from 'vitest'
import { numberOf, OPTED_MAPPING, optedFile, people, reached, setSms, statuses } from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const BEN = { id: 'ben', sms: 'Y' }

async function start(settings: Record<string, unknown> = {}) {
  const world = await World.start()
  const source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS, ...settings })
  return { world, source }
}

describe('invariant 7: no import re-subscribes a person who opted out here', () => {
  it('an opt-out made here holds until the source has shown the opt-out and then a new opt-in', async () => {
    const { world, source } = await start()
    await world.import(source, optedFile([{ id: 'ana', sms: 'Y' }, BEN]))
    expect(await statuses(world)).toEqual({ ana: 'opted_in', ben: 'opted_in' })
    await setSms(world, 'ana', 'opted_out')
    expect(await reached(world)).toEqual(['ben'])
    for (const [sms, title, status] of [
      ['Y', 'The value of before', 'opted_out'],
      ['', 'A blank', 'opted_out'],
      ['Y', 'A new opt-in, but the opt-out was never shown', 'opted_out'],
      ['N', 'The source shows the opt-out', 'opted_out'],
      ['Y', 'And then a new opt-in', 'opted_in'],
    ] as const) {
      await world.import(source, optedFile([{ id: 'ana', sms, title }, BEN]))
      expect([title, (await people(world)).get('ana')?.sms.status]).toEqual([title, status])
    }
    expect((await people(world)).get('ana')?.sms.by).toBe('source')
    expect(await reached(world)).toEqual(['ana', 'ben'])
  })

  it('a change of settings does not reverse an SMS status, because the value in the source has not changed', async () => {
    const { world, source } = await start()
    await world.import(
      source,
      optedFile([
        { id: 'ana', sms: 'Y' },
        { id: 'ben', sms: 'N' },
      ]),
    )
    await world.api('PATCH', `/api/sources/${source}`, { smsStatus: { optedIn: 'N', optedOut: 'Y' } })
    await world.import(
      source,
      optedFile([
        { id: 'ana', sms: 'Y' },
        { id: 'ben', sms: 'N' },
      ]),
    )
    expect(await statuses(world)).toEqual({ ana: 'opted_in', ben: 'opted_out' })
  })

  it('the value of a contact with an unknown SMS status counts once the settings define it', async () => {
    const { world, source } = await start()
    const file = optedFile([{ id: 'ana', sms: 'yes' }])
    const run = await world.import(source, file)
    expect(run.counts).toMatchObject({ added: 1, warnings: 1 })
    expect(await statuses(world)).toEqual({ ana: 'unknown' })
    await world.api('PATCH', `/api/sources/${source}`, { smsStatus: { optedIn: 'yes' } })
    await world.import(source, file)
    expect(await statuses(world)).toEqual({ ana: 'opted_in' })
  })

  it('a contact that is removed and imported again is still opted out', async () => {
    const { world, source } = await start()
    await world.import(source, optedFile([{ id: 'ana', sms: 'Y' }, BEN]))
    await setSms(world, 'ana', 'opted_out')
    await world.import(source, optedFile([BEN]))
    await world.import(source, optedFile([{ id: 'ana', sms: 'Y', title: 'Back' }, BEN]))
    expect(await statuses(world)).toEqual({ ana: 'opted_out', ben: 'opted_in' })
  })

  it('an opt-out outlives retention: a deleted contact is imported as opted out by its source and ID', async () => {
    const { world, source } = await start()
    await world.import(source, optedFile([{ id: 'ana', sms: 'Y' }, BEN]))
    await setSms(world, 'ana', 'opted_out')
    await world.import(source, optedFile([BEN]))
    await world.env.DB.prepare('DELETE FROM contact WHERE removed_at IS NOT NULL').run()
    await world.import(source, optedFile([{ id: 'ana', sms: 'Y', number: '+16045559999' }, BEN]))
    expect(await statuses(world)).toEqual({ ana: 'opted_out', ben: 'opted_in' })
  })

  it('an opt-out outlives its source: another source that imports the number gets an opted-out contact', async () => {
    const { world, source } = await start()
    await world.import(source, optedFile([{ id: 'ana', sms: 'Y' }, BEN]))
    await setSms(world, 'ana', 'opted_out')
    await world.api('DELETE', `/api/sources/${source}?contacts=remove`)
    const other = await world.source({ ...OPTED_MAPPING, name: 'Another', limits: NO_LIMITS })
    await world.import(
      other,
      optedFile([
        { id: '1', sms: 'Y', number: numberOf('ana') },
        { id: '2', sms: 'Y', number: '+16045559999' },
      ]),
    )
    expect(await statuses(world)).toEqual({ '1': 'opted_out', '2': 'opted_in' })
    expect((await people(world)).get('1')?.sms.by).toBe('admin@example.org')
  })

  it('an opt-out of a number also applies to a contact that gains the number', async () => {
    const { world, source } = await start()
    await world.import(source, optedFile([{ id: 'ana', sms: 'Y' }, BEN]))
    await setSms(world, 'ana', 'opted_out')
    await world.import(
      source,
      optedFile([
        { id: 'ana', sms: 'Y' },
        { ...BEN, number: numberOf('ana') },
      ]),
    )
    expect(await statuses(world)).toEqual({ ana: 'opted_out', ben: 'opted_out' })
  })

  it('an opt-out ends when a person opts the contact in again', async () => {
    const { world, source } = await start()
    await world.import(source, optedFile([{ id: 'ana', sms: 'Y' }]))
    await setSms(world, 'ana', 'opted_out')
    await setSms(world, 'ana', 'opted_in')
    expect(await reached(world)).toEqual(['ana'])
    await world.import(
      source,
      optedFile([
        { id: 'ana', sms: 'Y' },
        { ...BEN, number: numberOf('ana') },
      ]),
    )
    expect(await statuses(world)).toEqual({ ana: 'opted_in', ben: 'opted_in' })
  })

  it('an opt-out of a manual contact outlives its adoption by a source', async () => {
    const { world, source } = await start({ enabled: false })
    const numbers = [{ number: numberOf('ana'), type: 'landline' }]
    await world.api('POST', '/api/contacts', { id: 'ana', name: 'Ana', numbers, groups: ['All'] })
    await setSms(world, 'ana', 'opted_out')
    await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
    await world.import(source, optedFile([{ id: 'ana', sms: 'Y' }, BEN]))
    expect(await statuses(world)).toEqual({ ana: 'opted_out', ben: 'opted_in' })
    await world.import(source, optedFile([BEN]))
    await world.env.DB.prepare('DELETE FROM contact WHERE removed_at IS NOT NULL').run()
    await world.import(source, optedFile([{ id: 'ana', sms: 'Y' }, BEN]))
    expect(await statuses(world)).toEqual({ ana: 'opted_out', ben: 'opted_in' })
  })

  it('an import that would resubscribe many contacts is held, and says how many', async () => {
    const { world, source } = await start({ limits: { ...NO_LIMITS, resubscribed: { atLeast: 3 } } })
    const ids = ['a', 'b', 'c', 'd']
    const all = (sms: string) => optedFile(ids.map((id) => ({ id, sms })))
    await world.import(source, all('N'))
    await setSms(world, 'd', 'opted_out')
    const run = await world.import(source, all('Y'))
    // The contact that opted out here stays opted out, because no fetch since then has shown the opt-out.
    expect(run.hold?.reasons).toMatchObject([{ limit: 'resubscribed', count: 3, of: 4 }])
    await world.request('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    await world.drain()
    expect(await statuses(world)).toEqual({ a: 'opted_in', b: 'opted_in', c: 'opted_in', d: 'opted_out' })
  })
})
