import { expect, it, vi } from 'vitest'
import { findRun } from '../store/runs.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { isSignedIn } from './person.ts'
import { runEvents } from './run-events.ts'

it('a stream of events looks at its run each second, and ends well below the query limit for the client to reconnect', async () => {
  const world = await World.start()
  const source = await world.source()
  world.remote = csvOf(crowd(3))
  const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, { mode: 'apply' })
  const run = await findRun(world.env, id)
  if (run === null) throw new Error('The run is missing')
  const session = { id: 'session', tokenHash: '' } as Parameters<typeof isSignedIn>[1]['session']
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const [queries, pauses] = [world.faults.queries, vi.spyOn(globalThis, 'setTimeout')]
  let signedIn = 0
  const mayRead = async () => {
    await isSignedIn(world.env, { session })
    return ++signedIn > 0
  }
  let text: string | null = null
  const response = runEvents(world.env, run, new AbortController().signal, mayRead)
  const reading = response.text().then((all) => {
    text = all
  })
  while (text === null) {
    await vi.runOnlyPendingTimersAsync()
    await scheduler.wait(0)
  }
  await reading
  expect(text).toMatch(/^retry: 1000\n\nevent: progress\n/)
  expect(new Set(pauses.mock.calls.map(([, ms]) => ms))).toEqual(new Set([1000]))
  expect(pauses.mock.calls.length).toBeGreaterThan(60)
  expect(signedIn).toBeGreaterThan(10)
  const asked = world.faults.queries - queries
  expect(asked).toBeGreaterThan(pauses.mock.calls.length)
  // The request itself, with its sign-in, takes some as well.
  expect(asked).toBeLessThan(900)
})
