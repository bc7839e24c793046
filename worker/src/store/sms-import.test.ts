import { beforeEach, describe, expect, it, vi } from 'vitest'
import { college, REQUIRED_MAPPING, student } from '../../../local/demo/connect/college.ts'
import type { ConnectStandIn } from '../../../local/demo/connect/service.ts'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import { collegeSource, remoteOf } from '../testing/connect-source.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { OPTED_MAPPING, optedFile } from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

let world: InMemoryMuster
beforeEach(async () => {
  world = await InMemoryMuster.start()
})

async function onlyContact(): Promise<ContactView> {
  const [contact] = (await world.api<Page<ContactView>>('GET', '/api/contacts')).items
  if (contact === undefined) throw new Error('There is no contact')
  return contact
}

async function set(status: 'opted_in' | 'opted_out'): Promise<void> {
  await world.api('PUT', `/api/contacts/${(await onlyContact()).key}/sms-status`, { status })
}

it('somebody else who gets an ID is not opted in by the opt-in of the person before', async () => {
  const source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
  await world.import(source, optedFile([{ id: 'a', sms: '', name: 'Ana Lee', number: '+16045550101' }]))
  await set('opted_in')
  await world.import(source, optedFile([{ id: 'a', sms: '', name: 'Zoe Fox', number: '+16045550102' }]))
  expect(await onlyContact()).toMatchObject({ name: 'Zoe Fox', sms: { status: 'unknown' } })
})

describe('a value that was fetched before', () => {
  let service: ConnectStandIn
  let source: string
  beforeEach(async () => {
    service = college()
    service.contacts = [student(1, { smsstatus: '' })]
    const mapping = [...REQUIRED_MAPPING, { column: 'SMS Status', to: 'smsStatus' }]
    source = await world.source(collegeSource(service, { mapping, changesOnly: false, limits: NO_LIMITS }))
    await next()
  })

  /** Imports once more. `meanwhile` happens after the fetch. */
  async function next(meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    world.passTime(1000)
    world.remote = remoteOf(service)
    await world.api('POST', `/api/sources/${source}/runs`, { fetch: 'all' })
    const fetch = world.messages.shift()
    if (fetch !== undefined) await world.deliver(fetch.step)
    world.passTime(1000)
    const steps = world.messages.splice(0)
    await meanwhile()
    world.passTime(1000)
    // The statuses that were set meanwhile are not sent yet.
    world.messages = steps
    await world.drain()
    world.passTime(1000)
  }

  function show(smsstatus: string): void {
    Object.assign(service.contacts[0] ?? {}, { smsstatus })
  }

  it('an opt-out here does not show that the source knows of it, so that the source cannot end it', async () => {
    show('N')
    await next(() => set('opted_out'))
    show('Y')
    await next()
    expect((await onlyContact()).sms.status).toBe('opted_out')
  })

  it('an opt-out was written to the source does not opt in again', async () => {
    await set('opted_out')
    world.messages = []
    show('N')
    await next()
    show('Y')
    await next(async () => world.deliver({ step: 'writeBack', contact: Number((await onlyContact()).key) }))
    expect(service.contacts[0]?.smsstatus).toBe('N')
    expect((await onlyContact()).sms.status).toBe('opted_out')
  })
})
