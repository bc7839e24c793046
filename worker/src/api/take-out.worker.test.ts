import { expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { AuditView } from '../api/views/settings.ts'
import { numberOf, OPTED_MAPPING, optedFile, people, setSms } from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

interface TakenOut {
  contact: { name: string; history: { op: string }[] }
  decisions: { how: string; status: string; stands: boolean; about: { id: string; details: { name: string } } | null }[]
  statuses: { status: string; reason: string | null }[]
  runs: { id: string; sourceName: string }[]
  audit: { action: string }[]
}

it('an administrator takes out all that is held about a person as one file, with the evidence of each decision', async () => {
  const world = await World.start()
  const source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
  const rows = [
    { id: 'ana', sms: 'Y' },
    { id: 'ben', sms: 'Y', number: numberOf('ana') },
  ]
  const { id: run } = await world.import(source, optedFile(rows))
  await setSms(world, 'ana', 'opted_out')
  const key = (await people(world)).get('ana')?.key
  const answer = await world.request('GET', `/api/contacts/${key}/export`)
  expect(answer.headers.get('Content-Disposition')).toBe(`attachment; filename="contact-${key}.json"`)
  const text = await answer.text()
  const { contact, decisions, statuses, runs }: TakenOut = JSON.parse(text)
  expect(contact).toMatchObject({ name: 'Person ana', sms: { status: 'opted_out' } })
  expect(contact.history.map(({ op }) => op)).toEqual(expect.arrayContaining(['sms', 'add']))
  expect(decisions).toMatchObject([
    { how: 'source', status: 'opted_in', about: { id: 'ana' }, evidence: { run, row: 2, value: 'Y' } },
    { how: 'person', status: 'opted_out', stands: true, about: { details: { name: 'Person ana' } } },
  ])
  expect(statuses.at(-1)).toMatchObject({ status: 'opted_out', reason: 'Asked for it by telephone' })
  expect(runs).toMatchObject([{ id: run, sourceName: 'Staff' }])
  expect(text).not.toContain('Person ben')
  const audit = await world.api<Page<AuditView>>('GET', '/api/audit')
  expect(audit.items[0]).toMatchObject({ action: 'contact_taken_out', subject: key })
})

it('only an administrator can take out what is held about a person', async () => {
  const world = await World.start()
  const source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
  await world.import(source, optedFile([{ id: 'ana', sms: 'Y' }]))
  const key = (await people(world)).get('ana')?.key
  expect((await world.request('GET', `/api/contacts/${key}/export`)).status).toBe(200)
  await world.env.DB.prepare(`UPDATE user SET role = 'manager'`).run()
  expect((await world.request('GET', `/api/contacts/${key}/export`)).status).toBe(403)
})
