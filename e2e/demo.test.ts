import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contactsOf, importNow } from './directory.ts'
import { type Muster, startMuster } from './muster.ts'

let muster: Muster
let demo: string
beforeAll(async () => {
  muster = await startMuster({ MUSTER_DEMO: '1' })
  demo = /^Change the demo files at (\S+)$/m.exec(muster.terminal())?.[1] ?? ''
})
afterAll(() => muster?.stop())

async function sourceNamed(name: string): Promise<string> {
  const { body } = await muster.api('GET', '/api/sources')
  return body.items.find((source: { name: string }) => source.name.startsWith(name)).id
}

/** Sends the request that the button on the demo page sends. */
async function serve(version: number): Promise<void> {
  const headers = { connection: 'close' }
  expect((await fetch(`${demo}/version/${version}`, { method: 'POST', headers })).status).toBe(200)
}

describe('The demo', () => {
  it('the demo steps through its weeks by the API as by its own page', async () => {
    const look = async () => (await muster.api('GET', '/api/demo')).body
    expect(await look()).toMatchObject({ week: 1, url: demo, sources: { length: 6 }, weeks: { length: 3 } })
    await serve(2)
    expect((await look()).week).toBe(2)
    const before = await (await fetch(`${demo}/roster.csv`)).text()
    const { status, body } = await muster.api('POST', '/api/demo', { week: 1 })
    expect([status, body.week, body.sources.length]).toEqual([200, 1, 6])
    expect(await (await fetch(`${demo}/roster.csv`)).text()).not.toBe(before)
    expect((await muster.api('GET', '/api/session/options')).body.demo).toBe(true)
  })

  it('the demo has a scheduled source for each of the four options and each of the two CRMs, and imports nothing by itself', async () => {
    const { body } = await muster.api('GET', '/api/sources')
    expect(body.items).toHaveLength(6)
    for (const source of body.items) {
      expect(source).toMatchObject({ enabled: true, lastRun: null })
      expect(source.nextRuns).toHaveLength(5)
    }
    expect((await muster.api('GET', '/api/contacts')).body.items).toEqual([])
  })

  it('the demo shows 2,000 people with a dozen rows to correct, then a usual week, then an export that is held', async () => {
    const roster = await sourceNamed('Demo: team roster')
    const first = await importNow(muster, roster)
    expect(first).toMatchObject({ status: 'succeeded', counts: { updated: 0, removed: 0 } })
    expect(first.counts.added).toBeGreaterThan(1980)
    expect(first.counts.errors).toBeGreaterThanOrEqual(9)
    expect(first.counts.errors).toBeLessThan(20)
    expect(first.counts.warnings).toBeGreaterThanOrEqual(3)
    const { body } = await muster.api('GET', `/api/runs/${first.id}/problems`)
    expect(new Set(body.items.map((problem: { code: string }) => problem.code)).size).toBeGreaterThanOrEqual(8)

    await serve(2)
    const second = await importNow(muster, roster)
    expect(second).toMatchObject({ status: 'succeeded' })
    expect(second.counts.added).toBeGreaterThan(40)
    expect(second.counts.updated).toBeGreaterThan(150)
    expect(second.counts.removed).toBeGreaterThan(40)
    expect(second.counts.errors).toBeGreaterThan(0)
    const before = await contactsOf(muster, roster)

    await serve(3)
    const third = await importNow(muster, roster)
    expect(third.status).toBe('held')
    // The removals of the usual week count with them.
    expect(third.hold.reasons[0]).toMatchObject({ limit: 'removed', of: 2043 })
    expect(third).toMatchObject({ applied: { added: 11, removed: 0 }, waiting: { added: 0, updated: 0 } })
    const after = await contactsOf(muster, roster)
    expect(after).toHaveLength(before.length + 11)
    expect(after).toEqual(expect.arrayContaining(before))
  })

  it('the demo imports the private volunteers beside the roster', async () => {
    await serve(1)
    const run = await importNow(muster, await sourceNamed('Demo: volunteers'))
    expect(run).toMatchObject({ status: 'succeeded', counts: { added: 144, errors: 1 } })
  })

  it('the demo imports the students from Connect, and a week later only the new and changed ones', async () => {
    await serve(1)
    const source = await sourceNamed('Demo: prospective students')
    const first = await importNow(muster, source, 'changes')
    expect(first).toMatchObject({
      status: 'succeeded',
      fetch: 'changes',
      counts: { matched: 200, added: 198, errors: 2 },
    })
    const { body } = await muster.api('GET', '/api/contacts?assignedUser=mlee&limit=500')
    expect(body.items.length).toBeGreaterThan(50)
    await serve(2)
    const second = await importNow(muster, source, 'changes')
    expect(second).toMatchObject({ status: 'succeeded', counts: { matched: 22, added: 12, updated: 10, removed: 0 } })
    await serve(3)
    expect((await importNow(muster, source, 'changes')).counts.removed).toBe(0)
    await serve(1)
  })

  it('the demo imports the drivers from the bucket and the radio operators over SFTP, and then their next week', async () => {
    await serve(1)
    const sources = [await sourceNamed('Demo: drivers'), await sourceNamed('Demo: radio operators')]
    const [drivers, operators] = await Promise.all(sources.map((source) => importNow(muster, source)))
    expect(drivers).toMatchObject({ status: 'succeeded', counts: { added: 119, errors: 1 } })
    expect(operators).toMatchObject({ status: 'succeeded', counts: { added: 89, errors: 1 } })
    await serve(2)
    for (const run of await Promise.all(sources.map((source) => importNow(muster, source)))) {
      expect(run).toMatchObject({ status: 'succeeded', counts: { updated: 0 } })
      expect(run.counts.added).toBeGreaterThanOrEqual(5)
      expect(run.counts.removed).toBeGreaterThan(0)
    }
  })

  it('the demo imports a rescue team from D4H with its groups and then its next week, and holds the broken list', async () => {
    await serve(1)
    const team = await sourceNamed('Demo: rescue team')
    const first = await importNow(muster, team)
    expect(first).toMatchObject({ status: 'succeeded', counts: { errors: 0, warnings: 1 } })
    expect(first.counts.added).toBeGreaterThan(60)
    const contacts = await contactsOf(muster, team)
    expect(contacts.every(({ organization }) => organization === 'Northern Ridge Rescue')).toBe(true)
    expect(contacts.filter(({ groups }) => groups.length > 0).length).toBe(contacts.length)
    expect(await importNow(muster, team)).toMatchObject({ status: 'unchanged' })
    await serve(2)
    const second = await importNow(muster, team)
    expect(second).toMatchObject({ status: 'succeeded' })
    expect(second.counts.added).toBeGreaterThan(2)
    expect(second.counts.updated).toBeGreaterThan(2)
    expect(second.counts.removed).toBeGreaterThan(1)
    await serve(3)
    expect(await importNow(muster, team)).toMatchObject({ status: 'held', hold: { reasons: [{ limit: 'removed' }] } })
  })

  it('one call removes the demo, and another makes it again in the empty Muster', async () => {
    expect((await muster.api('DELETE', '/api/demo')).status).toBe(204)
    for (const list of ['sources', 'runs', 'contacts', 'groups']) {
      expect([list, (await muster.api('GET', `/api/${list}`)).body.items]).toEqual([list, []])
    }
    const { body } = await muster.api('POST', '/api/demo', {})
    expect(body).toMatchObject({ week: 1, url: demo, sources: { length: 6 } })
    expect((await importNow(muster, await sourceNamed('Demo: team roster'))).counts.added).toBeGreaterThan(1980)
  })
})

describe('A Muster that was started without the demo', () => {
  it('it is empty, offers the demo, and makes it when somebody asks', async () => {
    const empty = await startMuster({ MUSTER_DEMO: '0' })
    try {
      expect((await empty.api('GET', '/api/sources')).body.items).toEqual([])
      expect((await empty.api('GET', '/api/demo')).body).toMatchObject({ url: null, sources: [] })
      const { body } = await empty.api('POST', '/api/demo', { week: 2 })
      expect(body).toMatchObject({ week: 2, sources: { length: 6 } })
      const [roster] = body.sources
      expect(await importNow(empty, roster.id)).toMatchObject({ status: 'succeeded' })
    } finally {
      await empty.stop()
    }
  })
})
