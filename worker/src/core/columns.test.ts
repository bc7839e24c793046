import { describe, expect, it } from 'vitest'
import { growth } from '../testing/growth.ts'
import { columnNames, findColumns } from './columns.ts'
import { Failure } from './failure.ts'
import type { MappingColumn } from './mapping.ts'
import { TEMPLATE } from './template.ts'

const HEADER = TEMPLATE.map((column) => column.header)
const rowsOf = (...rows: string[][]) => rows.map((cells, i) => ({ number: i + 1, cells }))

function failure(rows: string[][], mapping: MappingColumn[] | null = null): Failure {
  try {
    findColumns(rowsOf(...rows), mapping)
  } catch (error) {
    if (error instanceof Failure) return error
  }
  throw new Error('The header was accepted')
}

describe('the template’s headers', () => {
  it('the template’s headers are found in any order, whatever their case, spacing, star or byte-order mark', () => {
    const written = [
      '\uFEFFid',
      'NAME',
      'organization  name *',
      'Title*',
      ' number',
      'NumberType',
      'number description*',
      'email address',
      'Notification\nPriority',
      'groups',
    ]
    const { used, targets, ...columns } = findColumns(rowsOf(written), null)
    expect(columns).toMatchObject({
      id: 0,
      name: 1,
      texts: [
        { key: 'organization', index: 2, required: null },
        { key: 'title', index: 3, required: null },
      ],
      priority: 8,
      groups: [9],
      emails: [7],
      template: true,
    })
    expect(columns.numbers).toEqual([
      { number: 4, type: 5, fixedType: null, description: 6, country: -1, required: true },
    ])
    const backwards = findColumns(rowsOf([...written].reverse()), null)
    expect(backwards).toMatchObject({ id: 9, name: 8, groups: [0] })
    expect(backwards.targets).toEqual(targets)
    expect(backwards.used.map((index) => 9 - index)).toEqual(used)
  })

  it('a template file may leave out optional columns, and may have unknown columns', () => {
    const columns = findColumns(rowsOf(['Shoe size', 'ID', 'Name', 'Number', 'Number Type', 'Groups']), null)
    expect(columns).toMatchObject({ id: 1, texts: [], emails: [], priority: -1 })
    expect(columns.used).toHaveLength(5)
  })

  it('a template file may number the columns of further numbers and e-mail addresses, whose cells may be blank', () => {
    const header = [...HEADER, 'Number 2', 'Number Type 2', 'Number Description 2*', 'Email Address 2', 'number 10']
    const { numbers, emails } = findColumns(rowsOf(header), null)
    expect(numbers).toEqual([
      { number: 4, type: 5, fixedType: null, description: 6, country: -1, required: true },
      { number: 10, type: 11, fixedType: null, description: 12, country: -1, required: false },
      { number: 14, type: -1, fixedType: null, description: -1, country: -1, required: false },
    ])
    expect(emails).toEqual([7, 13])
  })

  it('the template’s headers may be below a title and blank rows', () => {
    expect(findColumns(rowsOf(['Staff list 2026'], [''], HEADER, ['1']), null).headerRow).toBe(3)
  })
})

describe('a file without the template’s headers', () => {
  it('a file without required headers fails and names each missing header', () => {
    const missing = failure([
      HEADER.filter((header) => header !== 'Number Type' && header !== 'Groups' && header !== 'Title'),
    ])
    expect(missing.code).toBe('header_missing')
    expect(missing.message).toContain('“Number Type”, “Groups”')
    expect(missing.message).not.toContain('Title')
  })

  it('a file with a header twice fails and names the header', () => {
    const twice = failure([[...HEADER, 'groups *']])
    expect([twice.code, twice.message.includes('groups *')]).toEqual(['header_duplicate', true])
  })

  it('a file without rows is empty, and a file without a table is not a contact file', () => {
    expect(failure([]).code).toBe('empty')
    expect(failure([[''], [' ', '']]).code).toBe('empty')
    expect(failure([['<html>'], ['<body>']]).code).toBe('not_a_contact_file')
    expect(failure([['<html>'], ['<p>Sorry', ' an error'], ['</html>']]).code).toBe('not_a_contact_file')
  })

  it('a file of other columns is recognised as a table, even below a title', () => {
    const table = [
      ['Matricule', 'Nom'],
      ['7', 'Ana'],
    ]
    expect(failure(table).code).toBe('header_missing')
    expect(failure([['Staff list 2026'], ...table]).code).toBe('header_missing')
  })
})

describe('a mapping', () => {
  const mapping: MappingColumn[] = [
    { column: 'Contact', to: 'id' },
    { column: 'First', to: 'firstName' },
    { column: 'Last', to: 'lastName' },
    { column: 'Cell', to: 'number', type: 'mobile' },
    { column: 'Home', to: 'number2', type: 'landline' },
    { column: 'Team', to: 'groups' },
    { column: 'Area', to: 'groups' },
    { column: 'Major', to: 'field:major', list: true },
  ]

  it('a mapping decides the target of each column', () => {
    const columns = findColumns(
      rowsOf(['contact', 'LAST', 'First', 'Cell', 'Home', 'Team', 'Area', 'Major', 'Name']),
      mapping,
    )
    expect(columns).toMatchObject({ template: false, id: 0, name: -1, groups: [5, 6] })
    expect(columns.texts).toEqual([
      { key: 'firstName', index: 2, required: 'first_name_blank' },
      { key: 'lastName', index: 1, required: 'last_name_blank' },
    ])
    expect(columns.numbers.map(({ number, fixedType, required }) => [number, fixedType, required])).toEqual([
      [3, 'mobile', false],
      [4, 'landline', false],
    ])
    expect(columns.fields).toEqual([{ key: 'major', index: 7, list: true, translate: null }])
  })

  it('a mapping fails if a mapped column is missing', () => {
    const missing = failure([['Contact', 'First', 'Last', 'Cell', 'Home', 'Team', 'Area']], mapping)
    expect([missing.code, missing.message.includes('“Major”')]).toEqual(['header_missing', true])
  })

  it('of several columns with one header, further ones have a number, and the unmapped ones are named', () => {
    const to = (column: string, target: string) => ({ column, to: target })
    const header = ['ID', 'Name', 'Phone*', 'phone\u00AD', 'Phone (2)', '', ' PHONE', '']
    expect(columnNames(header)).toEqual(['ID', 'Name', 'Phone*', 'phone (3)', 'Phone (2)', '', 'PHONE (4)', ''])
    const own = [to('ID', 'id'), to('Name', 'name'), to('phone', 'number'), to('Phone (4)', 'number2')]
    const columns = findColumns(rowsOf(header), own)
    expect(columns.numbers.map(({ number }) => number)).toEqual([2, 6])
    expect(columns.repeated).toEqual([{ column: 'Phone*', further: ['phone (3)'] }])
    expect(failure([header], [...own, to('Phone (5)', 'number3')]).code).toBe('header_missing')
    expect(findColumns(rowsOf(['ID', 'Name', 'Name']), own.slice(0, 2)).name).toBe(1)
  })

  it('very many columns of one header get their names in time that follows their number', async () => {
    expect(await growth(20_000, (size) => columnNames(Array.from({ length: size }, () => 'x')))).toBeLessThan(32)
  })
})
