import { expect, it, vi } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import { takeText } from '../run/sms.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { OPTED_MAPPING, optedFile } from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

it('an opt-in of one of two people who have a number does not end the STOP from it, even once the other has another number', async () => {
  const world = await InMemoryMuster.start()
  const source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
  const [number, other] = ['+16045550101', '+16045550102']
  const ana = { id: 'ana', sms: '', number }
  await world.import(source, optedFile([ana, { id: 'eva', sms: '', number }]))
  const people = async () => (await world.api<Page<ContactView>>('GET', '/api/contacts')).items
  const statusOfAna = async () => (await people()).find(({ id }) => id === 'ana')?.sms.status
  await takeText(world.env, { id: 'text', from: number, body: 'STOP' }, Date.now())
  world.passTime(1000)
  const key = (await people()).find(({ id }) => id === 'ana')?.key
  await world.api('PUT', `/api/contacts/${key}/sms-status`, { status: 'opted_in' })
  expect(await statusOfAna()).toBe('opted_out')
  await world.import(source, optedFile([ana, { id: 'eva', sms: '', number: other }]))
  expect(await statusOfAna()).toBe('opted_out')
})
