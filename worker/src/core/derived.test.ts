import { describe, expect, it } from 'vitest'
import { growth } from '../testing/growth.ts'
import { PlannedDirectory, type PlanOptions } from '../testing/planned-directory.ts'
import { Failure } from './failure.ts'
import type { MappingColumn } from './mapping.ts'

const ID = { column: 'ID', to: 'id' }
const NAME = { column: 'Name', to: 'name' }

/** Imports rows with one further column, and returns what the first contact becomes and what is wrong with it. */
async function imported(
  header: readonly string[],
  row: readonly string[],
  mapping: MappingColumn[],
  options: PlanOptions = {},
) {
  const directory = new PlannedDirectory()
  const { reports } = await directory.import([header, row], { mapping, ...options })
  const problems = reports.flatMap(({ problems: all }) =>
    all.map(({ severity, code, column, value }) => ({ severity, code, column, value })),
  )
  const [contact = null] = directory.contacts.values()
  return { contact, details: contact?.details ?? null, problems }
}

describe('a target that is joined from columns', () => {
  const PARTS: MappingColumn[] = [ID, { columns: ['First', 'Last'], to: 'name' }]
  it.each([
    ['Ana', 'Lee', 'Ana Lee'],
    [' Ana ', '\u00A0Lee', 'Ana Lee'],
    ['Ana', '', 'Ana'],
    ['', 'Lee', 'Lee'],
    ['Ana', '\u200B', 'Ana'],
    ['Ana\nMaria', 'Lee', 'Ana Maria Lee'],
  ])('%j and %j make %j', async (first, last, name) => {
    const { details, problems } = await imported(['ID', 'First', 'Last'], ['a', first, last], PARTS)
    expect(details?.name).toBe(name)
    expect(problems).toEqual([])
  })

  it('blank parts leave no doubled separator, whichever part is blank', async () => {
    const mapping: MappingColumn[] = [ID, NAME, { columns: ['A', 'B', 'C'], join: ', ', to: 'organization' }]
    const header = ['ID', 'Name', 'A', 'B', 'C']
    for (const [parts, whole] of [
      [['x', 'y', 'z'], 'x, y, z'],
      [['x', '', 'z'], 'x, z'],
      [['', ' ', 'z'], 'z'],
      [['', '', ''], null],
    ] as const) {
      const { details } = await imported(header, ['a', 'Ana', ...parts], mapping)
      expect(details?.organization).toBe(whole)
    }
  })

  it('a name whose parts are all blank is an error that names both columns', async () => {
    const { contact, problems } = await imported(['ID', 'First', 'Last'], ['a', '', ' '], PARTS)
    expect(contact).toBeNull()
    expect(problems).toEqual([{ severity: 'error', code: 'name_blank', column: 'First + Last', value: null }])
  })

  it('a part that stands for a blank is left out and named at its own column', async () => {
    const { details, problems } = await imported(['ID', 'First', 'Last'], ['a', 'Ana', 'n/a'], PARTS)
    expect(details?.name).toBe('Ana')
    expect(problems).toEqual([{ severity: 'warning', code: 'placeholder', column: 'Last', value: 'n/a' }])
  })

  it('a part that Excel could not calculate makes the whole value unreadable', async () => {
    const { contact, problems } = await imported(['ID', 'First', 'Last'], ['a', 'Ana', '#N/A'], PARTS)
    expect(contact).toBeNull()
    expect(problems).toMatchObject([{ severity: 'error', code: 'excel_error', column: 'First + Last' }])
  })

  it('each of the columns must be in the file', async () => {
    const missing = imported(['ID', 'First'], ['a', 'Ana'], PARTS)
    await expect(missing).rejects.toMatchObject({ code: 'header_missing', message: 'The file has no column “Last”.' })
    await expect(missing).rejects.toBeInstanceOf(Failure)
  })

  it('an ID of two columns identifies a contact, is never repaired, and needs one of the two', async () => {
    const mapping: MappingColumn[] = [{ columns: ['Site', 'No'], join: '-', to: 'id' }, NAME]
    const header = ['Site', 'No', 'Name']
    const directory = new PlannedDirectory()
    const staff = [
      ['north', '007', 'Ana'],
      ['south', '007', 'Bo'],
      ['', '008', 'Cy'],
    ]
    await directory.import([header, ...staff], { mapping })
    expect([...directory.contacts.values()].map(({ id }) => id)).toEqual(['north-007', 'south-007', '008'])
    const again = await directory.import([header, ...staff, ['north', '007', 'Ana'], ['', '', 'Dee']], { mapping })
    expect(again.planned.counts).toMatchObject({ unchanged: 3, added: 0, errors: 1, withoutId: 1 })
    expect(again.reports.at(-1)?.problems).toMatchObject([{ row: 6, code: 'id_blank', column: 'Site + No' }])
  })

  it('a change in any of its columns is seen', async () => {
    const directory = new PlannedDirectory()
    const sheet = (last: string) => [
      ['ID', 'First', 'Last'],
      ['a', 'Ana', last],
    ]
    await directory.import(sheet('Lee'), { mapping: PARTS })
    const { changes } = await directory.import(sheet('Ray'), { mapping: PARTS })
    expect(changes).toMatchObject([{ op: 'update', after: { name: 'Ana Ray' } }])
  })

  it('a row that ends before one of its columns leaves what is stored', async () => {
    const mapping: MappingColumn[] = [ID, NAME, { columns: ['A', 'B'], to: 'title' }]
    const directory = new PlannedDirectory()
    const sheet = (...row: string[]) => [['ID', 'Name', 'A', 'B'], row, ['b', 'Bo', 'x', 'y'], ['c', 'Cy', 'x', 'y']]
    await directory.import(sheet('a', 'Ana', 'Team', 'Lead'), { mapping })
    const { planned } = await directory.import(sheet('a', 'Ana', 'Crew'), { mapping })
    expect(planned.counts).toMatchObject({ updated: 0, warnings: 1 })
    expect([...directory.contacts.values()].find(({ id }) => id === 'a')?.details.title).toBe('Team Lead')
  })
})

