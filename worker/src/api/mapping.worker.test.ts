import { expect, it } from 'vitest'
import type { MappingColumn } from '../core/mapping.ts'
import { csvRow } from '../formats/csv-write.ts'
import { FILE_URL, World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { ContactView } from './views/contact.ts'
import type { SourceView, TestView } from './views/source.ts'

const csv = (...rows: string[][]) => rows.map((row) => csvRow(row)).join('')

const HEADER = [
  'Employee no.',
  'Surname',
  'Given name',
  'Cell phone',
  'Home phone',
  'E-mail',
  'Dept',
  'Team',
  'Shoe size',
]
const PEOPLE = [
  ['007', 'O’Brien', 'Ana', '604 555 0100', '604 555 0200', 'ana@example.org', 'Field', 'Search, Rope', '38'],
  ['008', 'Singh', 'Ben', '604 555 0101', '', '', 'Office', 'Search', '44'],
  ['012', 'de la Cruz', 'Zoë', '604 555 0102', '', 'zoe@example.org', 'Field', 'Rope', '40'],
]
const TITLE = ['Staff list, printed for the board']

/** Returns the mapping of an administrator who confirms every suggestion. */
function confirmed({ columns }: TestView): MappingColumn[] {
  return columns.flatMap(({ name, suggestion }) => {
    if (suggestion === null) return []
    const { confidence: _, ...target } = suggestion
    return [{ column: name, ...target }]
  })
}

it('a file with its own headers is imported by the mapping that a connection test suggests', async () => {
  const world = await World.start()
  world.remote = csv(TITLE, HEADER, ...PEOPLE)
  const test = await world.api<TestView>('POST', '/api/sources/test', { connection: { kind: 'https', url: FILE_URL } })
  expect(test).toMatchObject({ ok: false, code: 'header_missing' })
  expect(test.columns.map(({ name }) => name)).toEqual(HEADER)
  expect(test.columns[0]).toEqual({
    name: 'Employee no.',
    samples: ['007', '008', '012'],
    suggestion: { to: 'id', confidence: expect.closeTo(0.94) },
  })
  const mapping = confirmed(test)
  expect(mapping).toEqual([
    { column: 'Employee no.', to: 'id' },
    { column: 'Surname', to: 'lastName' },
    { column: 'Given name', to: 'firstName' },
    { column: 'Cell phone', to: 'number', type: 'mobile' },
    { column: 'Home phone', to: 'number2', type: 'landline' },
    { column: 'E-mail', to: 'email' },
    { column: 'Dept', to: 'organization' },
    { column: 'Team', to: 'groups' },
  ])

  const source = await world.source({ mapping })
  expect(await world.api<TestView>('POST', `/api/sources/${source}/test`, {})).toMatchObject({ ok: true })
  const run = await world.import(source, world.remote)
  expect(run).toMatchObject({ status: 'succeeded', counts: { rows: 3, added: 3, errors: 0, warnings: 0 } })
  const { items } = await world.api<Page<ContactView>>('GET', `/api/contacts?source=${source}&search=brien`)
  expect(items).toEqual([
    expect.objectContaining({
      id: '007',
      name: 'Ana O’Brien',
      firstName: 'Ana',
      lastName: 'O’Brien',
      organization: 'Field',
      numbers: [
        expect.objectContaining({ number: '+16045550100', type: 'mobile' }),
        expect.objectContaining({ number: '+16045550200', type: 'landline' }),
      ],
      emails: ['ana@example.org'],
      groups: ['Rope', 'Search'],
    }),
  ])

  // Another order of columns, and a column that is not mapped, change nothing.
  const moved = [HEADER, ...PEOPLE].map((row, i) => ['new', ...[...row].reverse(), String(i)])
  const again = await world.import(source, csv(...moved))
  expect(again).toMatchObject({ status: 'succeeded', counts: { unchanged: 3, added: 0, updated: 0, removed: 0 } })

  // A missing mapped column fails the run and is named (design: Headers).
  const without = [HEADER, ...PEOPLE].map((row) => row.filter((_, i) => HEADER[i] !== 'Cell phone'))
  const failed = await world.import(source, csv(...without))
  expect(failed).toMatchObject({ status: 'failed', failure: { code: 'header_missing' } })
  expect(failed.failure?.message).toContain('“Cell phone”')
})

it('a mapping must have a name and an ID, and a template source can get a mapping and lose it again', async () => {
  const world = await World.start()
  const source = await world.source()
  const refused = await world.request('PATCH', `/api/sources/${source}`, { mapping: [] })
  expect(refused.status).toBe(400)
  const { errors } = await refused.json<{ errors: unknown[] }>()
  expect(errors).toEqual([
    { path: 'mapping', message: 'Map a column to the name, or to the first and the last name' },
    { path: 'mapping', message: 'Map exactly one column to the ID' },
  ])
  const mapping = [
    { column: 'No', to: 'id' },
    { column: 'Nom', to: 'name' },
  ]
  const given = await world.api<SourceView>('PATCH', `/api/sources/${source}`, { mapping })
  expect(given).toMatchObject({ mapping, mappingVersion: 2 })
  const lost = await world.api<SourceView>('PATCH', `/api/sources/${source}`, { mapping: null })
  expect(lost).toMatchObject({ mapping: null, mappingVersion: 3 })
})
