import { describe, expect, it } from 'vitest'
import { eachText, TEXT_KEYS } from '../core/attributes.ts'
import type { MappingColumn } from '../core/mapping.ts'
import { csvRow } from '../formats/csv-write.ts'
import { FILE_URL, World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { ContactView } from './views/contact.ts'
import type { SourceView, TestView } from './views/source.ts'

const NAMED = { id: 'E1', name: 'Ana Li', groups: ['Rope'] }
const TEXTS = eachText((key) => `Some ${key}`)

describe('a contact of the API', () => {
  it('a contact stores each text it is given, keeps it when another text changes, and loses it by null', async () => {
    const world = await World.start()
    const { key } = await world.api<ContactView>('POST', '/api/contacts', { ...NAMED, ...TEXTS })
    const path = `/api/contacts/${key}`
    expect(await world.api<ContactView>('GET', path)).toMatchObject({ ...NAMED, ...TEXTS })
    for (const text of TEXT_KEYS) {
      const changed = await world.api<ContactView>('PATCH', path, { [text]: 'Another' })
      expect(changed).toMatchObject({ ...NAMED, ...TEXTS, [text]: 'Another' })
      expect(changed.history?.[0]).toMatchObject({ op: 'update', changed: [text], before: { [text]: TEXTS[text] } })
      expect(await world.api<ContactView>('PATCH', path, { [text]: null })).toMatchObject({ ...NAMED, [text]: null })
      await world.api('PATCH', path, { [text]: TEXTS[text] })
    }
    const bare = await world.api<ContactView>('POST', '/api/contacts', { ...NAMED, id: 'E2' })
    expect(bare).toMatchObject(eachText(() => null))
  })
})

describe('the export of all contacts', () => {
  const targets = ['id', 'name', 'number', 'numberType', 'email', 'groups', 'field:own', ...TEXT_KEYS]
  const mapping: MappingColumn[] = targets.map((to) => ({ column: to, to }))
  const rowOf = (id: string, last: string, number: string) => [
    ...[id, `Ana ${last}`, number, 'mobile', `${id}@example.org`, 'Rope', `own of ${id}`],
    ...TEXT_KEYS.map((key) => (key === 'firstName' ? 'Ana' : key === 'lastName' ? last : `${key} of ${id}`)),
  ]
  const people = [rowOf('E1', 'Li', '6045550101'), rowOf('E2', 'Day', '6045550102')]
  const file = [targets, ...people].map((row) => csvRow(row)).join('')
  const contactsOf = async (world: World) => {
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts')
    return items.map(({ key: _, sourceId: _source, updatedAt: _at, ...contact }) => contact)
  }
  const exported = async (world: World) => (await world.request('GET', '/api/contacts.csv')).text()

  async function startWith(field: string): Promise<World> {
    const world = await World.start()
    await world.api('POST', '/api/fields', { key: 'own', label: field })
    return world
  }

  it('an export is read like the template: it changes nothing, and texts without a column in the template stay', async () => {
    const world = await startWith('First name')
    const source = await world.source({ mapping })
    expect(await world.import(source, file)).toMatchObject({ status: 'succeeded', counts: { added: 2, errors: 0 } })
    const before = await contactsOf(world)
    await world.api<SourceView>('PATCH', `/api/sources/${source}`, { mapping: null })
    const csv = await exported(world)
    expect(csv.split('\r\n')[0]).toContain(',First name,Last name,')
    expect(csv.split('\r\n')[0]?.endsWith(',First name (own)')).toBe(true)
    const again = await world.import(source, csv)
    expect(again).toMatchObject({ status: 'succeeded', counts: { unchanged: 2, updated: 0, errors: 0, warnings: 0 } })
    expect(await contactsOf(world)).toEqual(before)
  })

  it('an export gives an empty directory the same contacts by the mapping that a connection test suggests', async () => {
    const world = await startWith('Shoe size')
    const first = await world.source({ mapping })
    await world.import(first, file)
    const [before, csv] = [await contactsOf(world), await exported(world)]
    expect(before[0]).toMatchObject({ organization: 'organization of E1', fields: { own: ['own of E1'] } })
    await world.api('DELETE', `/api/sources/${first}?contacts=remove`)
    expect(await contactsOf(world)).toEqual([])

    world.remote = csv
    const connection = { kind: 'https', url: FILE_URL }
    const { columns } = await world.api<TestView>('POST', '/api/sources/test', { connection })
    const suggested = columns.flatMap(({ name, suggestion }): MappingColumn[] => {
      if (suggestion === null) return []
      const { confidence: _, ...target } = suggestion
      return [{ column: name, ...target }]
    })
    expect(suggested.map(({ to }) => to)).toEqual(expect.arrayContaining([...TEXT_KEYS, 'field:own']))
    const run = await world.import(await world.source({ mapping: suggested }), csv)
    expect(run).toMatchObject({ status: 'succeeded', counts: { added: 2, errors: 0 } })
    expect(await contactsOf(world)).toEqual(before)
  })
})
