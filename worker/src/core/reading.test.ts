import { describe, expect, it } from 'vitest'
import { cellsOf, HEADER, type Person } from '../testing/roster.ts'
import { TEXT_KEYS } from './attributes.ts'
import { findColumns } from './columns.ts'
import { detailsWith, merge, type NumberType } from './contact.ts'
import type { FromColumn } from './mapping.ts'
import type { ReadingRules } from './reading/one-contact.ts'
import { contactReader } from './reading.ts'
import { nameInRow, type Row } from './row.ts'

const rulesOf = (
  header: readonly string[],
  mapping: FromColumn[] | null = null,
  fields: ReadingRules['fields'] = new Map(),
) => ({
  columns: findColumns([{ number: 1, cells: header }], mapping),
  defaultCountry: 'US',
  fields,
  userIds: null,
  smsStatus: { optedIn: 'Y', optedOut: 'N', emptyMeansOptedIn: false },
  shared: null,
  ignoredRow: null,
})
const TEMPLATE_RULES = rulesOf(HEADER)

function readContact(id: string, rows: Row[], rules: ReadingRules, fresh: boolean) {
  return contactReader(rules, null)(id, rows, fresh)
}

/** Reads template rows of the ID `a`, from row 2. */
function read(...rows: Omit<Person, 'ID'>[]) {
  const cells = rows.map((row, i) => ({
    number: i + 2,
    cells: cellsOf({ Name: 'Ana', Number: '6045550101', Groups: 'Rope', ...row, ID: 'a' }),
  }))
  return readContact('a', cells, TEMPLATE_RULES, false)
}
const problems = (...rows: Omit<Person, 'ID'>[]) =>
  read(...rows).problems.map(({ row, severity, code, column }) => `${row} ${severity} ${code} ${column}`)

