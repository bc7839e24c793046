import { describe, expect, it } from 'vitest'
import { openTable } from '../formats/table.ts'
import { type Plan, PlannedDirectory } from '../testing/planned-directory.ts'
import { formatOf, sourceOf } from '../testing/tables.ts'
import type { MappingColumn } from './mapping.ts'

const MAPPING: MappingColumn[] = [
  { column: 'id', to: 'id' },
  { column: 'name', to: 'name' },
  { column: 'title', to: 'title' },
  { column: 'phones', to: 'number', type: 'mobile' },
  { column: 'emails', to: 'email' },
  { column: 'groups', to: 'groups' },
]

const ANA = {
  id: 1,
  name: 'Ana',
  title: 'Lead',
  phones: ['604-555-0100'],
  emails: ['ana@example.org', 'a@example.net'],
  groups: ['Search, Rope', 'Boats'],
}
const BEN = { ...ANA, id: 2, name: 'Ben', phones: '604-555-0101', emails: [], groups: ['Boats, North'] }

function planJson(directory: PlannedDirectory, records: unknown, mapping = MAPPING): Promise<Plan> {
  return directory.planFile(() => openTable(sourceOf(JSON.stringify(records)), formatOf()), { mapping })
}

async function imported(records: unknown): Promise<PlannedDirectory> {
  const directory = new PlannedDirectory()
  directory.apply(await planJson(directory, records))
  return directory
}

function detailsOf(directory: PlannedDirectory, id: string) {
  return [...directory.contacts.values()].find((contact) => contact.id === id)?.details
}

