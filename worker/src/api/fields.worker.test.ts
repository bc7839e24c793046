import { beforeEach, describe, expect, it } from 'vitest'
import type { FieldDefinition } from '../core/field.ts'
import { csvRow } from '../formats/csv-write.ts'
import { directory } from '../testing/current.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { ContactView } from './views/contact.ts'
import type { RunView } from './views/run.ts'
import type { SourceView } from './views/source.ts'

const MAPPING = [
  { column: 'Key', to: 'id' },
  { column: 'Name', to: 'name' },
  { column: 'Majors', to: 'field:major' },
]
const MAJOR = { key: 'major', label: 'Major', type: 'text', list: false, required: false }

const csv = (...people: string[][]) => [['Key', 'Name', 'Majors'], ...people].map((row) => csvRow(row)).join('')
const PEOPLE = csv(['1', 'Ana', 'Biology'], ['2', 'Bo', ''], ['3', 'Cy', 'Art; History'])

let world: World
beforeEach(async () => {
  world = await World.start()
})

async function refusal(method: string, path: string, body?: unknown) {
  const response = await world.request(method, path, body)
  const { code, errors, detail } = await response.json<{ code: string; detail: string; errors?: { path: string }[] }>()
  return { status: response.status, code, paths: errors?.map(({ path }) => path) ?? [], detail }
}

const makeField = (field: Partial<FieldDefinition> = {}) =>
  world.api<FieldDefinition>('POST', '/api/fields', { ...MAJOR, ...field })

async function fieldsOf(id: string): Promise<ContactView['fields'] | undefined> {
  const { items } = await world.api<Page<ContactView>>('GET', `/api/contacts?search=${id}`)
  return items.find((contact) => contact.id === id)?.fields
}

/** Creates a source that maps the field, and imports its contacts. */
async function imported(settings: Record<string, unknown> = {}) {
  const source = await world.source({ mapping: MAPPING, limits: NO_LIMITS, ...settings })
  const run = await world.import(source, PEOPLE)
  expect(run).toMatchObject({ status: 'succeeded', counts: { added: 3 } })
  return source
}

describe('a custom field', () => {
  it('a custom field is created, listed, changed and deleted', async () => {
    expect(await world.api('POST', '/api/fields', { key: 'major', label: ' Major ' })).toEqual(MAJOR)
    expect(await world.api('PATCH', '/api/fields/major', { label: 'Major(s)', list: true })).toEqual({
      ...MAJOR,
      label: 'Major(s)',
      list: true,
    })
    await makeField({ key: 'year', label: 'Year', type: 'number', required: true })
    const { items, next } = await world.api<Page<FieldDefinition>>('GET', '/api/fields?limit=1')
    expect([items.map(({ key }) => key), next]).toEqual([['major'], 'major'])
    expect(await world.api('GET', '/api/fields/year')).toMatchObject({ label: 'Year', type: 'number', required: true })
    await world.api('DELETE', '/api/fields/year')
    await world.drain()
    expect((await world.api<Page<FieldDefinition>>('GET', '/api/fields')).items.map(({ key }) => key)).toEqual([
      'major',
    ])
    expect((await world.api<Page<{ action: string }>>('GET', '/api/audit')).items.map(({ action }) => action)).toEqual([
      'field_deleted',
      'field_made',
      'field_changed',
      'field_made',
    ])
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['a key that is no identifier', { key: 'My major' }, 'key'],
    ['a key that objects have anyway', { key: 'constructor' }, 'key'],
    ['no label', { label: ' ' }, 'label'],
    ['a label of the import template', { label: 'email  address' }, 'label'],
    ['another type', { type: 'money' }, 'type'],
  ])('a custom field cannot have %s', async (_, change, path) => {
    expect(await refusal('POST', '/api/fields', { ...MAJOR, ...change })).toMatchObject({ status: 400, paths: [path] })
  })

  it('a custom field has a unique key and a unique label, and its key cannot change', async () => {
    await makeField()
    expect(await refusal('POST', '/api/fields', { ...MAJOR, label: 'Other' })).toMatchObject({
      status: 409,
      code: 'key_taken',
    })
    expect(await refusal('POST', '/api/fields', { ...MAJOR, key: 'other', label: 'MAJOR' })).toMatchObject({
      status: 409,
      code: 'label_taken',
      paths: ['label'],
    })
    expect(await refusal('PATCH', '/api/fields/major', { key: 'other' })).toMatchObject({
      status: 409,
      code: 'key_fixed',
    })
    expect(await refusal('PATCH', '/api/fields/other', {})).toMatchObject({ status: 404 })
  })

  it('a custom field is changed only by an administrator', async () => {
    const { token } = await world.api<{ token: string }>('POST', '/api/tokens', { name: 'M', scopes: ['manager'] })
    const { default: worker } = await import('../index.ts')
    const ask = (method: string) =>
      worker.fetch(
        new Request('https://muster.example.org/api/fields', {
          method,
          headers: { Authorization: `Bearer ${token}` },
          ...(method === 'POST' ? { body: JSON.stringify(MAJOR) } : {}),
        }),
        world.env,
        {} as ExecutionContext,
      )
    expect((await ask('POST')).status).toBe(403)
    expect((await ask('GET')).status).toBe(200)
  })
})