describe('a target with a constant', () => {
  it('each contact has the value, and a group beside those of the file', async () => {
    const { details, problems } = await imported(
      ['ID', 'Name', 'Phone', 'Team'],
      ['a', 'Ana', '6045550101', 'Rope'],
      [
        ID,
        NAME,
        { column: 'Phone', to: 'number' },
        { constant: 'Land line', to: 'numberType' },
        { column: 'Team', to: 'groups' },
        { constant: 'Staff, All', to: 'groups' },
        { constant: 'North Shore', to: 'organization' },
        { constant: 'low', to: 'priority' },
        { constant: 'fr', to: 'language' },
        { constant: 'jdoe', to: 'assignedUser' },
      ],
    )
    expect(problems).toEqual([])
    expect(details).toMatchObject({
      organization: 'North Shore',
      priority: 'low',
      groups: ['all', 'rope', 'staff'],
      numbers: [{ number: '+16045550101', type: 'landline' }],
      language: 'fr',
      assignedUser: 'jdoe',
    })
  })

  it('a type for a number that a row does not have is no problem', async () => {
    const { problems, details } = await imported(
      ['ID', 'Name', 'Phone'],
      ['a', 'Ana', ''],
      [ID, NAME, { column: 'Phone', to: 'number2' }, { constant: 'mobile', to: 'numberType2' }],
    )
    expect(problems).toEqual([])
    expect(details?.numbers).toEqual([])
  })

  it('a row that is shorter than the header has the constant too', async () => {
    const mapping: MappingColumn[] = [ID, NAME, { constant: 'Staff', to: 'title' }, { column: 'X', to: 'organization' }]
    const { details } = await imported(['ID', 'Name', 'X'], ['a', 'Ana', ''], mapping)
    expect(details?.title).toBe('Staff')
  })
})

