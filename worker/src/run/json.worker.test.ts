import { expect, it } from 'vitest'
import type { TestView } from '../api/views/source.ts'
import { World } from '../testing/world.ts'

const MAPPING = [
  { column: 'id', to: 'id' },
  { column: 'person.name', to: 'name' },
  { column: 'person.title', to: 'title' },
  { column: 'phone', to: 'number', type: 'mobile' },
]
const ANA = { id: 12345678901234567n, person: { name: 'Ana', title: 'Lead' }, phone: '604-555-0100' }
const BEN = { id: 2, person: { name: 'Ben', title: null } }

/** Writes a list of records; a big integer gets its digits. */
function json(records: unknown): string {
  return JSON.stringify(records, (_, value) => (typeof value === 'bigint' ? `~${value}~` : value)).replace(/"~|~"/g, '')
}

it('a source of JSON records is tested, imported and reported by its keys', async () => {
  const world = await World.start()
  const settings = { connection: { kind: 'https', url: 'https://api.example.org/people' }, mapping: MAPPING }
  world.remote = json({ data: [ANA, BEN] })
  const test = await world.api<TestView>('POST', '/api/sources/test', settings)
  expect(test).toMatchObject({
    ok: true,
    rows: [
      ['12345678901234567', 'Ana', 'Lead', '604-555-0100'],
      ['2', 'Ben', '', ''],
    ],
  })
  expect(test.columns.map(({ name, suggestion }) => [name, suggestion?.to])).toEqual([
    ['id', 'id'],
    ['person.name', 'name'],
    ['person.title', 'title'],
    ['phone', 'number'],
  ])

  const source = await world.source({ ...settings, limits: { errors: null } })
  const run = await world.import(
    source,
    json({ data: [ANA, BEN, { id: 3, phone: 'tel' }, { person: null, phone: '604-555-0199' }] }),
  )
  expect(run).toMatchObject({ status: 'succeeded', counts: { rows: 4, added: 2, errors: 2 } })
  const { items } = await world.api<{ items: unknown[] }>('GET', `/api/runs/${run.id}/problems`)
  expect(items).toMatchObject([
    { row: 3, id: '3', column: 'person.name', code: 'name_blank', value: null },
    { row: 3, id: '3', column: 'phone', code: 'number_unreadable', value: 'tel' },
    { row: 4, id: null, column: 'id', code: 'id_blank' },
  ])
  const report = await (await world.request('GET', `/api/runs/${run.id}/report.csv`)).text()
  expect(report.split('\r\n')[0]).toBe('Row,id,person.name,person.title,phone,Problem,What to do')
  expect(report).toContain('\r\n3,3,,,tel,Not imported,')
  const { items: contacts } = await world.api<{ items: { id: string }[] }>('GET', '/api/contacts')
  expect(contacts.map(({ id }) => id).sort()).toEqual(['12345678901234567', '2'])
})

it('JSON that is cut off removes nobody', async () => {
  const world = await World.start()
  const source = await world.source({ mapping: MAPPING, limits: { removed: null } })
  const whole = json([ANA, BEN])
  expect((await world.import(source, whole)).counts.added).toBe(2)
  const cut = await world.import(source, whole.slice(0, -1).replace(/,\{"id":2.*/, ''))
  expect(cut).toMatchObject({ status: 'failed', failure: { code: 'truncated' } })
})