// Seed, Additional Fields: “Note: In order for a field to appear as an option under Mongoose Field, it must first be
// configured on the Fields page.”
it('a source cannot map a field that is not set up yet, and the refusal names the column and the field', async () => {
  const connection = { kind: 'https', url: 'https://files.example.org/contacts.csv' }
  const body = { name: 'Staff', connection, mapping: MAPPING }
  const refused = await refusal('POST', '/api/sources', body)
  expect(refused).toMatchObject({ status: 400, code: 'invalid', paths: ['mapping.2.to'] })
  expect(refused.detail).toContain('“major”')
  await makeField()
  const { id } = await world.api<SourceView>('POST', '/api/sources', body)
  const again = [...MAPPING, { column: 'Year', to: 'field:year' }]
  expect(await refusal('PATCH', `/api/sources/${id}`, { mapping: again })).toMatchObject({ paths: ['mapping.3.to'] })
})

describe('an imported field', () => {
  // Seed, Additional Fields: “The Additional Fields section is where you can determine which fields on the contact
  // record you will bring into Mongoose. The Contact Field text box is where you can enter in the name of the
  // field/attribute you want to import from the contact record in Connect.”
  it('an imported field takes its value from the column that is mapped to it, and from no other', async () => {
    await makeField()
    await makeField({ key: 'year', label: 'Year' })
    await imported()
    expect([await fieldsOf('1'), await fieldsOf('2')]).toEqual([{ major: ['Biology'] }, {}])
  })

  // Seed, Additional Fields: “If the field you are importing allows for multiple values, or would like the display name
  // shown please enable the Has List option (marked YES).”
  it('an imported field takes several values only if Has List is on', async () => {
    await makeField()
    const source = await imported()
    expect(await fieldsOf('3')).toEqual({ major: ['Art; History'] })
    const listed = MAPPING.map((column) => (column.to === 'field:major' ? { ...column, list: true } : column))
    await world.api('PATCH', `/api/sources/${source}`, { mapping: listed })
    expect(await world.import(source, PEOPLE)).toMatchObject({ counts: { updated: 1, unchanged: 2 } })
    expect(await fieldsOf('3')).toEqual({ major: ['Art', 'History'] })
  })

  it('an imported field that is required refuses the rows without it, and their contacts stay as they were', async () => {
    await makeField()
    const source = await imported()
    await world.api('PATCH', '/api/fields/major', { required: true })
    const run = await world.import(source, csv(['1', 'Ana Li', ''], ['2', 'Bo', ''], ['3', 'Cy', 'Art']))
    expect(run).toMatchObject({ status: 'succeeded', counts: { updated: 1, errors: 2, removed: 0 } })
    const { items } = await world.api<Page<Record<string, unknown>>>('GET', `/api/runs/${run.id}/problems`)
    expect(items[0]).toMatchObject({ row: 2, severity: 'error', code: 'field_blank', column: 'Majors' })
    expect(items[0]?.message).toContain('“Major”')
    expect((await directory()).map(({ details }) => details.name)).toEqual(['Ana', 'Bo', 'Cy'])
  })

  it('an imported field is counted separately if many contacts would lose it, and is named by its label', async () => {
    await makeField()
    await makeField({ key: 'year', label: 'Year' })
    const limits = { ...NO_LIMITS, blanked: { percent: 40, atLeast: 2 } }
    const source = await world.source({ mapping: [...MAPPING, { column: 'Y', to: 'field:year' }], limits })
    const people = (major: string) =>
      [['Key', 'Name', 'Majors', 'Y'], ...['1', '2', '3'].map((id) => [id, 'N', major, '1'])]
        .map((row) => csvRow(row))
        .join('')
    await world.import(source, people('Art'))
    const run = await world.import(source, people(''))
    expect(run.hold?.reasons).toEqual([expect.objectContaining({ limit: 'blanked', count: 3, of: 3 })])
    expect(run.hold?.reasons[0]?.message).toContain('“Major”')
  })
})

