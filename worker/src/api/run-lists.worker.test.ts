import { describe, expect, it } from 'vitest'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { RunView } from './views/run.ts'

describe('the list of runs', () => {
  it('runs are filtered by what started them and by when', async () => {
    const world = await World.start()
    const source = await world.source()
    const manual = await world.import(source, csvOf(crowd(3)))
    world.passTime(60 * 60_000)
    const { id } = await (await world.request('POST', `/api/sources/${source}/runs`, {}, 'system')).json<{
      id: string
    }>()
    await world.drain()
    const ids = async (query: string) =>
      (await world.api<Page<RunView>>('GET', `/api/runs?${query}`)).items.map((run) => run.id)
    const { createdAt } = await world.run(id)
    expect(await ids('trigger=manual')).toEqual([manual.id])
    expect(await ids('trigger=api')).toEqual([id])
    expect(await ids('trigger=webhook')).toEqual([])
    expect(await ids(`from=${createdAt}`)).toEqual([id])
    expect(await ids(`to=${createdAt}`)).toEqual([manual.id])
    expect(await ids(`from=2020-01-01&trigger=api&source=${source}`)).toEqual([id])
    for (const query of ['trigger=person', 'from=yesterday']) {
      expect((await world.request('GET', `/api/runs?${query}`)).status, query).toBe(400)
    }
  })
})

describe('the progress of a run', () => {
  it('each step counts in its own unit, to its own total, since its own beginning', async () => {
    const world = await World.start()
    const source = await world.source()
    world.remote = csvOf(crowd(40))
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
    const next = async () => {
      const message = world.messages.shift()
      if (message !== undefined) await world.deliver(message.step)
      return (await world.run(id)).progress
    }
    const queued = await world.run(id)
    expect(queued.progress).toMatchObject({ step: 'queued', done: 0, total: null, unit: 'bytes' })
    expect(queued.progress.startedAt).toBe(queued.createdAt)
    // The header is one of the rows.
    expect(await next()).toMatchObject({ step: 'planning', done: 0, total: 41, unit: 'rows' })
    world.passTime(60_000)
    const applying = await next()
    expect(applying).toMatchObject({ step: 'applying', done: 0, total: 40, unit: 'changes' })
    expect(Date.parse(applying.startedAt) - Date.parse(queued.createdAt)).toBeGreaterThanOrEqual(60_000)
    expect(await next()).toMatchObject({ step: 'succeeded', done: 40, total: 40, unit: 'changes' })
  })

  it('the number of rows of a compressed file is not known before it is read', async () => {
    const world = await World.start()
    const source = await world.source()
    const zipped = new Blob([csvOf(crowd(40))]).stream().pipeThrough(new CompressionStream('gzip'))
    const bytes = await new Response(zipped).arrayBuffer()
    world.remote = () => new Response(bytes)
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
    await world.deliver(world.messages.shift()?.step ?? { step: 'fetch', run: id })
    expect((await world.run(id)).progress).toMatchObject({ step: 'planning', total: null, unit: 'rows' })
  })
})
