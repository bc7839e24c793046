import { expect, it, vi } from 'vitest'
import { college, REQUIRED_MAPPING, student } from '../../../local/demo/connect/college.ts'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import { addToJournal, DECISIONS, type JournalEntry } from '../store/journal.ts'
import { collegeSource, remoteOf } from '../testing/connect-source.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { OPTED_MAPPING, type OptedRow, optedFile } from '../testing/opted.ts'
import { replayDecisions } from './replay.ts'
import { takeText } from './sms.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

const HOUR = 60 * 60_000
const PEOPLE = ['ana', 'ben', 'cat', 'dan'].map((id) => ({ id, sms: 'Y' }))

async function imported(
  rows = PEOPLE as readonly OptedRow[],
): Promise<{ world: InMemoryMuster; statuses: () => Promise<Record<string, string>> }> {
  const world = await InMemoryMuster.start()
  const source = await world.source(OPTED_MAPPING)
  await world.import(source, optedFile(rows))
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

/** Makes a request that dies after its decision is in the journal, and before it is in the database. */
async function losing(world: InMemoryMuster, request: () => Promise<unknown>): Promise<void> {
  const entries = async () => (await world.env.FILES.list({ prefix: 'decisions/' })).objects.length
  const before = await entries()
  // The next call after that of the journal is the transaction.
  for (let call = 1; (await entries()) === before; call++) {
    world.faults.crashAt(call, 'after')
    await request()
    if (!world.faults.dead) throw new Error('The request did not die')
    world.faults.restart()
  }
}

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
    await losing(world, () => put(lost))
    world.passTime(1000)
    await put(since)
    world.passTime(HOUR)
    await replayDecisions(world.env, Date.now())
    expect((await statuses()).ana).toBe(since)
  },
)

// Found by npm run faults: the status was recorded late and superseded the one that waited, and no CRM heard of either.
it.each([
  ['is written to the CRM once it is recorded', 'opted_out', 0, HOUR],
  ['leaves a newer one to be written to the CRM that says the same', 'opted_in', 1, HOUR],
  ['leaves a newer one to be written to the CRM, also after more than a day', 'opted_in', 1, 25 * HOUR],
] as const)('a decision whose request died %s', async (_, status, repeats, later) => {
  const service = college()
  service.contacts = [student(1, { smsstatus: '' })]
  const world = await InMemoryMuster.start()
  const mapping = [...REQUIRED_MAPPING, { column: 'SMS Status', to: 'smsStatus' }]
  await world.import(await world.source(collegeSource(service, { mapping })), remoteOf(service))
  const [contact] = (await world.api<Page<ContactView>>('GET', '/api/contacts')).items
  const put = (status: string) => world.request('PUT', `/api/contacts/${contact?.key}/sms-status`, { status })
  await losing(world, () => put(status))
  world.remote = () => new Response('Trouble', { status: 503 })
  for (let time = 0; time < repeats; time++) {
    world.passTime(1000)
    await put(status)
    await world.drain()
  }
  world.passTime(later)
  await replayDecisions(world.env, Date.now())
  world.remote = remoteOf(service)
  await world.tick(60)
  await world.drain()
  expect(service.contacts[0]?.smsstatus).toBe(status === 'opted_in' ? 'Y' : 'N')
})

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

it('an opt-in that never reached the database ends no opt-out that came after it by a clock that is late', async () => {
  const { world, statuses } = await imported()
  const status = (to: string) => async () =>
    world.request('PUT', `/api/contacts/${await keyOf(world, 'cat')}/sms-status`, { status: to })
  await losing(world, status('opted_in'))
  world.passTime(-60_000)
  await status('opted_out')()
  world.passTime(HOUR)
  await replayDecisions(world.env, Date.now())
  expect(await statuses()).toMatchObject({ cat: 'opted_out' })
})

it('a STOP that never reached the database is not ended by a later opt-in of one of the two people who have the number', async () => {
  const { world, statuses } = await imported([
    { id: 'ana', sms: 'Y' },
    { id: 'eva', sms: 'Y', number: '+16045551097' },
  ])
  await addToJournal(world.env, DECISIONS, {
    decision: { name: 'lost', number: '+16045551097', words: 'STOP', status: 'opted_out', at: Date.now() },
    about: null,
  })
  world.passTime(1000)
  await world.api('PUT', `/api/contacts/${await keyOf(world, 'ana')}/sms-status`, { status: 'opted_in' })
  world.passTime(HOUR)
  await replayDecisions(world.env, Date.now())
  expect(await statuses()).toMatchObject({ eva: 'opted_out' })
})

it('an opt-out that never reached the database still counts for the numbers from which no START came', async () => {
  const { world, statuses } = await imported([{ id: 'ana', sms: 'Y', number: '+16045551097; +16045551099' }])
  const key = Number(await keyOf(world, 'ana'))
  const [contact] = (await world.api<Page<ContactView>>('GET', '/api/contacts')).items
  expect(contact?.numbers).toHaveLength(2)
  await world.api('PUT', `/api/contacts/${key}/sms-status`, { status: 'opted_out' })
  await takeText(world.env, { id: 'text', from: '+16045551097', body: 'START' }, Date.now())
  const asDecided = await statuses()
  const [entry] = (await world.env.FILES.list({ prefix: 'decisions/' })).objects
  const lost = await world.env.FILES.get(entry?.key ?? '')
  const { decision, about } = await new Response(lost?.body).json<JournalEntry>()

  const other = await imported([{ id: 'ana', sms: 'Y', number: '+16045551097; +16045551099' }])
  await addToJournal(other.world.env, DECISIONS, { decision: { ...decision, at: Date.now() }, about })
  other.world.passTime(1000)
  await takeText(other.world.env, { id: 'text', from: '+16045551097', body: 'START' }, Date.now())
  other.world.passTime(HOUR)
  await replayDecisions(other.world.env, Date.now())
  expect(asDecided.ana).toBe('opted_out')
  expect((await other.statuses()).ana).toBe('opted_out')
})
