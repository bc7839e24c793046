import { beforeEach, expect, it, vi } from 'vitest'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

let world: World
let source: string
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  world = await World.start()
  source = await world.source()
})

/** A server that does not answer. */
const silent = (request: Request) =>
  new Promise<Response>((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)))

async function start(): Promise<string> {
  return (await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})).id
}

/** Delivers the next message, which must be this one. Its fetch takes `seconds`, unless it ends before. */
async function deliver(message: object, seconds = 0): Promise<void> {
  const next = world.messages.shift()
  expect(next?.step).toEqual(message)
  const asked = world.requests.length
  const delivered = next && world.deliver(next.step)
  if (seconds > 0) {
    await vi.waitUntil(() => world.requests.length > asked)
    await vi.advanceTimersByTimeAsync(seconds * 1000)
  }
  await delivered
}

it('a fetch of more than ten seconds begins again in the queue of slow servers, and the next fetch begins there', async () => {
  const id = await start()
  world.remote = silent
  await deliver({ step: 'fetch', run: id }, 10)
  expect((await world.run(id)).status).toBe('queued')

  const slowly = Promise.withResolvers<Response>()
  world.remote = () => slowly.promise
  setTimeout(() => slowly.resolve(new Response(csvOf(crowd(3)))), 20_000)
  await deliver({ step: 'fetch', run: id, long: true }, 20)
  await world.drain()
  expect(await world.run(id)).toMatchObject({ status: 'succeeded', counts: { added: 3 } })

  const next = await start()
  world.remote = csvOf(crowd(4))
  await deliver({ step: 'fetch', run: next })
  await deliver({ step: 'fetch', run: next, long: true })
  await world.drain()
  expect(await world.run(next)).toMatchObject({ status: 'succeeded', counts: { added: 1 } })

  // That one was quick.
  const last = await start()
  await deliver({ step: 'fetch', run: last })
  expect(world.messages[0]?.step).not.toMatchObject({ long: true })
})

it('a fetch that is cancelled while it is slow does not begin again', async () => {
  const id = await start()
  world.remote = async (request) => {
    await world.api('POST', `/api/runs/${id}/cancel`, {})
    return silent(request)
  }
  await deliver({ step: 'fetch', run: id }, 10)
  await world.drain()
  expect((await world.run(id)).status).toBe('cancelled')
  expect(world.requests).toHaveLength(1)
})

it('an uploaded file and an undo are never slow', async () => {
  world.remote = csvOf(crowd(2))
  const id = await start()
  await world.drain()
  const undo = await world.api<{ id: string }>('POST', `/api/runs/${id}/undo`, {})
  await world.drain()
  expect(world.sent.filter((step) => 'long' in step)).toEqual([])
  expect(await world.run(undo.id)).toMatchObject({ status: 'succeeded' })
})
