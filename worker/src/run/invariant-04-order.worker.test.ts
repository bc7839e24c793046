import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { GroupView } from '../api/views/contact.ts'
import type { RunView } from '../api/views/run.ts'
import { type Current, directory } from '../testing/current.ts'
import { crowd, csvOf, shuffled } from '../testing/roster.ts'
import { someOf } from '../testing/sample.ts'
import { FIRST, FIRST_FILE, NO_LIMITS, SECOND, SECOND_FILE } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

/**
 * Returns the contacts of a source with their numbers and e-mail addresses sorted, because those are stored in row
 * order. Leaves out the source, which differs each time.
 */
function unordered(current: readonly Current[], source: string) {
  const sorted = <T>(list: readonly T[]) => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  return current
    .filter((contact) => contact.source === source)
    .map(({ id, groups, sms, details }) => ({
      id,
      groups,
      sms,
      details: { ...details, numbers: sorted(details.numbers), emails: sorted(details.emails) },
    }))
}

async function bothVersions(world: World, first: string, second: string): Promise<[RunView['counts'], unknown]> {
  const source = await world.source({ limits: NO_LIMITS })
  await world.import(source, first)
  const run = await world.import(source, second)
  expect(run.status).toBe('succeeded')
  return [run.counts, unordered(await directory(), source)]
}