describe('invariant 6: a field’s definition is a setting of the sources that map it', () => {
  async function held() {
    await makeField()
    const source = await imported({ limits: { ...NO_LIMITS, removed: { percent: 10, atLeast: 2 } } })
    const run = await world.import(source, csv(['1', 'Ana', 'Art']))
    expect(run.status).toBe('held')
    return { source, run }
  }
  const approve = (run: RunView) => refusal('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })

  it.each([{ required: true }, { list: true }])(
    'a plan is stale once its field is %j, and current again when the field is changed back',
    async (change) => {
      const { run } = await held()
      await world.api('PATCH', '/api/fields/major', change)
      expect(await approve(run)).toMatchObject({ status: 409, code: 'plan_stale' })
      await world.api('PATCH', '/api/fields/major', { required: false, list: false })
      await world.api('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    },
  )

  it('a new label, or a change of a field that the source does not map, makes no plan stale', async () => {
    const { run } = await held()
    await makeField({ key: 'year', label: 'Year' })
    await world.api('PATCH', '/api/fields/year', { required: true })
    await world.api('PATCH', '/api/fields/major', { label: 'Majors' })
    await world.api('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
  })

  it('the same bytes are planned again if the definition changes, even while they are being planned', async () => {
    await makeField()
    const source = await imported()
    expect((await world.import(source, PEOPLE)).status).toBe('unchanged')
    await world.api('PATCH', '/api/fields/major', { list: true })
    expect(await world.import(source, PEOPLE)).toMatchObject({ status: 'succeeded', counts: { updated: 1 } })

    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, { mode: 'apply' })
    world.remote = csv(['1', 'Ana', ''], ['2', 'Bo', 'Art'])
    for (let next = world.messages.shift(); next !== undefined; next = world.messages.shift()) {
      if (next.step.step === 'apply') break
      if (next.step.step === 'plan') await world.api('PATCH', '/api/fields/major', { required: true })
      await world.deliver(next.step)
    }
    expect(await world.run(id)).toMatchObject({ status: 'applying', counts: { errors: 1, updated: 1 } })
  })
})

describe('changing the definition of a field with stored values', () => {
  it('a change of a field’s type is refused while contacts have values, with their number', async () => {
    await makeField()
    await imported()
    const refused = await refusal('PATCH', '/api/fields/major', { type: 'number' })
    expect(refused).toMatchObject({ status: 409, code: 'field_in_use' })
    expect(refused.detail).toContain('2 contacts have a value')
  })

  it('a field of any type can become a text', async () => {
    await makeField({ type: 'number' })
    const source = await world.source({ mapping: MAPPING })
    await world.import(source, csv(['1', 'Ana', '07.50']))
    expect(await fieldsOf('1')).toEqual({ major: ['7.5'] })
    expect(await world.api('PATCH', '/api/fields/major', { type: 'text' })).toMatchObject({ type: 'text' })
  })

  it('a list field stays a list while a contact has several values', async () => {
    await makeField({ list: true })
    await imported()
    expect(await refusal('PATCH', '/api/fields/major', { list: false })).toMatchObject({ code: 'field_in_use' })
  })
})

describe('deleting a field', () => {
  it('deleting a field is refused while a source maps it, and the refusal names the source', async () => {
    await makeField()
    await imported({ enabled: true })
    const refused = await refusal('DELETE', '/api/fields/major')
    expect(refused).toMatchObject({ status: 409, code: 'field_mapped' })
    expect(refused.detail).toContain('“Staff”')
  })

  it('deleting a field removes its values from all contacts, with history and a place in the order of changes', async () => {
    await makeField()
    const source = await imported()
    const { items: before } = await world.api<Page<{ cursor: string }>>('GET', '/api/changes')
    await world.api('PATCH', `/api/sources/${source}`, { mapping: MAPPING.slice(0, 2) })
    await world.api('DELETE', '/api/fields/major')
    expect(await refusal('POST', '/api/fields', MAJOR)).toMatchObject({ status: 409, code: 'field_deleting' })
    await world.drain(2)
    expect((await directory()).map(({ details }) => details.fields)).toEqual([{}, {}, {}])
    const { items } = await world.api<Page<{ op: string; contact: ContactView }>>(
      'GET',
      `/api/changes?cursor=${before.at(-1)?.cursor}`,
    )
    expect(items.map(({ op, contact }) => [op, contact.id, contact.fields])).toEqual([
      ['update', '1', {}],
      ['update', '3', {}],
    ])
    const { history } = await world.api<ContactView>('GET', `/api/contacts/${items[0]?.contact.key}`)
    expect(history?.[0]).toMatchObject({ op: 'update', by: 'admin@example.org', changed: ['fields'] })
    await makeField({ type: 'date' })
  })

  it('the sweeper deletes a field whose message is lost', async () => {
    await makeField()
    const source = await imported()
    await world.api('PATCH', `/api/sources/${source}`, { mapping: null, enabled: false })
    await world.api('DELETE', '/api/fields/major')
    world.messages.length = 0
    await world.tick(11)
    await world.drain()
    expect(await fieldsOf('1')).toEqual({})
  })

  it('deleting a field waits for an import that is writing, which cannot bring a value back', async () => {
    await makeField()
    const source = await imported()
    const { id } = await world.api<{ id: string }>('POST', `/api/sources/${source}/runs`, { mode: 'apply' })
    world.remote = csv(['1', 'Ana', 'Physics'], ['2', 'Bo', 'Law'], ['3', 'Cy', 'Art'])
    while (world.messages[0]?.step.step !== 'apply') await world.deliver(world.messages.shift()?.step ?? never())
    await world.api('PATCH', `/api/sources/${source}`, { mapping: MAPPING.slice(0, 2) })
    await world.api('DELETE', '/api/fields/major')
    const [apply, forget] = world.messages.splice(0)
    await world.deliver(forget?.step ?? never())
    expect(world.messages).toEqual([{ step: { step: 'forget', field: 'major' }, delay: 30 }])
    await world.deliver(apply?.step ?? never())
    await world.drain()
    expect((await world.run(id)).status).toBe('succeeded')
    expect((await directory()).map(({ details }) => details.fields)).toEqual([{}, {}, {}])
  })

  it('a deleted field stays deleted when an earlier import is undone', async () => {
    await makeField()
    const source = await imported()
    const gone = await world.import(source, csv(['2', 'Bo', '']))
    await world.api('PATCH', `/api/sources/${source}`, { mapping: MAPPING.slice(0, 2) })
    await world.api('DELETE', '/api/fields/major')
    await world.drain()
    await world.api('POST', `/api/runs/${gone.id}/undo`)
    await world.drain()
    expect((await directory()).map(({ id, details }) => [id, details.fields])).toEqual([
      ['1', {}],
      ['2', {}],
      ['3', {}],
    ])
  })
})

describe('a manual contact', () => {
  beforeEach(async () => {
    await makeField({ list: true })
    await makeField({ key: 'year', label: 'Year', type: 'number', required: true })
    await makeField({ key: 'active', label: 'Active', type: 'boolean' })
    await makeField({ key: 'since', label: 'Since', type: 'date' })
  })
  const ana = (fields: Record<string, unknown>) => ({ id: 'H1', name: 'Ana', fields })

  it('a manual contact has values of the fields’ types, stored as an import stores them', async () => {
    const fields = { year: [' 2,026 '], major: ['Art', 'Law', 'Art', ''], active: ['Yes'], since: ['3/4/2026'] }
    const { key, fields: stored } = await world.api<ContactView>('POST', '/api/contacts', ana(fields))
    expect(stored).toEqual({ active: ['true'], major: ['Art', 'Law'], since: ['2026-03-04'], year: ['2026'] })
    const path = `/api/contacts/${key}`
    const changed = await world.api<ContactView>('PATCH', path, { fields: { active: ['no'], since: null } })
    expect(changed.fields).toEqual({ active: ['false'], major: ['Art', 'Law'], year: ['2026'] })
    expect((await world.api<ContactView>('PATCH', path, { fields: { active: ['No'] } })).history).toHaveLength(2)
  })

  it('a manual contact is exported with its fields by label, in a form that is read back as the same values', async () => {
    const fields = { year: ['2026'], major: ['Art', 'Law'], active: ['yes'] }
    await world.api('POST', '/api/contacts', { ...ana(fields), groups: ['Rope'] })
    const csv = await (await world.request('GET', '/api/contacts.csv')).text()
    const [header, row] = csv.trim().split('\r\n')
    expect(header?.endsWith(',Active,Major,Since,Year')).toBe(true)
    expect(row?.endsWith(',Yes,Art; Law,,2026')).toBe(true)
  })

  it.each<[string, Record<string, unknown>, string[]]>([
    ['nothing in a required field', {}, ['fields.year']],
    ['a word for a number', { year: ['two'] }, ['fields.year']],
    ['two values where one fits', { year: ['1', '2'] }, ['fields.year']],
    ['a field that does not exist', { year: ['1'], shoe: ['38'] }, ['fields.shoe']],
    ['wrong dates and answers', { year: ['1'], active: ['maybe'], since: ['soon'] }, ['fields.active', 'fields.since']],
  ])('a manual contact is refused with %s, by path', async (_, fields, paths) => {
    expect(await refusal('POST', '/api/contacts', ana(fields))).toMatchObject({ status: 400, code: 'invalid', paths })
  })

  it('a manual contact is checked only where it changes: stored values stay, a required value cannot be cleared', async () => {
    const { key } = await world.api<ContactView>('POST', '/api/contacts', ana({ year: ['1'] }))
    const path = `/api/contacts/${key}`
    expect(await refusal('PATCH', path, { fields: { year: [] } })).toMatchObject({ paths: ['fields.year'] })
    await world.api('PATCH', '/api/fields/active', { required: true })
    expect(await world.api('PATCH', path, { title: 'Lead' })).toMatchObject({ title: 'Lead', fields: { year: ['1'] } })
  })
})

function never(): never {
  throw new Error('A message is missing')
}
