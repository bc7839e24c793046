import { expect, it, vi } from 'vitest'
import type { RunView } from '../api/views/run.ts'
import type { SourceView } from '../api/views/source.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

const SCHEDULE = {
  kind: 'weekly',
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  times: ['02:30'],
  timeZone: 'Europe/Berlin',
}

/** Returns the times, in UTC, at which the schedule started a run while the cron ticked twice every half hour. */
async function startedBetween(from: string, to: string): Promise<string[]> {
  vi.useFakeTimers({ now: new Date(from), toFake: ['Date'] })
  try {
    const world = await World.start()
    world.remote = csvOf(crowd(2))
    const source = await world.source({ schedule: SCHEDULE })
    for (let now = Date.parse(from); now <= Date.parse(to); now += 30 * 60_000) {
      vi.setSystemTime(now)
      world.now = now
      await Promise.all([world.tick(0), world.tick(0)])
      await world.drain()
    }
    const { items } = await world.api<{ items: RunView[] }>('GET', `/api/runs?source=${source}`)
    expect(
      items.every(({ trigger, status }) => trigger === 'schedule' && ['succeeded', 'unchanged'].includes(status)),
    ).toBe(true)
    return items.map(({ createdAt }) => createdAt.slice(0, 16)).reverse()
  } finally {
    vi.useRealTimers()
  }
}

it('invariant 10: a schedule at 02:30 runs once on a day without a 02:30, as long after the gap as 02:30 is into it', async () => {
  expect(await startedBetween('2027-03-27T22:00:00Z', '2027-03-29T02:00:00Z')).toEqual([
    '2027-03-28T01:30',
    '2027-03-29T00:30',
  ])
})

it('invariant 10: a schedule at 02:30 runs once on a day with two of them', async () => {
  expect(await startedBetween('2027-10-30T22:00:00Z', '2027-11-01T03:00:00Z')).toEqual([
    '2027-10-31T00:30',
    '2027-11-01T01:30',
  ])
})

it('a missed due time is caught up once within six hours, and never if it is before the schedule’s last edit', async () => {
  const world = await World.start()
  world.remote = csvOf(crowd(2))
  const source = await world.source({ schedule: { ...SCHEDULE, timeZone: 'UTC' } })
  const [due] = (await world.api<SourceView>('GET', `/api/sources/${source}`)).nextRuns
  const runs = async () => (await world.api<{ items: RunView[] }>('GET', `/api/runs?source=${source}`)).items.length
  await world.tick(0)
  expect(await runs()).toBe(0)
  world.now = Date.parse(due ?? '')
  await world.tick(5 * 60)
  await world.tick(1)
  await world.drain()
  expect(await runs()).toBe(1)
  await world.tick(24 * 60 + 2 * 60)
  expect(await runs()).toBe(1)
})

it('a due time whose tick crashes at any call is caught up by the next tick, once', async () => {
  const world = await World.start()
  world.remote = csvOf(crowd(2))
  const source = await world.source({ schedule: { ...SCHEDULE, timeZone: 'UTC' } })
  const [due] = (await world.api<SourceView>('GET', `/api/sources/${source}`)).nextRuns
  const runs = async () => (await world.api<{ items: RunView[] }>('GET', `/api/runs?source=${source}`)).items.length
  world.now = Date.parse(due ?? '')
  for (let call = 1; ; call++) {
    world.faults.crashAt(call, 'after')
    await world.tick(0).catch(() => undefined)
    const died = world.faults.dead
    world.faults.restart()
    await world.tick(1)
    await world.tick(5)
    await world.drain()
    expect({ call, runs: await runs() }).toEqual({ call, runs: call })
    if (!died) break
    world.now += 24 * 60 * 60_000 - 6 * 60_000
  }
})
