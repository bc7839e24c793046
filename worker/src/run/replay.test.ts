import { expect, it, vi } from 'vitest'
import type { ContactView, Page } from '../api/views.ts'
import { addToJournal, DECISIONS } from '../store/journal.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { OPTED_MAPPING, optedFile } from '../testing/opted.ts'
import { replayDecisions } from './replay.ts'
import { takeText } from './sms.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

const HOUR = 60 * 60_000
const PEOPLE = ['ana', 'ben', 'cat', 'dan'].map((id) => ({ id, sms: 'Y' }))

async function imported(): Promise<{ world: InMemoryMuster; statuses: () => Promise<Record<string, string>> }> {
  const world = await InMemoryMuster.start()
  const source = await world.source(OPTED_MAPPING)
  await world.import(source, optedFile(PEOPLE))
  const statuses = async () => {
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts')
    return Object.fromEntries(items.map(({ id, sms }) => [id, sms.status]))
  }
  return { world, statuses }
}

const keyOf = async (world: InMemoryMuster, id: string) =>
  (await world.api<Page<ContactView>>('GET', '/api/contacts')).items.find((one) => one.id === id)?.key

it('a database that is restored to an earlier time gets back the opt-outs and opt-ins that it lost', async () => {
  const { world, statuses } = await imported()
  const now = Date.now()
  await takeText(world.env, { id: 'text 1', from: '+16045551097', body: 'STOP' }, now)
  await takeText(world.env, { id: 'text 2', from: '+16045551098', body: 'STOP' }, now + 1)
  await takeText(world.env, { id: 'text 3', from: '+16045551098', body: 'START' }, now + 2)
  const status = { status: 'opted_out', reason: 'By telephone' }
  await world.api('PUT', `/api/contacts/${await keyOf(world, 'cat')}/sms-status`, status)
  expect(await statuses()).toEqual({ ana: 'opted_out', ben: 'opted_in', cat: 'opted_out', dan: 'opted_in' })

  const restored = await imported()
  restored.world.env.FILES = world.env.FILES
  expect(await restored.statuses()).toMatchObject({ ana: 'opted_in', cat: 'opted_in' })
  await replayDecisions(restored.world.env, now)
  expect(await restored.statuses()).toMatchObject({ ana: 'opted_in' })
  for (let time = 0; time < 2; time++) {
    await replayDecisions(restored.world.env, now + HOUR)
    expect(await restored.statuses()).toEqual(await statuses())
  }
})

// Found by npm run faults: the request died between the journal and the database, and the person decided otherwise since.
it.each([
  ['opted_in', 'opted_out'],
  ['opted_out', 'opted_in'],
] as const)(
  'a decision %s that never reached the database does not count against a newer one, %s',
  async (lost, since) => {
    const { world, statuses } = await imported()
    const key = Number(await keyOf(world, 'ana'))
    const put = (status: string) => world.request('PUT', `/api/contacts/${key}/sms-status`, { status })
    if (lost === 'opted_in') await put('opted_out')
    // The next call after that of the journal is the transaction.
    for (let call = 1; !world.faults.dead; call++) {
      const before = (await world.env.FILES.list({ prefix: 'decisions/' })).objects.length
      world.faults.crashAt(call, 'after')
      await put(lost)
      if (!world.faults.dead) throw new Error('The request did not die')
      world.faults.restart()
      if ((await world.env.FILES.list({ prefix: 'decisions/' })).objects.length > before) break
    }
    world.passTime(1000)
    await put(since)
    world.passTime(HOUR)
    await replayDecisions(world.env, Date.now())
    expect((await statuses()).ana).toBe(since)
  },
)

it('a START that never reached the database does not end a newer STOP from the same number, nor a newer opt-out of its contact', async () => {
  const { world, statuses } = await imported()
  const now = Date.now()
  const start = (name: string, number: string) =>
    addToJournal(world.env, DECISIONS, {
      decision: { name, number, words: 'START', status: 'opted_in', at: now },
      about: null,
    })
  await start('lost 1', '+16045551097')
  await start('lost 2', '+16045551098')
  await takeText(world.env, { id: 'text', from: '+16045551097', body: 'STOP' }, now + 1)
  world.passTime(1000)
  await world.api('PUT', `/api/contacts/${await keyOf(world, 'ben')}/sms-status`, { status: 'opted_out' })
  world.passTime(HOUR)
  await replayDecisions(world.env, Date.now())
  expect(await statuses()).toMatchObject({ ana: 'opted_out', ben: 'opted_out' })
})
