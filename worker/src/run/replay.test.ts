import { expect, it, vi } from 'vitest'
import type { ContactView, Page } from '../api/views.ts'
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
