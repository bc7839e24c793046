import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { APPLICANTS, college, edit, student } from '../../../local/demo/connect/college.ts'
import type { ConnectStandIn } from '../../../local/demo/connect/service.ts'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import type { RunView } from '../api/views/run.ts'
import type { SourceView } from '../api/views/source.ts'
import { collegeSource, remoteOf } from '../testing/connect-source.ts'
import { World } from '../testing/world.ts'

const DAY = 24 * 60 * 60_000

let world: World
let service: ConnectStandIn

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 2, 12) })
  world = await World.start()
  service = college()
  service.contacts = Array.from({ length: 40 }, (_, i) => student(i))
})

afterEach(() => {
  vi.useRealTimers()
})

function later(days: number): number {
  vi.setSystemTime(Date.now() + days * DAY)
  return Date.now()
}

async function source(more: Record<string, unknown> = {}): Promise<string> {
  return (await world.api<SourceView>('POST', '/api/sources', collegeSource(service, more))).id
}

async function run(id: string, body: { mode?: string; fetch?: string } = {}): Promise<RunView> {
  world.remote = remoteOf(service)
  const started = await world.api<{ id: string }>('POST', `/api/sources/${id}/runs`, body)
  await world.drain()
  return world.run(started.id)
}

const names = async () =>
  new Map(
    (await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')).items.map(({ id, name }) => [id, name]),
  )

describe('a run of changes', () => {
  it('a run of changes fetches every contact the first time, and then those changed since the previous run began', async () => {
    const id = await source()
    expect(await run(id)).toMatchObject({ fetch: 'changes', counts: { rows: 40, matched: 40, added: 40 } })
    const at = later(3)
    edit(service.contacts[7], at - 60_000, { lastname: 'Changed' })
    service.contacts.push(student(50, { modifieddate: '05 Nov 2026 11:00 AM' }))
    expect(await run(id)).toMatchObject({
      status: 'succeeded',
      counts: { rows: 2, matched: 2, added: 1, updated: 1, removed: 0 },
    })
    expect((await names()).get('100007')).toBe('Given7 Changed')
    later(3)
    // The time zone of Connect's dates is unknown, so recent changes are fetched once more; they change nothing.
    expect(await run(id)).toMatchObject({ status: 'unchanged', counts: { rows: 2, unchanged: 2 } })
    later(3)
    expect(await run(id)).toMatchObject({ status: 'unchanged', counts: { rows: 0, matched: 0 } })
  })

  it('a run of changes never removes a contact, however many are missing', async () => {
    const id = await source({ removal: 'remove' })
    await run(id, { fetch: 'all' })
    service.contacts.splice(0, 8)
    edit(service.contacts[0], later(3), { lastname: 'Changed' })
    expect(await run(id, { fetch: 'changes' })).toMatchObject({ counts: { updated: 1, removed: 0 } })
    expect((await names()).size).toBe(40)
    const full = await run(id, { fetch: 'all' })
    expect(full).toMatchObject({ status: 'held', counts: { removed: 8 } })
  })

  it('a run of changes keeps the fingerprints of contacts that it did not fetch: a full run after it updates nothing', async () => {
    const id = await source()
    await run(id)
    edit(service.contacts[3], later(3), { lastname: 'Changed' })
    await run(id)
    const before = world.faults.rowsWritten
    expect(await run(id, { fetch: 'all' })).toMatchObject({ counts: { rows: 40, unchanged: 40, updated: 0 } })
    expect(world.faults.rowsWritten - before).toBeLessThan(40)
  })

  it('a full run with the same bytes as a run of changes is planned again, and removes missing contacts', async () => {
    const id = await source({ removal: 'remove', limits: { removed: null } })
    await run(id, { fetch: 'all' })
    const at = later(3)
    const changed = service.contacts.slice(0, 10)
    for (const contact of changed) edit(contact, at, { lastname: 'Changed' })
    expect(await run(id)).toMatchObject({ fetch: 'changes', counts: { updated: 10, removed: 0 } })
    // Now only the contacts that the run of changes fetched are left in Connect.
    service.contacts = changed
    expect(await run(id, { fetch: 'all' })).toMatchObject({ status: 'succeeded', counts: { rows: 10, removed: 30 } })
  })

  it('a run that fails, is held or is a preview does not move the watermark', async () => {
    const id = await source({ limits: { changed: { percent: 10, atLeast: 5 } } })
    await run(id)
    const at = later(3)
    for (const contact of service.contacts.slice(0, 8)) edit(contact, at, { lastname: 'Changed' })
    service.trouble = { is: 'text', text: 'Passkey is invalid' }
    expect(await run(id)).toMatchObject({ status: 'failed', failure: { code: 'unauthorized' } })
    service.trouble = null
    expect(await run(id, { mode: 'preview' })).toMatchObject({ status: 'previewed', counts: { updated: 8 } })
    later(3)
    const held = await run(id)
    expect(held).toMatchObject({ status: 'held', counts: { updated: 8 } })
    await world.api('POST', `/api/runs/${held.id}/reject`)
    later(3)
    const again = await run(id)
    expect(again).toMatchObject({ status: 'held', counts: { updated: 8 } })
    await world.api('POST', `/api/runs/${again.id}/approve`, { planHash: again.plan?.hash })
    await world.drain()
    expect((await names()).get('100000')).toBe('Given0 Changed')
    later(3)
    expect(await run(id)).toMatchObject({ status: 'unchanged' })
  })

  it('a run of which a part waits does not move the watermark until the rest is decided', async () => {
    const id = await source({ limits: { changed: { percent: 10, atLeast: 5 } } })
    await run(id)
    const at = later(3)
    for (const contact of service.contacts.slice(0, 8)) edit(contact, at, { lastname: 'Changed' })
    service.contacts.push(student(50, { modifieddate: '05 Nov 2026 11:00 AM' }))
    expect(await run(id)).toMatchObject({ status: 'held', applied: { added: 1 }, waiting: { updated: 8 } })
    later(3)
    service.contacts.push(student(51, { modifieddate: '08 Nov 2026 11:00 AM' }))
    const again = await run(id)
    expect(again).toMatchObject({ status: 'held', counts: { matched: 10, added: 1, updated: 8, unchanged: 1 } })
    await world.api('POST', `/api/runs/${again.id}/reject`)
    later(3)
    expect(await run(id)).toMatchObject({ status: 'succeeded', counts: { added: 0, updated: 0 } })
  })

  it('the changes of an undone run are fetched again when a person starts a run', async () => {
    const id = await source()
    await run(id)
    edit(service.contacts[1], later(3), { lastname: 'Changed' })
    const applied = await run(id)
    later(3)
    await world.api('POST', `/api/runs/${applied.id}/undo`)
    await world.drain()
    expect((await names()).get('100001')).toBe('Given1 Family1')
    expect(await run(id)).toMatchObject({ counts: { rows: 1, updated: 1 } })
  })

  it('a run of changes under new settings fetches every contact again', async () => {
    const id = await source()
    await run(id)
    later(3)
    await world.api('PATCH', `/api/sources/${id}`, { connection: { filterIds: [APPLICANTS] } })
    edit(service.contacts[0], later(3), { major: 'BIO' })
    expect(await run(id)).toMatchObject({ counts: { rows: 1, matched: 1 } })
    service.contacts[1] = student(1, { major: 'ART' })
    later(3)
    await world.api('PATCH', `/api/sources/${id}`, { connection: { filterIds: [70542] } })
    expect(await run(id)).toMatchObject({ counts: { rows: 40 } })
  })

  it('a run of changes is not held because the only contact that changed has an error', async () => {
    const id = await source()
    await run(id)
    edit(service.contacts[0], later(3), { mobile: '' })
    expect(await run(id)).toMatchObject({ status: 'succeeded', counts: { rows: 1, errors: 1, updated: 0 } })
    expect((await names()).get('100000')).toBe('Given0 Family0')
  })

  it('a run of changes writes rows in proportion to the number of changed contacts', async () => {
    const written = async (contacts: number, changed: number) => {
      service.contacts = Array.from({ length: contacts }, (_, i) => student(i))
      const id = await source({ name: `${contacts} ${changed}` })
      await run(id)
      const at = later(3)
      for (const contact of service.contacts.slice(0, changed)) edit(contact, at, { lastname: 'Changed' })
      const before = world.faults.rowsWritten
      expect((await run(id)).counts).toMatchObject({ rows: changed, updated: changed })
      return world.faults.rowsWritten - before
    }
    expect(await written(2000, 20)).toBe(await written(200, 20))
    expect(await written(2000, 200)).toBeLessThan(200 * 6 + 60)
  })
})

describe('the schedule of a source of changes', () => {
  it('the schedule of a source that removes contacts fetches changes each night, and every contact once a week', async () => {
    // The tick comes at 7:00 a.m. in New York: a run due before 1:01 would be too old to catch up.
    const schedule = { kind: 'nightly', from: '02:00', to: '05:00', timeZone: 'America/New_York' }
    const id = await source({ removal: 'remove', schedule })
    world.remote = remoteOf(service)
    world.now = Date.now()
    const fetched: string[] = []
    for (let night = 0; night < 9; night++) {
      vi.setSystemTime(world.now + DAY)
      await world.tick(24 * 60)
      await world.drain()
      const [last] = (await world.api<Page<RunView>>('GET', `/api/runs?source=${id}`)).items
      fetched.push(last?.fetch ?? '')
    }
    expect(fetched).toEqual(['all', ...Array(6).fill('changes'), 'all', 'changes'])
  })
})