describe('a row of a template file', () => {
  it('a template row becomes a contact', () => {
    const { provided, failed } = read({
      Name: ' Ana  O’Brien ',
      'Organization Name': 'North Shore Rescue',
      Title: 'Team Lead',
      Number: '(604) 555-0101 ext. 7',
      'Number Type': 'Landline',
      'Number Description': 'work',
      'Email Address': 'Ana@Example.org',
      'Notification Priority': 'high',
      Groups: 'Search, Rope , search',
    })
    expect(failed).toBe(false)
    expect(provided).toMatchObject({
      organization: 'North Shore Rescue',
      title: 'Team Lead',
      numbers: [{ number: '+16045550101', type: 'landline', description: 'work', extension: '7' }],
      emails: ['Ana@example.org'],
      priority: 'high',
      groups: ['rope', 'search'],
    })
  })

  it.each<[string, Omit<Person, 'ID'>, string]>([
    ['name', { Name: '' }, '2 error name_blank Name'],
    ['name', { Name: 'n/a' }, '2 error name_blank Name'],
    ['number', { Number: '' }, '2 error number_blank Number'],
    ['number', { Number: '6.04555E+09' }, '2 error number_lost_digits Number'],
    ['number type', { 'Number Type': '' }, '2 error number_type_blank Number Type'],
    ['number type', { 'Number Type': 'fax' }, '2 error number_type_unknown Number Type'],
    ['groups', { Groups: '' }, '2 error groups_blank Groups'],
  ])('a template row has an error if its %s is blank or unreadable (%o)', (_, row, problem) => {
    expect(problems(row)).toEqual([problem])
    expect(read(row)).toMatchObject({ failed: true, provided: {} })
  })

  it('a template row has a warning for any other unreadable cell, and the stored value stays', () => {
    const { provided, failed, problems } = read({
      'Email Address': 'ana(at)example',
      'Notification Priority': 'urgent',
      Title: '#REF!',
    })
    expect(failed).toBe(false)
    expect(problems.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning'])
    for (const attribute of ['emails', 'priority', 'title']) expect(provided).not.toHaveProperty(attribute)
  })

  it('several numbers in a cell of the template are read one by one', () => {
    expect(read({ Number: '604-555-0101, 604-555-0102', 'Number Description': 'work' })).toMatchObject({
      failed: false,
      problems: [],
      provided: {
        numbers: [
          { number: '+16045550101', type: 'mobile', description: 'work' },
          { number: '+16045550102', type: 'mobile', description: 'work' },
        ],
      },
    })
    expect(problems({ Number: '604-555-0101/0102' })).toEqual(['2 error number_several Number'])
  })

  it('the good part of a list replaces the stored values, and a warning names the other part', () => {
    const { provided, problems } = read({ 'Email Address': 'ana@example.org; ana(at)example' })
    expect(problems.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['warning email_unreadable'])
    expect(provided.emails).toEqual(['ana@example.org'])
  })

  it('a blank cell clears the stored value, and a placeholder is read as blank with a warning', () => {
    expect(read({ Title: '', 'Email Address': '', 'Notification Priority': '' }).provided).toMatchObject({
      title: null,
      emails: [],
      priority: 'normal',
    })
    expect(read({ Title: 'none' }).provided.title).toBeNull()
    expect(problems({ Title: 'none' })).toEqual(['2 warning placeholder Title'])
  })

  it('a template row provides nothing for a column that the file does not have', () => {
    const { provided } = readContact(
      'a',
      [{ number: 2, cells: ['a', 'Ana', '6045550101', 'mobile', 'Rope'] }],
      rulesOf(['ID', 'Name', 'Number', 'Number Type', 'Groups']),
      false,
    )
    expect(Object.keys(provided).sort()).toEqual(['groups', 'name', 'numbers'])
  })

  it('a new contact gets every value that could be read, because nothing is stored', () => {
    const cells = cellsOf({ ID: 'a', 'Notification Priority': 'urgent' })
    expect(readContact('a', [{ number: 2, cells }], TEMPLATE_RULES, true).provided.priority).toBe('normal')
  })

  it('a report has the name of the person in a row, from one column or two', () => {
    const mapping: FromColumn[] = ['id', 'firstName', 'lastName', 'email'].map((to) => ({ column: to, to }))
    const rules = rulesOf(['id', 'firstName', 'lastName', 'email'], mapping)
    const row = { number: 2, cells: ['a', 'Ana ', 'Li', 'nobody'] }
    expect(readContact('a', [row], rules, false).problems).toMatchObject([{ name: 'Ana Li', column: 'email' }])
    expect(nameInRow({ number: 2, cells: ['', '', 'Li'] }, rules.columns)).toBe('Li')
    expect(nameInRow({ number: 2, cells: ['a', ' '] }, rules.columns)).toBeNull()
    expect(nameInRow({ number: 2, cells: cellsOf({ ID: 'a', Name: ' Ana Li ' }) }, TEMPLATE_RULES.columns)).toBe(
      'Ana Li',
    )
  })

  it('a report has cells as the file has them, cut to 200 characters, with the person’s name', () => {
    const [problem] = read({ Name: 'Ana', Number: 'x'.repeat(300) }).problems
    expect(problem).toMatchObject({ id: 'a', name: 'Ana', value: 'x'.repeat(200), row: 2 })
  })
})

describe('several rows of one ID', () => {
  it('several rows of one ID add numbers, e-mails and groups, in the order of the rows', () => {
    const { provided } = read(
      { Number: '6045550102', 'Email Address': 'b@example.org', Groups: 'Search' },
      { Number: '6045550101', 'Email Address': 'a@example.org', Groups: 'Rope' },
      { Number: '604-555-0102', 'Email Address': 'B@example.org', Groups: 'SEARCH' },
    )
    expect(provided.numbers?.map(({ number }) => number)).toEqual(['+16045550102', '+16045550101'])
    expect(provided.emails).toEqual(['b@example.org', 'a@example.org'])
    expect(provided.groups).toEqual(['rope', 'search'])
  })

  it('conflicting rows of one ID are all errors that name each row, whatever the order of the rows', () => {
    const rows = [{ Title: 'Lead' }, { Title: 'Searcher' }, { Title: 'Searcher' }]
    for (const order of [rows, [...rows].reverse()]) {
      expect(problems(...order)).toEqual([2, 3, 4].map((row) => `${row} error rows_contradict Title`))
      expect(read(...order).problems[0]?.message).toContain('Rows 2, 3 and 4')
    }
  })

  it('rows of one ID can conflict in a name, an organization, a priority, and the type or description of the same number', () => {
    for (const header of ['Name', 'Organization Name'] as const)
      expect(problems({ [header]: 'A' }, { [header]: 'B' })).toHaveLength(2)
    expect(problems({ 'Notification Priority': 'High' }, { 'Notification Priority': 'Low' })).toHaveLength(2)
    expect(problems({ 'Number Type': 'mobile' }, { 'Number Type': 'pager' })).toEqual(
      [2, 3].map((row) => `${row} error rows_contradict Number Type`),
    )
    expect(problems({ 'Number Description': 'work' }, { 'Number Description': 'home' })).toHaveLength(2)
  })

  it('a blank cell conflicts with no other row, wherever it is', () => {
    for (const order of [
      [{ Title: 'Lead', 'Number Description': 'work' }, {}],
      [{}, { Title: 'Lead', 'Number Description': 'work' }],
    ]) {
      expect(read(...order)).toMatchObject({
        failed: false,
        provided: { title: 'Lead', numbers: [{ description: 'work' }] },
      })
    }
    const three = [{}, { 'Number Description': 'work' }, { 'Number Description': 'home' }]
    expect(problems(...three)).toEqual([3, 4].map((row) => `${row} error rows_contradict Number Description`))
  })

  it('an error in any row of an ID fails all rows of the ID', () => {
    expect(read({}, { Number: 'tel' })).toMatchObject({ failed: true, provided: {} })
  })
})

describe('an ID that a spreadsheet shortened', () => {
  const named = (id: string, fresh: boolean) =>
    readContact(
      id,
      [{ number: 2, cells: cellsOf({ ID: id, Name: 'Ana', Number: '6045550101', Groups: 'Rope' }) }],
      TEMPLATE_RULES,
      fresh,
    )

  it('is no ID of a new contact', () => {
    expect(named('1.23457E+11', true)).toMatchObject({
      failed: true,
      problems: [{ row: 2, severity: 'error', code: 'id_lost_digits', column: 'ID', value: '1.23457E+11' }],
    })
    expect(named('1E5', true)).toMatchObject({ failed: false, problems: [] })
  })

  it('stays the ID of a contact that the directory has', () => {
    expect(named('1.23457E+11', false)).toMatchObject({ failed: false, problems: [] })
  })
})

describe('a row of a mapped file', () => {
  const mapping: FromColumn[] = [
    { column: 'Key', to: 'id' },
    { column: 'First', to: 'firstName' },
    { column: 'Last', to: 'lastName' },
    { column: 'Cell', to: 'number' },
    { column: 'Kind', to: 'numberType' },
    { column: 'Team', to: 'groups' },
    { column: 'Majors', to: 'field:major' },
    { column: 'Badge', to: 'field:badge' },
  ]
  const field = { label: '', type: 'text', list: false, required: false } as const
  const fields: ReadingRules['fields'] = new Map([
    ['major', { ...field, key: 'major', label: 'Major', list: true }],
    ['badge', { ...field, key: 'badge', label: 'Badge', required: true }],
  ])
  const rules = rulesOf(
    mapping.map(({ column }) => column),
    mapping,
    fields,
  )
  const one = (cells: string[], ...more: string[][]) =>
    readContact(
      'a',
      [cells, ...more].map((row, i) => ({ number: i + 2, cells: row })),
      rules,
      false,
    )

  it('a mapped row needs only its first name, last name and required fields', () => {
    expect(one(['a', 'Ana', 'Li', '', '', '', '', '7'])).toMatchObject({
      failed: false,
      provided: {
        name: 'Ana Li',
        firstName: 'Ana',
        lastName: 'Li',
        numbers: [],
        groups: [],
        fields: { major: [], badge: ['7'] },
      },
    })
    expect(one(['a', '', '', '', '', '', '', '']).problems.map(({ code }) => code)).toEqual([
      'first_name_blank',
      'last_name_blank',
      'field_blank',
    ])
  })

  it('the stored numbers stay if one number in the file cannot be read', () => {
    const { failed, provided, problems } = one(['a', 'Ana', 'Li', 'tel', 'mobile', '', '', '7'])
    expect([failed, problems.map(({ severity }) => severity)]).toEqual([false, ['warning']])
    expect(provided).not.toHaveProperty('numbers')
  })

  it('the numbers of one cell have the type and the description of the row', () => {
    const { provided, problems } = one(['a', 'Ana', 'Li', '604-555-0101 / 604-555-0102', 'pager', '', '', '7'])
    expect(problems).toEqual([])
    expect(provided.numbers).toMatchObject([
      { number: '+16045550101', type: 'pager' },
      { number: '+16045550102', type: 'pager' },
    ])
  })

  it('the good numbers and e-mails of a cell count, with a warning for each other part', () => {
    const { provided, problems } = one(['a', 'Ana', 'Li', '604-555-0101 / 911-555-0102', '', '', '', '7'])
    expect(problems).toMatchObject([{ severity: 'warning', code: 'number_impossible' }])
    expect(provided.numbers).toMatchObject([{ number: '+16045550101' }])
  })

  it('the type of a number counts whichever row has it', () => {
    const [blank, typed] = [
      ['a', 'Ana', 'Li', '6045550101', '', '', '', '7'],
      ['a', 'Ana', 'Li', '6045550101', 'pager', '', '', '7'],
    ]
    for (const rows of [
      [blank, typed],
      [typed, blank],
    ] as const) {
      expect(one([...(rows[0] ?? [])], [...(rows[1] ?? [])]).provided.numbers).toMatchObject([{ type: 'pager' }])
    }
  })

  it('a type that is not understood leaves a stored number its type, and makes a new one a landline', () => {
    const row = ['a', 'Ana', 'Li', '6045550101', 'Home Fax', '', '', '7']
    const { provided, problems, failed } = one(row)
    expect([failed, problems.map(({ severity, code }) => `${severity} ${code}`)]).toEqual([
      false,
      ['warning number_type_unknown'],
    ])
    const stored = (type: NumberType) =>
      detailsWith({ numbers: [{ number: '+16045550101', type, description: null, extension: null }] })
    expect(merge(null, provided).numbers).toMatchObject([{ number: '+16045550101', type: 'landline' }])
    expect(merge(stored('mobile'), provided).numbers).toMatchObject([{ type: 'mobile' }])
    expect(merge(stored('pager'), provided).numbers).toMatchObject([{ type: 'pager' }])
    expect(merge(detailsWith({}), provided).numbers).toMatchObject([{ type: 'landline' }])
  })

  it('a row that has a number without a type does not make it mobile if another row’s type is not understood', () => {
    const [blank, fax] = ['', 'Fax'].map((type) => ['a', 'Ana', 'Li', '6045550101', type, '', '', '7'])
    const both = [blank, fax] as const
    for (const [first, second] of [both, both.toReversed()]) {
      const { provided } = one(first ?? [], second ?? [])
      expect(merge(null, provided).numbers).toMatchObject([{ type: 'landline' }])
    }
  })

  it('a type without a number is no problem', () => {
    expect(one(['a', 'Ana', 'Li', '', 'Home Fax', '', '', '7']).problems).toEqual([])
  })

  it('a list field takes the values of all rows, whatever the order of the rows', () => {
    const [biology, history] = [
      ['a', 'Ana', 'Li', '', '', '', 'Biology', '7'],
      ['a', 'Ana', 'Li', '', '', '', 'History; Art', '7'],
    ]
    for (const rows of [
      [biology, history],
      [history, biology],
    ] as const) {
      const { provided } = one([...(rows[0] ?? [])], [...(rows[1] ?? [])])
      expect(provided.fields).toEqual({ major: ['Art', 'Biology', 'History'], badge: ['7'] })
    }
    expect(
      one(['a', 'Ana', 'Li', '', '', '', '', '7'], ['a', 'Ana', 'Li', '', '', '', '', '8']).problems.map(
        ({ code }) => code,
      ),
    ).toEqual(['rows_contradict', 'rows_contradict'])
  })

  it('a field that cannot be read keeps its own stored values, and those of no other field', () => {
    const dated = new Map(fields).set('major', { ...field, key: 'major', label: 'Major', type: 'date' })
    const read = (cell: string, fresh: boolean) =>
      readContact(
        'a',
        [{ number: 2, cells: ['a', 'Ana', 'Li', '', '', '', cell, '7'] }],
        { ...rules, fields: dated },
        fresh,
      )
    expect(read('soon', false)).toMatchObject({ failed: false, problems: [{ severity: 'warning', column: 'Majors' }] })
    expect(read('soon', false).provided.fields).toEqual({ badge: ['7'] })
    expect(read('', false).provided.fields).toEqual({ major: [], badge: ['7'] })
  })

  it('a required field that is blank or unreadable is an error that names it', () => {
    const numbered = new Map(fields).set('badge', {
      ...field,
      key: 'badge',
      label: 'Badge',
      type: 'number',
      required: true,
    })
    const read = (cell: string) =>
      readContact(
        'a',
        [{ number: 2, cells: ['a', 'Ana', 'Li', '', '', '', '', cell] }],
        { ...rules, fields: numbered },
        false,
      )
    for (const [cell, code] of [
      ['', 'field_blank'],
      ['n/a', 'placeholder'],
      ['seven', 'field_not_a_number'],
    ] as const) {
      expect(read(cell)).toMatchObject({ failed: true, provided: {}, problems: [{ severity: 'error', code }] })
    }
    expect(read('').problems[0]?.message).toContain('“Badge”')
  })

  it('“Has List” makes a column a list, whatever the field is elsewhere', () => {
    const single = new Map(fields).set('major', { ...field, key: 'major', label: 'Major' })
    const listed = mapping.map((column) => (column.to === 'field:major' ? { ...column, list: true } : column))
    const header = mapping.map(({ column }) => column)
    const read = (by: FromColumn[]) =>
      readContact(
        'a',
        [{ number: 2, cells: ['a', 'Ana', 'Li', '', '', '', 'Biology; Art', '7'] }],
        rulesOf(header, by, single),
        false,
      ).provided.fields?.major
    expect(read(mapping)).toEqual(['Biology; Art'])
    expect(read(listed)).toEqual(['Biology', 'Art'])
  })
})

describe('the assigned user', () => {
  const mapping: FromColumn[] = [
    { column: 'Key', to: 'id' },
    { column: 'Name', to: 'name' },
    { column: 'Advisor', to: 'assignedUser' },
  ]
  const read = (cell: string, userIds: ReadonlySet<string> | null) =>
    readContact(
      'a',
      [{ number: 2, cells: ['a', 'Ana', cell] }],
      { ...rulesOf(['Key', 'Name', 'Advisor'], mapping), userIds },
      false,
    )

  it('the assigned user is the User ID as the file has it, matched by its exact value', () => {
    const users = new Set(['jdoe'])
    expect(read('jdoe', users)).toMatchObject({ provided: { assignedUser: 'jdoe' }, problems: [] })
    expect(read('JDoe', users)).toMatchObject({
      failed: false,
      provided: { assignedUser: 'JDoe' },
      problems: [{ severity: 'warning', code: 'assigned_user_unmatched', column: 'Advisor', value: 'JDoe' }],
    })
  })

  it('an assigned user causes no warning if it is blank, or if the users are not known', () => {
    expect(read('', new Set())).toMatchObject({ provided: { assignedUser: null }, problems: [] })
    expect(read('jdoe', null).problems).toEqual([])
  })
})

describe('the texts of a mapped file', () => {
  const mapping: FromColumn[] = ['id', 'name', ...TEXT_KEYS].map((to) => ({ column: to, to }))
  const rules = rulesOf(
    mapping.map(({ column }) => column),
    mapping,
  )
  const read = (...rows: string[][]) =>
    readContact(
      'a',
      rows.map((texts, i) => ({ number: i + 2, cells: ['a', 'Ana', ...texts] })),
      rules,
      false,
    )

  it.each(TEXT_KEYS)('the text %s can be a value, a blank, an unreadable cell, and a conflict of two rows', (key) => {
    const only = (text: string) => TEXT_KEYS.map((other) => (other === key ? text : ''))
    expect(read(only(' Text of it ')).provided).toMatchObject({ [key]: 'Text of it' })
    expect(read(only('')).provided).toMatchObject({ [key]: null })
    expect(read(only('#REF!')).provided).not.toHaveProperty(key)
    const { failed, problems } = read(only('one'), only('other'))
    expect(failed).toBe(true)
    expect(problems.map(({ row, column, code }) => [row, column, code])).toEqual([
      [2, key, 'rows_contradict'],
      [3, key, 'rows_contradict'],
    ])
  })
})

describe('a number with a column for its country', () => {
  const mapping: FromColumn[] = [
    { column: 'Key', to: 'id' },
    { column: 'Name', to: 'name' },
    { column: 'Phone', to: 'number', type: 'mobile' },
    { column: 'Country', to: 'numberCountry' },
    { column: 'Phone 2', to: 'number2' },
    { column: 'Country 2', to: 'numberCountry2' },
  ]
  const rules = rulesOf(
    mapping.map(({ column }) => column),
    mapping,
  )
  const one = (...cells: string[]) => readContact('a', [{ number: 2, cells: ['a', 'Ana', ...cells] }], rules, false)

  it('a number is read in the country of its row', () => {
    expect(one('5512345678', 'Mexico', '0412 345 678', 'AU').provided.numbers).toMatchObject([
      { number: '+525512345678' },
      { number: '+61412345678' },
    ])
  })

  it('a number without a country in its row is read in the country of the source', () => {
    expect(one('6045550101', '', '', '').provided.numbers).toMatchObject([{ number: '+16045550101' }])
  })

  it('a number keeps the country code that it is written with', () => {
    expect(one('+525512345678', 'US').provided.numbers).toMatchObject([{ number: '+525512345678' }])
  })

  it('a number is not imported if its country is not understood, and the stored numbers stay', () => {
    const { problems, provided, failed } = one('5512345678', 'Narnia', '6045550101', '')
    expect(problems).toMatchObject([{ severity: 'warning', code: 'number_country_unknown', column: 'Country' }])
    expect(failed).toBe(false)
    expect(provided).not.toHaveProperty('numbers')
  })

  it('a country without a number is no problem', () => {
    expect(one('', 'Narnia', '', 'US').problems).toEqual([])
  })
})