describe('a JSON file as contacts', () => {
  it('lists become e-mails, numbers and groups, whatever delimiters are in their items', async () => {
    const directory = await imported([ANA, BEN])
    expect(detailsOf(directory, '1')).toMatchObject({
      name: 'Ana',
      title: 'Lead',
      numbers: [{ number: '+16045550100' }],
      emails: ['ana@example.org', 'a@example.net'],
      groups: ['boats', 'search, rope'],
    })
    expect(detailsOf(directory, '2')).toMatchObject({ emails: [], groups: ['boats, north'] })
  })

  it('each number in a list of objects has the type and the description of its object', async () => {
    const mapping: MappingColumn[] = [
      { column: 'id', to: 'id' },
      { column: 'name', to: 'name' },
      { column: 'tel.no', to: 'number' },
      { column: 'tel.type', to: 'numberType' },
      { column: 'tel.note', to: 'numberDescription' },
    ]
    const tel = [
      { no: '604-555-0100', type: 'mobile', note: 'own' },
      { no: null, type: 'pager' },
      { no: '604-555-0101', type: 'Landline', note: 'desk, second floor' },
    ]
    const directory = new PlannedDirectory()
    const records = [
      { id: 1, name: 'Ana', tel },
      { id: 2, name: 'Ben', tel: [{ ...tel[2], no: '604-555-0102' }] },
      { id: 3, name: 'Cy', tel: [] },
    ]
    const plan = await planJson(directory, records, mapping)
    expect(plan.reports).toEqual([])
    directory.apply(plan)
    expect(detailsOf(directory, '1')?.numbers).toMatchObject([
      { number: '+16045550100', type: 'mobile', description: 'own' },
      { number: '+16045550101', type: 'landline', description: 'desk, second floor' },
    ])
    expect(detailsOf(directory, '2')?.numbers).toMatchObject([{ type: 'landline', description: 'desk, second floor' }])
    expect(detailsOf(directory, '3')?.numbers).toEqual([])
  })

  it('a single item of a list is one text in a column of one value', async () => {
    const directory = await imported([{ ...ANA, title: ['Lead, North'], name: ['Ana, Example'] }])
    expect(detailsOf(directory, '1')).toMatchObject({ title: 'Lead, North', name: 'Ana, Example' })
  })

  it('a list in the place of an ID is an error', async () => {
    const { planned, reports } = await planJson(new PlannedDirectory(), [ANA, { ...BEN, id: [2, 3] }])
    expect(planned.counts).toMatchObject({ rows: 2, errors: 1, matched: 1 })
    expect(reports).toMatchObject([{ row: 2, problems: [{ code: 'id_unreadable', column: 'id' }] }])
  })

  it('a key that a record lacks leaves what is stored, and null clears it', async () => {
    const directory = await imported([ANA, BEN])
    const { title: _, emails: __, groups: ___, ...absent } = ANA
    const { changes } = await planJson(directory, [absent, { ...BEN, title: null, groups: null }])
    expect(changes).toHaveLength(1)
    expect(changes).toMatchObject([{ id: '2', before: { title: 'Lead' }, after: { title: null, groups: [] } }])
  })

  it('a value that is gone and then null is seen, although both cells look blank', async () => {
    const directory = await imported([ANA, BEN])
    const { title: _, ...absent } = ANA
    directory.apply(await planJson(directory, [absent, BEN]))
    expect(detailsOf(directory, '1')).toMatchObject({ title: 'Lead' })
    directory.apply(await planJson(directory, [{ ...ANA, title: null }, BEN]))
    expect(detailsOf(directory, '1')).toMatchObject({ title: null })
  })

  it('a new contact without a required key is an error, and a known one stays', async () => {
    const directory = await imported([ANA])
    const records = [
      { ...ANA, name: undefined },
      { ...BEN, name: undefined },
      { ...BEN, id: 3 },
    ]
    const { planned, changes } = await planJson(directory, records)
    expect(planned.counts).toMatchObject({ rows: 3, errors: 1, unchanged: 1, added: 1 })
    expect(changes).toMatchObject([{ op: 'add', id: '3' }])
  })

  it('the same records in another notation change nothing', async () => {
    const directory = await imported([ANA, BEN])
    const { id, ...others } = ANA
    const { planned, changes } = await planJson(directory, { data: [{ ...others, more: 1, id }, BEN] })
    expect(planned.counts).toMatchObject({ unchanged: 2, added: 0, updated: 0, removed: 0 })
    expect(changes).toEqual([])
  })

  it('a record that is gone is a contact that is missing', async () => {
    const { changes } = await planJson(await imported([ANA, BEN]), [BEN])
    expect(changes).toMatchObject([{ op: 'remove', id: '1' }])
  })

  it('a record without a value is an error', async () => {
    const { planned, reports } = await planJson(new PlannedDirectory(), [ANA, {}, { id: null }])
    expect(planned.counts).toMatchObject({ rows: 3, errors: 2, added: 1 })
    expect(reports).toMatchObject([{ row: 2 }, { row: 3, problems: [{ code: 'id_blank' }] }])
  })

  it('each record is a contact, even one that looks like a total', async () => {
    const { planned } = await planJson(new PlannedDirectory(), [ANA, { ...BEN, id: 'Total', name: '12', phones: null }])
    expect(planned.counts).toMatchObject({ rows: 2, leftOut: 0, added: 2 })
  })

  it('a mapped key that no record has is named, and no record is taken for a header', async () => {
    const without = [
      { id: 1, name: 'Ana' },
      { id: 'id', name: 'title' },
    ]
    await expect(planJson(new PlannedDirectory(), without)).rejects.toMatchObject({
      code: 'header_missing',
      message: expect.stringContaining('“title”, “phones”, “emails”, “groups”'),
    })
  })

  it.each([{ error: 'timeout' }, {}, { id: '', name: null }])(
    'removals wait if the last record is one of no contact, such as %j, and was none before',
    async (last) => {
      const directory = await imported([ANA, BEN])
      const broken = await planJson(directory, [ANA, last])
      expect(broken.planned).toMatchObject({ counts: { removed: 1, errors: 1 }, doubts: ['closingNew'] })
      expect((await planJson(directory, [last, ANA])).planned.doubts).toEqual([])
      directory.apply(broken)
      expect((await planJson(directory, [ANA, last])).planned.doubts).toEqual([])
    },
  )

  it('an export whose time is older than the one before lets its removals wait', async () => {
    const directory = new PlannedDirectory()
    const plan = (records: unknown, modifiedAt: string) =>
      directory.planFile(() => openTable(sourceOf(JSON.stringify(records)), formatOf()), {
        mapping: MAPPING,
        modifiedAt,
      })
    directory.apply(await plan([ANA, BEN], '2026-11-02T00:00:00.000Z'))
    expect((await plan([BEN], '2026-11-01T00:00:00.000Z')).planned.doubts).toEqual(['older'])
  })
})
