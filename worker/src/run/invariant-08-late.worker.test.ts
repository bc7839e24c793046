import { describe, expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ChangeView } from '../api/views/run.ts'
import { numberOf, OPTED_MAPPING, optedFile, people, reached, setSms, statuses } from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import { takeText } from './sms.ts'

const CREW = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => ({ id, sms: 'Y' }))
const [ANA, ...OTHERS] = CREW
const BEN = { id: 'ben', sms: 'Y' }

async function start(settings: Record<string, unknown> = {}) {
  const world = await World.start()
  const source = await world.source({ ...OPTED_MAPPING, ...settings })
  await world.import(source, optedFile(CREW))
  return { world, source }
}

describe('invariant 8: an opt-out is never late', () => {
  it('an opt-out is applied even if its run is held, and stays when the run is rejected', async () => {
    const { world, source } = await start()
    const run = await world.import(source, optedFile([{ id: 'a', sms: 'N', title: 'Team Lead' }]))
    expect(run.status).toBe('held')
    expect(world.mails.at(-1)?.text).toContain('This has been imported already: 1 opt-out.')
    expect((await statuses(world)).a).toBe('opted_out')
    expect(await reached(world)).toEqual(OTHERS.map(({ id }) => id))
    await world.api('POST', `/api/runs/${run.id}/reject`)
    expect((await statuses(world)).a).toBe('opted_out')
  })

  it('an opt-out in a row that changes the number is shown as an opt-out only, and the number as what waits', async () => {
    const { world, source } = await start()
    const { id } = await world.import(source, optedFile([{ id: 'a', sms: 'N', number: '+16045550199' }]))
    const { items } = await world.api<Page<ChangeView>>('GET', `/api/runs/${id}/changes?id=a`)
    const [before, after] = [numberOf('a'), '+16045550199'].map((number) => ({ numbers: [{ number }] }))
    expect(items).toMatchObject([
      { op: 'update', before, after: before, changed: ['smsStatus'], waits: false },
      { op: 'update', before, after, changed: ['numbers'], sms: null, waits: true },
    ])
    expect(world.mails.at(-1)?.text).toContain('This has been imported already: 1 opt-out.')
  })

  it('an opt-out of a contact that is opted out is neither shown nor counted if its row changes the number', async () => {
    const { world, source } = await start()
    await world.import(source, optedFile([{ id: 'a', sms: 'N' }, ...OTHERS]))
    const run = await world.import(source, optedFile([{ id: 'a', sms: 'N', number: '+16045550199' }]))
    expect(run).toMatchObject({ status: 'held', counts: { matched: 1, updated: 1 } })
    const { items } = await world.api<Page<ChangeView>>('GET', `/api/runs/${run.id}/changes?id=a`)
    expect(items).toMatchObject([{ changed: ['numbers'], sms: null, waits: true }])
    expect(world.mails.at(-1)?.text).toContain('Nothing has been changed yet.')
  })

  it('neither an opt-out from the source nor one made here makes a plan stale', async () => {
    const { world, source } = await start()
    const run = await world.import(source, optedFile([{ id: 'a', sms: 'N', title: 'Team Lead' }]))
    await setSms(world, 'b', 'opted_out')
    const answer = await world.request('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    expect(answer.status).toBe(202)
    await world.drain()
    expect(await statuses(world)).toEqual({ a: 'opted_out' })
  })

  it('opt-outs that are too many for one message are applied in several, though the plan waits or is rejected', async () => {
    const world = await World.start()
    const source = await world.source({ ...OPTED_MAPPING, hold: 'whole' })
    const crowd = Array.from({ length: 90 }, (_, i) => ({
      id: `p${i}`,
      sms: 'Y',
      number: `+16045551${String(i).padStart(3, '0')}`,
    }))
    await world.import(source, optedFile(crowd))
    world.env.PLAN_CHUNK = 300
    world.remote = optedFile(crowd.slice(10).map((one) => ({ ...one, sms: 'N' })))
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, { mode: 'apply' })
    const queries: [step: string, count: number][] = []
    for (let next = world.messages.shift(); next !== undefined; next = world.messages.shift()) {
      const { queries: before } = world.faults
      await world.deliver(next.step)
      queries.push([next.step.step, world.faults.queries - before])
      // A message that comes twice changes nothing.
      await world.deliver(next.step)
    }
    expect(queries.filter(([step]) => step === 'apply').length).toBeGreaterThan(1)
    // Of the 1,000 queries that D1 allows, planning has the half for itself.
    expect(Math.max(...queries.map(([, count]) => count))).toBeLessThan(500)
    const run = await world.run(id)
    expect(run).toMatchObject({ status: 'held', counts: { optOuts: 80 } })
    expect(world.mails.at(-1)?.text).toContain('This has been imported already: 80 opt-outs.')
    const optedOut = async () => Object.entries(await statuses(world)).filter(([, status]) => status === 'opted_out')
    expect(await optedOut()).toHaveLength(80)
    expect(Object.keys(await statuses(world))).toHaveLength(90)
    await world.api('POST', `/api/runs/${id}/reject`)
    expect(await optedOut()).toHaveLength(80)
    // The rejected file counts as little as one with few opt-outs: it is planned and held again.
    expect(await world.import(source, world.remote)).toMatchObject({ status: 'held', counts: { optOuts: 0 } })
  })

  it('an opt-out of the source is applied as soon as the plan is made, so that a START after that is the later word', async () => {
    const { world, source } = await start({ limits: NO_LIMITS })
    world.remote = optedFile([{ id: 'a', sms: 'N', title: 'Team Lead' }, ...OTHERS])
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, { mode: 'apply' })
    for (const step of ['fetch', 'plan']) {
      const [next] = world.messages.splice(0, 1)
      expect(next?.step.step).toBe(step)
      if (next !== undefined) await world.deliver(next.step)
    }
    expect((await world.run(id)).status).toBe('applying')
    expect((await statuses(world)).a).toBe('opted_out')
    await takeText(world.env, { id: 'text', from: numberOf('a'), body: 'START' }, Date.now())
    await world.drain()
    expect((await world.run(id)).status).toBe('succeeded')
    expect((await people(world)).get('a')).toMatchObject({ title: 'Team Lead', sms: { status: 'opted_in' } })
  })

  it('an opt-out is not applied by a preview', async () => {
    const { world, source } = await start({ limits: NO_LIMITS })
    await world.import(source, optedFile([{ id: 'a', sms: 'N' }, ...OTHERS]), 'preview')
    expect((await statuses(world)).a).toBe('opted_in')
  })

  it('an opt-out is applied even if its row has an error in another column', async () => {
    const { world, source } = await start({ limits: NO_LIMITS })
    const run = await world.import(source, optedFile([{ id: 'a', sms: 'N', name: '' }, ...OTHERS]))
    expect(run.counts).toMatchObject({ errors: 1, updated: 0, contactsWithErrors: 1, optOuts: 1 })
    expect((await statuses(world)).a).toBe('opted_out')
  })

  it.each([
    ['one after the other', (rows: (typeof CREW)[]) => rows.flat()],
    ['far from each other', ([first = [], second = []]: (typeof CREW)[]) => [...first, ...OTHERS, ...second]],
  ])('an opt-out is applied even if rows %s contradict each other', async (_, arrange) => {
    const { world, source } = await start({ limits: NO_LIMITS })
    const rows = arrange([[{ id: 'a', sms: 'Y' }], [{ id: 'a', sms: 'N' }]])
    await world.import(source, optedFile([...rows, ...OTHERS]))
    expect((await statuses(world)).a).toBe('opted_out')
  })

  it('an opt-out is applied even if the rows of its ID are too large', async () => {
    const { world, source } = await start({ limits: NO_LIMITS })
    const run = await world.import(source, optedFile([{ id: 'a', sms: 'N', title: 'x'.repeat(300_000) }, ...OTHERS]))
    expect(run.counts).toMatchObject({ errors: 1 })
    expect((await statuses(world)).a).toBe('opted_out')
  })

  it('opt-outs do not hold a run, however many there are', async () => {
    const { world, source } = await start({ limits: { changed: { percent: 10, atLeast: 1 } } })
    const run = await world.import(source, optedFile(CREW.map(({ id }) => ({ id, sms: 'N' }))))
    expect(run).toMatchObject({ status: 'succeeded', counts: { updated: 8 } })
    expect(await reached(world)).toEqual([])
  })

  it('a contact that opts out here while a run is held stays opted out when the run is approved', async () => {
    const { world, source } = await start()
    await world.import(source, optedFile([{ ...ANA, id: 'a', sms: 'N' }, ...OTHERS]))
    const run = await world.import(source, optedFile([{ id: 'a', sms: 'Y' }]))
    expect(run.status).toBe('held')
    await setSms(world, 'a', 'opted_out')
    await world.api('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    await world.drain()
    expect(await statuses(world)).toEqual({ a: 'opted_out' })
  })

  it('an undo does not take back an opt-out', async () => {
    const { world, source } = await start({ limits: NO_LIMITS })
    const run = await world.import(source, optedFile([{ id: 'a', sms: 'N', title: 'Team Lead' }, ...OTHERS]))
    await world.api('POST', `/api/runs/${run.id}/undo`)
    await world.drain()
    expect((await statuses(world)).a).toBe('opted_out')
  })

  it('an opt-out appears in the feed of changes', async () => {
    const { world, source } = await start({ limits: NO_LIMITS })
    const feed = async (cursor: string) =>
      (
        await world.api<{ items: { cursor: string; contact: { id: string; sms: { status: string } } }[] }>(
          'GET',
          `/api/changes?cursor=${cursor}`,
        )
      ).items
    const before = (await feed('')).at(-1)?.cursor ?? ''
    await world.import(source, optedFile([{ id: 'a', sms: 'N' }, ...OTHERS]))
    expect(await feed(before)).toMatchObject([{ op: 'update', contact: { id: 'a', sms: { status: 'opted_out' } } }])
  })

  it('the opt-out of a new person counts for the number at once while the person waits, and then for the person', async () => {
    const world = await World.start()
    const other = await world.source({ ...OPTED_MAPPING, name: 'Another', limits: NO_LIMITS })
    const NUMBER = '+16045550199'
    await world.import(other, optedFile([{ id: 'zoe', sms: 'Y', number: NUMBER }]))
    const limits = { ...NO_LIMITS, added: { percent: 10, atLeast: 1 } }
    const source = await world.source({ ...OPTED_MAPPING, limits })
    await world.import(source, optedFile([BEN]))
    const file = (sms: string) =>
      optedFile([BEN, ...['a', 'b', 'c'].map((id) => ({ id, sms: 'Y' })), { id: 'ana', sms, number: NUMBER }])
    const run = await world.import(source, file('N'))
    expect(run).toMatchObject({ status: 'held', waiting: { added: 4 } })
    expect(await statuses(world)).toEqual({ ben: 'opted_in', zoe: 'opted_out' })
    await world.api('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    await world.drain()
    expect(await statuses(world)).toMatchObject({ ana: 'opted_out', zoe: 'opted_out' })
    await world.import(source, file('Y'))
    expect(await statuses(world)).toMatchObject({ ana: 'opted_in', zoe: 'opted_in' })
  })

  it('the opt-out of a new person whose row has an error counts for the number', async () => {
    const world = await World.start()
    const other = await world.source({ ...OPTED_MAPPING, name: 'Another', limits: NO_LIMITS })
    await world.import(other, optedFile([{ id: 'zoe', sms: 'Y', number: '+16045550199' }]))
    const source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
    const run = await world.import(source, optedFile([BEN, { id: 'ana', name: '', sms: 'N', number: '+16045550199' }]))
    expect(run.counts).toMatchObject({ errors: 1 })
    expect(await statuses(world)).toEqual({ ben: 'opted_in', zoe: 'opted_out' })
    // The row is there each night, but the person has sent START since.
    await takeText(world.env, { id: '1', from: '+16045550199', body: 'START' }, Date.now())
    await world.import(
      source,
      optedFile([
        { ...BEN, title: 'Lead' },
        { id: 'ana', name: '', sms: 'N', number: '+16045550199' },
      ]),
    )
    expect(await statuses(world)).toEqual({ ben: 'opted_in', zoe: 'opted_in' })
  })

  const NUMBER = '+16045550199'
  const out = { name: 'Ana', sms: 'N', number: NUMBER }
  it.each([
    ['without an ID', { ...out, id: '' }],
    ['whose ID Excel could not calculate', { ...out, id: '#N/A' }],
    ['whose ID looks like another one', { ...out, id: '12' }],
    ['that is too large', { ...out, id: 'new', title: 'x'.repeat(300_000) }],
    ['with an error and the ID of a manual contact', { ...out, id: 'manual', name: '' }],
  ])('the opt-out in a row %s counts for its number, night after night once', async (_, row) => {
    const world = await World.start()
    const other = await world.source({ ...OPTED_MAPPING, name: 'Another', limits: NO_LIMITS, enabled: false })
    await world.api('POST', '/api/contacts', { id: 'manual', name: 'Manual' })
    await world.api('PATCH', `/api/sources/${other}`, { enabled: true })
    await world.import(other, optedFile([{ id: 'zoe', sms: 'Y', number: NUMBER }]))
    const source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
    await world.import(source, optedFile([BEN, { ...BEN, id: '0012' }]))
    expect((await world.import(source, optedFile([BEN, row]))).counts).toMatchObject({ errors: 1 })
    expect(await statuses(world)).toMatchObject({ ben: 'opted_in', zoe: 'opted_out' })
    await takeText(world.env, { id: '1', from: NUMBER, body: 'START' }, Date.now())
    await world.import(source, optedFile([{ ...BEN, title: 'Lead' }, row]))
    expect(await statuses(world)).toMatchObject({ ben: 'opted_in', zoe: 'opted_in' })
  })
})
