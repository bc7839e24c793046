import { describe, expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import type { RunView } from '../api/views/run.ts'
import { directory } from '../testing/current.ts'
import { csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const contacts = async (world: World) => (await world.api<Page<ContactView>>('GET', '/api/contacts')).items

describe('manual contacts beside sources', () => {
  it('a manual contact is adopted even if the source once had a contact with its ID', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, csvOf([{ ID: 'ana' }, { ID: 'ben' }]))
    await world.import(source, csvOf([{ ID: 'ben' }]))
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    const made = await world.api<ContactView>('POST', '/api/contacts', { id: 'ana', name: 'Ana by hand' })
    await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
    await world.import(source, csvOf([{ ID: 'ana' }, { ID: 'ben' }]))
    const anas = (await contacts(world)).filter(({ id }) => id === 'ana')
    expect(anas).toMatchObject([{ key: made.key, sourceId: source }])
  })

  it('a manual contact is adopted by one of two sources that import at the same time, and the other adds its own contact', async () => {
    const world = await World.start()
    await world.api('POST', '/api/contacts', { id: 'ana', name: 'Ana by hand' })
    const sources = [await world.source({ limits: NO_LIMITS }), await world.source({ limits: NO_LIMITS })]
    world.remote = csvOf([{ ID: 'ana', Groups: 'Rope' }])
    const runs: string[] = []
    for (const source of sources) {
      runs.push((await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})).id)
    }
    // Both plans are made before either is applied.
    await world.drain()
    for (const id of runs) expect(await world.run(id)).toMatchObject({ status: 'succeeded' })
    expect((await directory()).map(({ source, id }) => [source, id]).sort()).toEqual(
      sources.map((source) => [source, 'ana']).sort(),
    )
  })

  it('a manual contact cannot be edited while an undo is writing', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, csvOf([{ ID: 'ana' }]))
    const run = await world.import(source, csvOf([{ ID: 'ana', Title: 'Lead' }]))
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    await world.api('POST', `/api/runs/${run.id}/undo`)
    const [planning] = world.messages.splice(0)
    if (planning === undefined) throw new Error('Nothing was sent')
    await world.deliver(planning.step)
    const [ana] = await contacts(world)
    const edit = () => world.request('PATCH', `/api/contacts/${ana?.key}`, { title: 'Chief' })
    const refused = await edit()
    expect([refused.status, (await refused.json<{ code: string }>()).code]).toEqual([409, 'run_active'])
    await world.drain()
    expect((await edit()).status).toBe(200)
  })
})

describe('a source that is disabled during its import', () => {
  it.each([0, 1])(
    'a source that is disabled during its import applies nothing, and its run is cancelled (after %d steps)',
    async (steps) => {
      const world = await World.start()
      const source = await world.source()
      world.remote = csvOf([{ ID: 'ana' }])
      const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
      for (const { step } of world.messages.splice(0, steps)) await world.deliver(step)
      await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
      await world.drain()
      expect(await world.run(id)).toMatchObject({ status: 'cancelled' } satisfies Partial<RunView>)
      expect(await contacts(world)).toEqual([])
    },
  )

  it('a source that is disabled while its plan is made applies nothing, and its run is cancelled', async () => {
    const world = await World.start()
    const source = await world.source()
    world.remote = csvOf([{ ID: 'ana' }])
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
    const [fetch] = world.messages.splice(0)
    const files = world.env.FILES
    let disabled = false
    const put = async (...given: Parameters<R2Bucket['put']>) => {
      if (!disabled && given[0].startsWith('plans/')) {
        disabled = true
        await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
      }
      return files.put(...given)
    }
    world.env.FILES = new Proxy(files, { get: (_, name) => (name === 'put' ? put : Reflect.get(files, name)) })
    if (fetch !== undefined) await world.deliver(fetch.step)
    await world.drain()
    expect(disabled).toBe(true)
    expect(await world.run(id)).toMatchObject({ status: 'cancelled' } satisfies Partial<RunView>)
    expect(await contacts(world)).toEqual([])
  })
})