describe('values that are turned into others', () => {
  const translated = (to: string, values: Record<string, string>, cell: string, more: Partial<PlanOptions> = {}) =>
    imported(
      ['ID', 'Name', 'X', 'Phone'],
      ['a', 'Ana', cell, '6045550101'],
      [ID, NAME, { column: 'Phone', to: 'number' }, { column: 'X', to, values }],
      more,
    )

  it.each([
    ['Cell', 'mobile'],
    ['CELL ', 'mobile'],
    ['\u00A0ce\u00ADll', 'mobile'],
    ['0', 'pager'],
    ['', 'landline'],
    [' \u200B', 'landline'],
  ])('the type %j becomes %s', async (cell, type) => {
    const { details, problems } = await translated('numberType', { cell: 'mobile', '0': 'pager', '': 'landline' }, cell)
    expect(problems).toEqual([])
    expect(details?.numbers).toMatchObject([{ type }])
  })

  it('a value that is not named stays, and is reported as the file has it', async () => {
    const { problems } = await translated('numberType', { cell: 'mobile' }, 'carrier pigeon')
    expect(problems).toEqual([
      { severity: 'warning', code: 'number_type_unknown', column: 'X', value: 'carrier pigeon' },
    ])
  })

  it('a result that is no value either is reported beside the cell', async () => {
    const { problems } = await translated('priority', { A: 'very high' }, 'a')
    expect(problems).toEqual([{ severity: 'warning', code: 'priority_unknown', column: 'X', value: 'a' }])
  })

  it('a value is turned once: two values can be exchanged', async () => {
    const values = { Lead: 'Deputy', deputy: 'Lead' }
    expect((await translated('title', values, 'lead')).details?.title).toBe('Deputy')
    expect((await translated('title', values, 'Deputy')).details?.title).toBe('Lead')
  })

  it('a value that becomes blank clears the attribute without a warning', async () => {
    const { details, problems } = await translated('organization', { 'N/A': '', unknown: '' }, 'n/a')
    expect([details?.organization, problems]).toEqual([null, []])
  })

  it.each<[string, string[]]>([
    ['SR', ['rope', 'search']],
    ['sr, Air', ['air', 'rope', 'search']],
    ['Air,, x', ['air', 'x']],
    ['Air\nSR', ['air', 'rope', 'search']],
    ['A, B\nx', ['a, b', 'x']],
    ['Air|SR', ['air', 'rope', 'search']],
    ['Air ::: sr', ['air', 'rope', 'search']],
    ['["SR", "x, y"]', ['rope', 'search', 'x, y']],
    ['gone', []],
    ['gone, Air', ['air']],
    ['', ['everybody']],
    ['both', ['one, two']],
    ['SRX', ['srx']],
  ])('of the groups %j each is turned by itself', async (cell, groups) => {
    const values = { sr: 'Search, Rope', gone: '', '': 'Everybody', 'a, b': 'never', both: 'One, Two' }
    const { details, problems } = await translated('groups', values, cell)
    expect(problems).toEqual([])
    const expected = cell === 'both' ? ['one', 'two'] : cell.startsWith('A, B') ? ['never', 'x'] : groups
    expect(details?.groups).toEqual(expected)
  })

  it('each value of a field that is a list is turned by itself, and a field with one value as a whole', async () => {
    const field = { key: 'major', label: 'Major', type: 'text', required: false } as const
    const values = { bio: 'Biology', math: 'Mathematics' }
    const several = await translated('field:major', values, 'BIO; math; Art', { fields: [{ ...field, list: true }] })
    expect(several.details?.fields).toEqual({ major: ['Biology', 'Mathematics', 'Art'] })
    const one = await translated('field:major', values, 'BIO; math', { fields: [{ ...field, list: false }] })
    expect(one.details?.fields).toEqual({ major: ['BIO; math'] })
    const whole = await translated('field:major', values, ' Bio', { fields: [{ ...field, list: false }] })
    expect(whole.details?.fields).toEqual({ major: ['Biology'] })
  })

  it('a yes and a no of another system fit a field of that type', async () => {
    const field = { key: 'active', label: 'Active', type: 'boolean', required: false, list: false } as const
    const { details } = await translated('field:active', { A: 'yes', I: 'no' }, 'i', { fields: [field] })
    expect(details?.fields).toEqual({ active: ['false'] })
  })

  it('joined columns are turned as a whole', async () => {
    const { details } = await imported(
      ['ID', 'Name', 'A', 'B'],
      ['a', 'Ana', 'Field', 'Ops'],
      [ID, NAME, { columns: ['A', 'B'], join: '/', to: 'organization', values: { 'FIELD/ops': 'Operations' } }],
    )
    expect(details?.organization).toBe('Operations')
  })

  it('two columns of groups have values of their own', async () => {
    const { details } = await imported(
      ['ID', 'Name', 'A', 'B'],
      ['a', 'Ana', '1', '1'],
      [
        ID,
        NAME,
        { column: 'A', to: 'groups', values: { '1': 'Rope' } },
        { column: 'B', to: 'groups', values: { '1': 'Search' } },
      ],
    )
    expect(details?.groups).toEqual(['rope', 'search'])
  })

  it('a cell of very many groups is turned in time that follows its length', async () => {
    const run = (size: number) =>
      translated('groups', { a: 'b' }, Array.from({ length: size }, (_, i) => (i % 3 === 0 ? 'a' : '')).join(','))
    expect(await growth(20_000, run)).toBeLessThan(32)
  })
})

describe('with what else a file can have', () => {
  it('a constant country and a translated one are the countries of numbers', async () => {
    const { details, problems } = await imported(
      ['ID', 'Name', 'A', 'B', 'Land'],
      ['a', 'Ana', '030 901820', '01 42 68 53 00', 'F'],
      [
        ID,
        NAME,
        { column: 'A', to: 'number' },
        { constant: 'Germany', to: 'numberCountry' },
        { column: 'B', to: 'number2' },
        { column: 'Land', to: 'numberCountry2', values: { F: 'FR' } },
      ],
    )
    expect(problems).toEqual([])
    expect(details?.numbers.map(({ number }) => number)).toEqual(['+4930901820', '+33142685300'])
  })

  it('further columns of one header are joined by their names', async () => {
    const { details } = await imported(
      ['ID', 'Name', 'Name'],
      ['a', 'Ana', 'Lee'],
      [ID, { columns: ['Name', 'Name (2)'], to: 'name' }],
    )
    expect(details?.name).toBe('Ana Lee')
  })

  it('a row that ends before a number leaves the numbers, although their type is a constant', async () => {
    const mapping: MappingColumn[] = [
      ID,
      NAME,
      { column: 'Phone', to: 'number' },
      { constant: 'landline', to: 'numberType' },
    ]
    const directory = new PlannedDirectory()
    const sheet = (...row: string[]) => [['ID', 'Name', 'Phone'], row, ['b', 'Bo', ''], ['c', 'Cy', '']]
    await directory.import(sheet('a', 'Ana', '6045550101'), { mapping })
    const { planned } = await directory.import(sheet('a', 'Ana'), { mapping })
    expect(planned.counts).toMatchObject({ updated: 0, warnings: 1 })
  })
})
