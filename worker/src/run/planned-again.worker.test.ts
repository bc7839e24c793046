import { describe, expect, it } from 'vitest'
import { college, student } from '../../../local/demo/connect/college.ts'
import type { Page } from '../api/views/answer.ts'
import type { RunView } from '../api/views/run.ts'
import type { SourceView } from '../api/views/source.ts'
import { collegeSource, remoteOf } from '../testing/connect-source.ts'
import { ids } from '../testing/current.ts'
import { numberOf, OPTED_MAPPING, optedFile, setSms, statuses } from '../testing/opted.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const OLD = csvOf(crowd(20))
const NEW = csvOf([...crowd(20), { ID: 'new', Number: '6045559999' }])

/** Plans the bytes of an earlier run again, as an administrator does. */
async function again(world: World, source: string, snapshot: string, more: object = {}): Promise<RunView> {
  world.remote = () => new Response('there is nothing here any more', { status: 404 })
  const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, { snapshot, ...more })
  await world.drain()
  return world.run(id)
}

async function refusal(world: World, source: string, body: object): Promise<[number, string]> {
  const response = await world.request('POST', `/api/sources/${source}/runs`, body)
  return [response.status, (await response.json<{ code: string }>()).code]
}

describe('planning the bytes of an earlier run again', () => {
  it('the bytes of an earlier run are imported without asking the remote side', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    const first = await world.import(source, OLD)
    await world.import(source, NEW)
    const asked = world.requests.length
    const run = await again(world, source, first.id)
    expect(run).toMatchObject({ status: 'succeeded', applied: { added: 0, updated: 0, removed: 1 } })
    expect(run.file?.sha256).toBe(first.file?.sha256)
    expect(world.requests).toHaveLength(asked)
    expect(await ids()).not.toContain('new')
    // The next import takes the file that is there.
    expect(await world.import(source, NEW)).toMatchObject({ status: 'succeeded', applied: { added: 1 } })
  })

  it('a preview of earlier bytes changes nothing, and limits hold them as they hold any file', async () => {
    const world = await World.start()
    const source = await world.source()
    const first = await world.import(source, OLD)
    await world.import(source, csvOf([...crowd(20), ...crowd(20, {}, 'Q')]))
    const preview = await again(world, source, first.id, { mode: 'preview' })
    expect(preview).toMatchObject({ status: 'previewed', mode: 'preview', counts: { removed: 20 } })
    expect(await ids()).toHaveLength(40)
    expect(await again(world, source, first.id)).toMatchObject({ status: 'held', waiting: { removed: 20 } })
  })

  it('earlier bytes say nothing about the remote side: it still fails, and its file is still late', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS, freshness: { atLeastEveryHours: 24 } })
    const first = await world.import(source, OLD)
    await world.import(source, NEW)
    await world.import(source, () => new Response('', { status: 404 }))
    const before = await world.env.DB.prepare('SELECT failing, file_changed_at AS changed FROM source').first()
    expect(before).toMatchObject({ failing: 'not_found' })
    const mails = world.mails.length
    await again(world, source, first.id)
    expect(await world.env.DB.prepare('SELECT failing, file_changed_at AS changed FROM source').first()).toEqual(before)
    expect(world.mails.slice(mails).map(({ subject }) => subject)).toEqual([])
  })

  it('an opt-out that was made since the bytes were fetched stays', async () => {
    const world = await World.start()
    const source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
    const [ana, ben] = [
      { id: 'ana', sms: 'Y' },
      { id: 'ben', sms: 'Y' },
    ]
    const first = await world.import(source, optedFile([ana, ben]))
    await world.import(source, optedFile([{ ...ana, number: numberOf('zoe') }, ben]))
    await setSms(world, 'ana', 'opted_out')
    await again(world, source, first.id)
    expect(await statuses(world)).toEqual({ ana: 'opted_out', ben: 'opted_in' })
  })

  it('after earlier records of a CRM the next run fetches everything', async () => {
    const world = await World.start()
    const service = college()
    service.contacts = [1, 2, 3].map((number) => student(number))
    const source = await world.source(collegeSource(service, { limits: NO_LIMITS, changesOnly: true }))
    const first = await world.import(source, remoteOf(service))
    expect(first.status).toBe('succeeded')
    const watermark = () => world.env.DB.prepare('SELECT watermark FROM source').first<{ watermark: string | null }>()
    expect((await watermark())?.watermark).not.toBeNull()
    await world.env.DB.prepare(`UPDATE contact SET details = json_set(details, '$[0]', 'Somebody')`).run()
    const run = await again(world, source, first.id)
    expect(['succeeded', 'unchanged']).toContain(run.status)
    expect(run.fetch).toBe(first.fetch)
    expect((await watermark())?.watermark).toBeNull()
  })

  it('a run of another source, an unknown run, a run without a file and a choice of what to fetch are refused', async () => {
    const world = await World.start()
    const [source, other] = [await world.source(), await world.source()]
    const foreign = await world.import(other, OLD)
    const failed = await world.import(source, () => new Response('', { status: 404 }))
    expect(await refusal(world, source, { snapshot: foreign.id })).toEqual([404, 'not_found'])
    expect(await refusal(world, source, { snapshot: 'nothing' })).toEqual([404, 'not_found'])
    expect(await refusal(world, source, { snapshot: failed.id })).toEqual([409, 'no_file'])
    expect(await refusal(world, other, { snapshot: foreign.id, fetch: 'all' })).toEqual([400, 'invalid'])
    await world.env.DB.prepare('UPDATE run SET expired_at = 1 WHERE id = ?').bind(foreign.id).run()
    expect(await refusal(world, other, { snapshot: foreign.id })).toEqual([409, 'no_file'])
    expect((await world.api<Page<RunView>>('GET', `/api/runs?source=${other}`)).items).toHaveLength(1)
    expect((await world.api<SourceView>('GET', `/api/sources/${other}`)).lastRun?.id).toBe(foreign.id)
  })
})
