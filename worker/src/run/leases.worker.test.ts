import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Step } from '../env.ts'
import { STALE_AFTER } from '../store/runs.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

let world: World
let source: string
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  world = await World.start()
  source = await world.source()
})
afterEach(() => void vi.useRealTimers())

async function start(): Promise<string> {
  return (await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})).id
}

/** Delivers messages until the next one is for this step, and returns it. */
async function next(wanted: Step['step']): Promise<Step> {
  for (let one = world.messages.shift(); one !== undefined; one = world.messages.shift()) {
    if (one.step.step === wanted) return one.step
    await world.deliver(one.step)
  }
  throw new Error(`No message for ${wanted}`)
}

/** Stops the Worker at the first reading of a file whose name begins so, until `go` is called. */
function stopAtFile(prefix: string): { reached: Promise<void>; times(): number; go(): void } {
  const gate = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const { FILES } = world.env
  let times = 0
  const get: R2Bucket['get'] = async (key: string, ...options: unknown[]) => {
    if (key.startsWith(prefix)) {
      times++
      reached.resolve()
      await gate.promise
    }
    return Reflect.apply(FILES.get, FILES, [key, ...options])
  }
  world.env.FILES = new Proxy(FILES, { get: (target, name) => (name === 'get' ? get : Reflect.get(target, name)) })
  return { reached: reached.promise, times: () => times, go: () => gate.resolve() }
}

it('a message that comes again while its fetch is under way fetches nothing', async () => {
  const server = Promise.withResolvers<Response>()
  world.remote = () => server.promise
  const id = await start()
  const fetch = await next('fetch')
  const first = world.deliver(fetch)
  await vi.waitFor(() => expect(world.requests).toHaveLength(1))
  await world.deliver(fetch)
  await world.tick(STALE_AFTER / 60_000 - 0.5)
  await world.drain()
  expect(world.requests).toHaveLength(1)
  server.resolve(new Response(csvOf(crowd(3))))
  await first
  await world.drain()
  expect(await world.run(id)).toMatchObject({ status: 'succeeded', counts: { added: 3 } })
})

it.each(['plan', 'apply'] as const)(
  'a message that comes again while its %s is under way does nothing',
  async (step) => {
    world.remote = csvOf(crowd(3))
    const id = await start()
    const message = await next(step)
    const file = stopAtFile(step === 'plan' ? 'snapshots/' : 'plans/')
    const first = world.deliver(message)
    await file.reached
    await world.deliver(message)
    expect(file.times()).toBe(1)
    file.go()
    await first
    await world.drain()
    expect(await world.run(id)).toMatchObject({ status: 'succeeded', applied: { added: 3 } })
  },
)

it('a message whose step failed can come again at once', async () => {
  world.remote = csvOf(crowd(3))
  const id = await start()
  const plan = await next('plan')
  const { FILES } = world.env
  world.env.FILES = new Proxy(FILES, {
    get: (target, name) => (name === 'get' ? () => Promise.reject(new Error('R2 is down')) : Reflect.get(target, name)),
  })
  await expect(world.deliver(plan)).rejects.toThrow('plan failed')
  world.env.FILES = FILES
  await world.deliver(plan)
  await world.drain()
  expect((await world.run(id)).status).toBe('succeeded')
})

it('a fetch that shows no sign of life is begun anew, and the old one commits nothing', async () => {
  const servers: PromiseWithResolvers<Response>[] = []
  world.remote = () => {
    const server = Promise.withResolvers<Response>()
    servers.push(server)
    return server.promise
  }
  const id = await start()
  const first = world.deliver(await next('fetch'))
  await vi.waitFor(() => expect(servers).toHaveLength(1))
  await world.tick(3)
  const second = world.drain()
  await vi.waitFor(() => expect(servers).toHaveLength(2))
  servers[1]?.resolve(new Response(csvOf(crowd(3))))
  await second
  servers[0]?.resolve(new Response(csvOf(crowd(5))))
  await first
  await world.drain()
  expect(await world.run(id)).toMatchObject({ status: 'succeeded', applied: { added: 3 } })
})