describe('invariant 4: the outcome never depends on row order, chunk size, or how often a message was delivered', () => {
  it('rows in any order result in the same directory, counts and groups', async () => {
    const world = await World.start()
    const usual = await bothVersions(world, FIRST_FILE, SECOND_FILE)
    expect(usual[0]).toEqual({
      rows: 16,
      leftOut: 0,
      matched: 16,
      added: 3,
      updated: 8,
      unchanged: 3,
      removed: 1,
      contactsWithErrors: 2,
      protected: 0,
      optOuts: 0,
      errors: 2,
      warnings: 1,
      withoutId: 0,
    })
    for (const seed of someOf([1, 2, 3, 4, 5, 6])) {
      const again = await bothVersions(world, csvOf(shuffled(FIRST, seed)), csvOf(shuffled(SECOND, seed + 50)))
      expect(again).toEqual(usual)
    }
  })

  it.each([1, 2, 3])(
    'a new group gets its most frequent spelling, a tie goes to the lowest, and a stored group keeps its own (seed %d)',
    async (seed) => {
      const world = await World.start()
      const source = await world.source({ limits: NO_LIMITS })
      const spellings = ['ROPE', 'Rope', 'rope', 'Rope', 'avalanche', 'Avalanche', 'AVALANCHE']
      const people = spellings.map((Groups, i) => ({ ID: `G${i}`, Groups }))
      const names = async () =>
        (await world.api<{ items: GroupView[] }>('GET', '/api/groups')).items.map(({ name }) => name)
      await world.import(source, csvOf(shuffled(people, seed)))
      expect(await names()).toEqual(['AVALANCHE', 'Rope'])
      await world.import(source, csvOf(people.map(({ ID, Groups }) => ({ ID, Groups: Groups.toLowerCase() }))))
      expect(await names()).toEqual(['AVALANCHE', 'Rope'])
    },
  )

  it('a group that the rows of one ID spell in two ways gets the same spelling, whichever row comes first', async () => {
    const world = await World.start()
    const source = await world.source()
    const rows = [
      { ID: 'A', Number: '6045550101', Groups: 'rope' },
      { ID: 'A', Number: '6045550102', Groups: 'Rope' },
      { ID: 'B', Groups: 'Search' },
      { ID: 'C', Number: '6045550101', Groups: 'Search' },
      { ID: 'C', Number: '6045550102', Groups: 'search' },
    ]
    await world.import(source, csvOf(rows))
    expect((await directory()).flatMap(({ groups }) => groups)).toEqual(['Rope', 'Search', 'Search'])
  })

  it.each([1000, 20_000, 900_000])(
    'a plan applied in chunks of %d bytes results in the same directory',
    async (bytes) => {
      const world = await World.start()
      world.env.PLAN_CHUNK = bytes
      const source = await world.source({ limits: NO_LIMITS })
      await world.import(source, csvOf([...crowd(1200), ...FIRST]))
      const applied = world.sent.filter(({ step }) => step === 'apply').length
      // A message applies at most 80 chunks; the next message continues.
      if (bytes === 1000) expect(applied).toBeGreaterThan(1)
      const run = await world.import(source, csvOf([...crowd(1200, { Title: 'Searcher' }), ...SECOND]))
      expect(run).toMatchObject({ status: 'succeeded', counts: { added: 3, updated: 1208, removed: 1, errors: 2 } })
      const current = await directory()
      expect(current).toHaveLength(1215)
      expect(current.filter(({ details }) => details.title === 'Searcher')).toHaveLength(1200)
    },
  )

  it('a file that arrives in pieces of any size results in the same directory', async () => {
    const world = await World.start()
    const usual = await bothVersions(world, FIRST_FILE, SECOND_FILE)
    for (const size of [1, 7, 100]) {
      const source = await world.source({ limits: NO_LIMITS })
      await world.import(source, () => new Response(inPieces(FIRST_FILE, size)))
      const run = await world.import(source, () => new Response(inPieces(SECOND_FILE, size)))
      expect([run.counts, unordered(await directory(), source)]).toEqual(usual)
    }
  })

  it('messages delivered twice, or again at the end in reverse order, do not change the outcome', async () => {
    const world = await World.start()
    const usual = await bothVersions(world, FIRST_FILE, SECOND_FILE)
    const source = await world.source({ limits: NO_LIMITS, notify: { emails: ['a@example.org'], when: 'always' } })
    for (const file of [FIRST_FILE, SECOND_FILE]) {
      world.remote = file
      await world.api('POST', `/api/sources/${source}/runs`, {})
      await world.drain(2)
    }
    const late = [...world.sent].reverse()
    for (const step of late) await world.deliver(step)
    const { items } = await world.api<{ items: RunView[] }>('GET', `/api/runs?source=${source}`)
    expect(items.map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
    expect([items[0]?.counts, unordered(await directory(), source)]).toEqual(usual)
    expect(world.mails.filter(({ to }) => to.includes('a@example.org'))).toHaveLength(2)
    expect(world.messages).toEqual([])
  })

  it('messages delivered several times at once do not change the outcome', async () => {
    const world = await World.start()
    const usual = await bothVersions(world, FIRST_FILE, SECOND_FILE)
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, FIRST_FILE)
    world.remote = SECOND_FILE
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
    for (let next = world.messages.shift(); next !== undefined; next = world.messages.shift()) {
      await Promise.all([world.deliver(next.step), world.deliver(next.step), world.deliver(next.step)])
    }
    const run = await world.run(id)
    expect(run.status).toBe('succeeded')
    expect([run.counts, unordered(await directory(), source)]).toEqual(usual)
  })

  it('a message to apply that comes a second time while the first one is at work changes no contact twice', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, csvOf(crowd(60)))
    // More chunks than one message applies, so that the run is still applying when the second message has been processed.
    world.env.PLAN_CHUNK = 100
    world.remote = csvOf(crowd(60, { Title: 'Lead' }))
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
    const next = () => world.messages.shift()?.step
    let step = next()
    for (; step !== undefined && step.step !== 'apply'; step = next()) await world.deliver(step)
    if (step === undefined) throw new Error('There is nothing to apply')
    const apply = step
    const files = world.env.FILES
    let second = false
    const get = async (...given: Parameters<R2Bucket['get']>) => {
      // The first message has read where the run is, and has not written yet.
      if (!second) {
        second = true
        await world.deliver(apply)
        expect((await world.run(id)).status).toBe('applying')
      }
      return files.get(...given)
    }
    world.env.FILES = new Proxy(files, { get: (_, name) => (name === 'get' ? get : Reflect.get(files, name)) })
    await world.deliver(apply)
    await world.drain()
    expect(await world.run(id)).toMatchObject({ status: 'succeeded', applied: { updated: 60 } })
    const { results } = await env.DB.prepare('SELECT json_array_length(history) AS n FROM contact').all<{ n: number }>()
    expect(results.map(({ n }) => n)).toEqual(Array.from({ length: 60 }, () => 2))
  })

  it('an attempt that fails after another attempt took over does not fail the run', async () => {
    const world = await World.start()
    const source = await world.source()
    const { promise, resolve } = Promise.withResolvers<Response>()
    world.remote = () => promise
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
    const [message] = world.messages.splice(0)
    if (message === undefined) throw new Error('Nothing was sent')
    const slow = world.deliver(message.step)
    await expect.poll(() => world.requests.length).toBe(1)
    world.remote = FIRST_FILE
    // The slow attempt has shown no sign of life for so long that its lease is over.
    await world.env.DB.prepare('UPDATE run SET stale_at = 0').run()
    await world.deliver(message.step)
    resolve(new Response('late', { status: 500 }))
    await slow
    await world.drain()
    expect(await world.run(id)).toMatchObject({ status: 'succeeded', failure: null })
  })
})

function inPieces(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + size))
      at += size
    },
  })
}
