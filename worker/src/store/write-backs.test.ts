import { expect, it, vi } from 'vitest'
import { college, REQUIRED_MAPPING, student } from '../../../local/demo/connect/college.ts'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import { collegeSource, remoteOf } from '../testing/connect-source.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { database } from './database.ts'
import { smsChanges } from './sms-changes.ts'
import { claimWriteBack, endWriteBack } from './write-backs.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

async function onlyContact(world: InMemoryMuster): Promise<ContactView> {
  const [contact] = (await world.api<Page<ContactView>>('GET', '/api/contacts')).items
  if (contact === undefined) throw new Error('There is no contact')
  return contact
}

it('an attempt whose status was superseded meanwhile says what it sent, and stays superseded', async () => {
  const service = college()
  service.contacts = [student(1, { smsstatus: '' })]
  const world = await InMemoryMuster.start()
  const mapping = [...REQUIRED_MAPPING, { column: 'SMS Status', to: 'smsStatus' }]
  await world.import(await world.source(collegeSource(service, { mapping })), remoteOf(service))
  const key = Number((await onlyContact(world)).key)
  const set = (status: string) => world.api('PUT', `/api/contacts/${key}/sms-status`, { status })
  await set('opted_out')
  const claimed = await claimWriteBack(world.env, key, Date.now())
  if (claimed === null) throw new Error('No status is due')
  world.passTime(1000)
  await set('opted_in')
  await endWriteBack(world.env, claimed, { writeBack: 'sent', value: 'N' }, Date.now())
  const rows = await database(world.env).select().from(smsChanges).orderBy(smsChanges.seq)
  const ends = rows.filter(({ status }) => status !== 'unknown').map(({ writeBack, value }) => [writeBack, value])
  expect(ends).toEqual([
    ['superseded', 'N'],
    ['pending', null],
  ])
})
