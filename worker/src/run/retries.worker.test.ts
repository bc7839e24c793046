import { env as bindings } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

/** Starts a run as a system does, and delivers its messages until it ends. Returns the delays, in seconds. */
async function delaysOf(world: World, source: string): Promise<number[]> {
  const asked = await world.request('POST', `/api/sources/${source}/runs`, {}, 'system')
  expect(asked.status).toBe(202)
  const delays: number[] = []
  // A run that is retried for ever must not keep the test for ever.
  for (let next = world.messages.shift(); next !== undefined && delays.length < 20; next = world.messages.shift()) {
    if (next.delay > 0) delays.push(next.delay)
    world.passTime(next.delay * 1000)
    await world.deliver(next.step)
  }
  return delays
}

it.each(['0', '1', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
  'a server that asks to be asked again after %s is asked a few times in half an hour, not all the time',
  async (retryAfter) => {
    const world = await World.start()
    const source = await world.source()
    world.remote = () => new Response('Slow down', { status: 429, headers: { 'Retry-After': retryAfter } })
    expect(await delaysOf(world, source)).toEqual([30, 60, 120, 300, 600, 600])
    expect(world.requests).toHaveLength(7)
  },
)

it('a server that asks for more time than Muster gives it by itself gets it', async () => {
  const world = await World.start()
  const source = await world.source()
  world.remote = () => new Response('Slow down', { status: 429, headers: { 'Retry-After': '900' } })
  expect(await delaysOf(world, source)).toEqual([900])
})

it('a run whose fetch is lost again and again fails in the end, and its source can be imported again', async () => {
  const world = await World.start()
  const source = await world.source()
  const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
  const lost = bindings.DB.prepare(
    "UPDATE run SET status = 'fetching', holder = 'a message that broke off', stale_at = 0 WHERE id = ?",
  )
  for (let attempt = 1; attempt < 5; attempt++) {
    await lost.bind(id).run()
    await world.tick(3)
    expect((await world.run(id)).status, `attempt ${attempt}`).toBe('fetching')
  }
  await lost.bind(id).run()
  world.messages.length = 0
  await world.tick(3)
  expect(await world.run(id)).toMatchObject({ status: 'failed', failure: { code: 'internal' } })
  expect((await world.import(source, csvOf([{ ID: 'ana' }]))).status).toBe('succeeded')
})

it('a run whose message only waits in a long queue is not given up, and its message is sent again less and less often', async () => {
  const world = await World.start()
  const source = await world.source()
  const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, {})
  let sent = 0
  for (let minute = 0; minute < 60; minute += 2) {
    await world.tick(2)
    sent += world.messages.filter(({ step }) => step.step === 'fetch').length
    world.messages.length = 0
  }
  expect((await world.run(id)).status).toBe('queued')
  // Once for the request itself, then after about 2, 4, 8, 16 and 16 minutes, and not 30 times.
  expect(sent).toBeLessThan(9)
})

it('an imported file that cannot be moved because its message breaks off each time is left where it is in the end', async () => {
  const world = await World.start()
  const source = await world.source()
  const { id } = await world.import(source, csvOf([{ ID: 'ana' }]))
  await bindings.DB.prepare("UPDATE run SET after_import = 'pending', stale_at = 0, finished_at = 0 WHERE id = ?")
    .bind(id)
    .run()
  let sent = 0
  while ((await world.run(id)).failure === null) {
    await world.tick(90)
    sent += world.messages.filter(({ step }) => step.step === 'settle').length
    world.messages.length = 0
  }
  expect(sent).toBe(12)
  expect(await world.run(id)).toMatchObject({ status: 'succeeded', failure: { code: 'unreachable' } })
})
