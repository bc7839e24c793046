import { expect, it } from 'vitest'
import { csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { ContactView } from './views/contact.ts'
import type { ChangeView } from './views/run.ts'

it('the history of a contact lists each change, its run or person, and the values', async () => {
  const world = await World.start()
  const { key } = await world.api<ContactView>('POST', '/api/contacts', { id: 'ana', name: 'Ana', groups: ['Rope'] })
  await world.api('PATCH', `/api/contacts/${key}`, { title: 'Lead', groups: ['Rope', 'Air'] })
  const source = await world.source()
  const run = await world.import(source, csvOf([{ ID: 'ana', Name: 'Ana', Title: 'Chief' }, { ID: 'ben' }]))
  await world.api('PUT', `/api/contacts/${key}/sms-status`, { status: 'opted_out' })
  const { history = [] } = await world.api<ContactView>('GET', `/api/contacts/${key}`)
  const by = 'admin@example.org'
  expect(history.map(({ op, runId, by }) => [op, runId, by])).toEqual([
    ['sms', null, by],
    ['update', run.id, null],
    ['update', null, by],
    ['add', null, by],
  ])
  expect(history.map(({ smsStatus }) => smsStatus)).toEqual(['opted_out', null, null, null])
  expect(history[2]).toMatchObject({
    changed: ['title', 'groups'],
    before: { title: null, groups: ['Rope'] },
    after: { title: 'Lead', groups: ['Air', 'Rope'] },
  })
  expect(history[1]).toMatchObject({ before: null, after: null })
  const { items, next } = await world.api<Page<ChangeView>>('GET', `/api/runs/${run.id}/changes?id=ana`)
  expect([items.length, next]).toEqual([1, null])
  expect(items[0]).toMatchObject({ id: 'ana', before: { title: 'Lead' }, after: { title: 'Chief' } })
  expect((await world.api<Page<ChangeView>>('GET', `/api/runs/${run.id}/changes?id=an`)).items).toEqual([])
})
