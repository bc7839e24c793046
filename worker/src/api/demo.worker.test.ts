import { env as bindings } from 'cloudflare:workers'
import { afterEach, describe, expect, it } from 'vitest'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { ContactView } from './views/contact.ts'
import type { UserView } from './views/person.ts'
import type { RunView } from './views/run.ts'
import type { DemoView, NotificationView } from './views/settings.ts'
import type { SourceView } from './views/source.ts'

const USER = { email: 'min.lee@example.org', name: 'Min Lee', userId: 'mlee' }
const source = (name: string) => ({
  name,
  connection: { kind: 'https', url: 'https://files.example.org/contacts.csv' },
})

/** A Muster with a local runtime that has a demo. */
async function start() {
  const world = await World.start()
  const kept = { week: 1, made: [] as string[], running: false }
  const fetch = async (_: unknown, init?: RequestInit) => {
    const { start, week, made } = JSON.parse(String(init?.body))
    kept.running ||= start
    kept.week = week ?? kept.week
    kept.made = made ?? kept.made
    const weeks = ([1, 2, 3] as const).map((week) => ({ week, title: `Week ${week}`, text: 'People.' }))
    const sources = kept.running ? [source('Demo: one'), source('Demo: two')] : []
    return Response.json({ ...kept, weeks, url: kept.running ? 'http://localhost:1' : null, sources, users: [USER] })
  }
  world.deploy({ DEMO: { fetch: fetch as Fetcher['fetch'] } })
  return { world, kept }
}

// The other tests are of a Muster that is deployed.
afterEach(() => void Reflect.deleteProperty(bindings, 'DEMO'))

const demoOf = (world: World) => world.api<DemoView>('GET', '/api/demo')
const names = ({ sources }: DemoView) => sources.map(({ name }) => name)

describe('the demo', () => {
  it('a Muster that is deployed has no demo', async () => {
    const world = await World.start()
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect((await world.request(method, '/api/demo', method === 'POST' ? {} : undefined)).status).toBe(404)
    }
    expect(await world.api('GET', '/api/session/options')).toMatchObject({ demo: false })
  })

  it('a local Muster offers the demo, makes it once and steps through its weeks', async () => {
    const { world, kept } = await start()
    expect(await world.api('GET', '/api/session/options')).toMatchObject({ demo: true })
    expect(await demoOf(world)).toMatchObject({ week: 1, url: null, sources: [] })
    expect(kept.running).toBe(false)
    const made = await world.api<DemoView>('POST', '/api/demo', {})
    expect([names(made), made.url]).toEqual([['Demo: one', 'Demo: two'], 'http://localhost:1'])
    expect(await world.api<DemoView>('POST', '/api/demo', { week: 2 })).toEqual({ ...made, week: 2 })
    expect(kept.week).toBe(2)
    expect((await world.api<Page<SourceView>>('GET', '/api/sources')).items).toHaveLength(2)
    expect((await world.request('POST', '/api/demo', { week: 4 })).status).toBe(400)
  })

  it('one call removes the demo with its contacts, runs, e-mails and staff, and leaves everything else', async () => {
    const { world } = await start()
    const own = await world.source({ name: 'Our own', notify: { emails: ['a@example.org'] } })
    await world.import(own, csvOf(crowd(3)))
    const { sources } = await world.api<DemoView>('POST', '/api/demo', {})
    const [first = { id: '' }] = sources
    await world.import(first.id, csvOf([...crowd(3, {}, 'D'), { ID: 'bad', Number: '12' }]))
    expect((await world.request('DELETE', '/api/demo')).status).toBe(204)
    const list = async <T>(path: string) => (await world.api<Page<T>>('GET', path)).items
    expect((await list<SourceView>('/api/sources')).map(({ id }) => id)).toEqual([own])
    expect((await list<RunView>('/api/runs')).map(({ sourceId }) => sourceId)).toEqual([own])
    expect((await list<ContactView>('/api/contacts')).map(({ sourceId }) => sourceId)).toEqual([own, own, own])
    expect((await list<NotificationView>('/api/notifications')).map(({ sourceId }) => sourceId)).toEqual([own])
    expect((await list<UserView>('/api/users')).map(({ name }) => name)).toEqual(['Admin'])
    expect(await demoOf(world)).toMatchObject({ week: 1, sources: [] })
    expect(names(await world.api<DemoView>('POST', '/api/demo', { week: 1 }))).toHaveLength(2)
  })

  it('the demo is not removed while one of its sources imports', async () => {
    const { world } = await start()
    const { sources } = await world.api<DemoView>('POST', '/api/demo', {})
    await world.api('POST', `/api/sources/${sources[1]?.id}/runs`, {})
    const response = await world.request('DELETE', '/api/demo')
    expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([409, 'run_active'])
    expect(names(await demoOf(world))).toHaveLength(2)
  })
})
