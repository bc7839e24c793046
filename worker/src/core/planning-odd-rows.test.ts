import { describe, expect, it } from 'vitest'
import { type Plan, PlannedDirectory, type Sheet } from '../testing/planned-directory.ts'
import { cellsOf, HEADER, type Person as Row } from '../testing/roster.ts'
import { detailsWith } from './contact.ts'

const sheetOf = (rows: readonly Row[]): Sheet => [HEADER, ...rows.map(cellsOf)]
const live = (directory: PlannedDirectory) => [...directory.contacts.values()].filter(({ removed }) => !removed)

describe('a row whose ID is blank or unreadable', () => {
  const kept = ({ reports }: Plan) =>
    reports.flatMap(({ problems }) => problems.filter(({ code }) => code === 'contacts_kept'))
  const staff: Row[] = [
    { ID: 'a', Number: '6045550101' },
    { ID: 'b', Number: '6045550102', 'Email Address': 'Bo@example.org' },
    { ID: 'c', Number: '6045550103' },
    { ID: 'd', Number: '6045550104' },
  ]

  it('a row without an ID keeps the missing contacts that share a number or an e-mail with it, and the run names them', async () => {
    const directory = new PlannedDirectory()
    await directory.import(sheetOf(staff))
    const plan = await directory.import(
      sheetOf([
        { ID: 'd', Number: '6045550104' },
        { ID: '#N/A', Number: '(604) 555-0101' },
        { ID: '', Number: '6045550199', Title: 'bo@example.org' },
      ]),
    )
    expect(plan.planned.counts).toMatchObject({ removed: 1, errors: 2, warnings: 1, unchanged: 1 })
    expect(plan.changes).toMatchObject([{ op: 'remove', id: 'c' }])
    expect(kept(plan)).toMatchObject([{ row: 1, column: 'ID', message: expect.stringContaining('2 (“a”, “b”)') }])
  })

  it('a row without an ID keeps a contact only while the row is in the file', async () => {
    const directory = new PlannedDirectory()
    await directory.import(sheetOf(staff))
    const without = staff.filter(({ ID }) => ID !== 'a')
    for (let night = 0; night < 2; night++) {
      const plan = await directory.import(sheetOf([...without, { ID: '', Number: '6045550101' }]))
      expect(plan.planned.counts).toMatchObject({ removed: 0, added: 0, unchanged: 3 })
    }
    const back = await directory.import(sheetOf(staff))
    expect(back.planned.counts).toMatchObject({ unchanged: 4, warnings: 0 })
    const gone = await directory.import(sheetOf([...without, { ID: '', Number: '6045550198' }]))
    expect(gone.changes).toMatchObject([{ op: 'remove', id: 'a' }])
    expect(kept(gone)).toEqual([])
  })

  it('a contact that a row without an ID keeps still has all its numbers, so that sharing one is a warning', async () => {
    const directory = new PlannedDirectory()
    const two = { ID: 'a', Number: '6045550109' }
    await directory.import(sheetOf([...staff, two]))
    const plan = await directory.import(
      sheetOf([...staff.slice(1), { ID: '', Number: '6045550101' }, { ID: 'e', Number: '6045550109' }]),
    )
    const shared = plan.reports.flatMap(({ problems }) => problems.filter(({ code }) => code === 'number_shared'))
    expect(shared).toMatchObject([{ id: 'e', message: expect.stringMatching(/“e”.*“a”/) }])
  })

  it('a row without an ID keeps manual contacts if the source covers the whole directory', async () => {
    const directory = new PlannedDirectory()
    for (const [id, number] of [
      ['h1', '+16045550111'],
      ['h2', '+16045550112'],
    ] as const)
      directory.add(id, detailsWith({ numbers: [{ number, type: 'mobile', description: null, extension: null }] }))
    const plan = await directory.import(sheetOf([...staff, { ID: '', Number: '6045550111' }]), { covers: 'directory' })
    expect(plan.planned).toMatchObject({ effects: { removedManual: 1 }, counts: { removed: 1 } })
    expect(plan.changes.filter(({ op }) => op === 'remove')).toMatchObject([{ id: 'h2' }])
  })

  it('with more than 10,000 rows that name nobody, all removals wait, whatever the order of the rows', async () => {
    const footer = Array.from({ length: 10_001 }, () => ({ ID: '', Number: '' }))
    const named = { ID: '', Number: '6045550102' }
    for (const rows of [
      [...staff.slice(0, 1), named, ...footer],
      [...footer, named, ...staff.slice(0, 1)],
    ]) {
      const directory = new PlannedDirectory()
      await directory.import(sheetOf(staff))
      const plan = await directory.import(sheetOf(rows), { batch: 1000 })
      expect(plan.planned).toMatchObject({
        doubts: ['unidentified'],
        counts: { removed: 3, errors: 10_002, warnings: 0 },
      })
    }
  })
})

describe('a row with more or fewer cells than the header', () => {
  const header = ['ID', 'Name', 'Number', 'Number Type', 'Groups', 'Title', 'Email Address']
  const whole = (id: string, ...end: string[]) => [id, `Person ${id}`, '6045550101', 'mobile', 'Rope', ...end]
  const full = (id: string) => whole(id, 'Lead', `${id}@example.org`)
  const rowProblems = ({ reports }: Plan) =>
    reports.flatMap(({ problems }) =>
      problems
        .filter(({ code }) => code !== 'number_shared')
        .map(({ row, id, severity, code }) => `${row} ${id} ${severity} ${code}`),
    )
  const detailsOf = (directory: PlannedDirectory, id: string) =>
    live(directory).find((contact) => contact.id === id)?.details

  it('a row with a surplus value is an error in every run, and its contact stays as it was', async () => {
    const directory = new PlannedDirectory()
    await directory.import([header, full('a'), full('b')])
    const shifted = ['a', 'Lee', 'Ana', '6045550199', 'mobile', 'Search', 'Lead', 'x@example.org']
    for (let night = 0; night < 2; night++) {
      const plan = await directory.import([header, shifted, full('b')])
      expect(plan.planned.counts).toMatchObject({ matched: 2, updated: 0, removed: 0, errors: 1, unchanged: 1 })
      expect(rowProblems(plan)).toEqual(['2 a error row_too_long'])
    }
    expect(detailsOf(directory, 'a')).toMatchObject({ name: 'Person a', title: 'Lead', groups: ['rope'] })
  })

  it('surplus cells that are blank, and missing cells of unused columns, make no difference', async () => {
    const plan = await new PlannedDirectory().import([
      [...header, 'Note', 'Note 2'],
      [...full('a'), 'x', 'y', ' ', ''],
      full('b'),
      full('c'),
      full('d'),
    ])
    expect(rowProblems(plan)).toEqual([])
    expect(plan.planned.counts).toMatchObject({ added: 4 })
  })

  it('what a short row does not have is absent, not blank, and the stored values stay', async () => {
    const directory = new PlannedDirectory()
    await directory.import([header, full('a'), full('b')])
    const plan = await directory.import([header, ['a', 'Ana Roe'], full('b')])
    expect(rowProblems(plan)).toEqual(['2 a warning row_too_short'])
    expect(plan.planned.counts).toMatchObject({ updated: 1, unchanged: 1, errors: 0 })
    expect(detailsOf(directory, 'a')).toEqual({
      ...detailsOf(directory, 'b'),
      name: 'Ana Roe',
      emails: ['a@example.org'],
    })
    const again = await directory.import([header, ['a', 'Ana Roe'], full('b')])
    expect(rowProblems(again)).toEqual(['2 a warning row_too_short'])
  })

  it('a short row makes no contact, unless the rows of the file are commonly trimmed of blank ends', async () => {
    const short = (id: string) => whole(id)
    const plan = await new PlannedDirectory().import([header, short('a'), ['b', ...short('b').slice(0, 2)], full('c')])
    expect(rowProblems(plan)).toEqual(['2 a error row_too_short', '3 b error row_too_short'])
    expect(plan.planned.counts).toMatchObject({ added: 1 })
    const people = Array.from({ length: 12 }, (_, i) => full(`p${i}`))
    for (const [rows, added] of [
      [[short('a'), short('b'), short('c'), ...people], 15],
      [[...people, short('a'), short('b'), short('c')], 15],
      [[...people, short('a'), short('b'), short('c'), full('d')], 13],
    ] as const) {
      const directory = new PlannedDirectory()
      const { planned } = await directory.import([header, ...rows], { batch: 2 })
      expect(planned.counts).toMatchObject({ added, errors: rows.length - added })
    }
  })

  it('in a trimmed file, a short row without a required cell is an error, and one warning names the habit', async () => {
    const directory = new PlannedDirectory()
    const rows = ['a', 'b', 'c', 'd'].map((id) => whole(id))
    const plan = await directory.import([header, ...rows, ['e', 'Person e']])
    expect(rowProblems(plan)).toEqual([
      '6 e error number_blank',
      '6 e error number_type_blank',
      '6 e error groups_blank',
      '1 null warning row_too_short',
    ])
    const again = await directory.import([header, ...rows, ['e', 'Person e']])
    expect(again.planned.counts).toMatchObject({ unchanged: 4, errors: 1 })
  })

  it('a shifted row keeps every missing contact to which it may belong', async () => {
    const directory = new PlannedDirectory()
    const mapping = ['Name', 'Mail', 'Key', 'Cell'].map((column, i) => ({
      column,
      to: ['name', 'email', 'id', 'number'][i] ?? '',
    }))
    const columns = mapping.map(({ column }) => column)
    const sheet = (...rows: string[][]): Sheet => [columns, ...rows, ['Zoe', '', 'z1', '']]
    await directory.import(
      sheet(
        ['Ana', '', 'a1', '6045550101'],
        ['Bo', '', 'b1', ''],
        ['Cy', 'cy@example.org', 'c1', ''],
        ['Di', '', 'd1', '6045550104'],
      ),
      { mapping },
    )
    const plan = await directory.import(
      sheet(
        ['Lee', 'Ana', '', 'x', '6045550101'],
        ['Lee', 'Bo', '', 'b1', ' 1'],
        ['Lee', 'Cy', 'cy@example.org', '', '1'],
      ),
      { mapping },
    )
    expect(plan.changes).toMatchObject([{ op: 'remove', id: 'd1' }])
    expect(plan.planned.counts).toMatchObject({ removed: 1, errors: 3, unchanged: 1 })
  })

  it('an opted-out value in a shifted row counts, and no other value of it does', async () => {
    const mapping = ['ID', 'Name', 'Texts'].map((column, i) => ({ column, to: ['id', 'name', 'smsStatus'][i] ?? '' }))
    const directory = new PlannedDirectory()
    const sheet = (...cells: string[]): Sheet => [mapping.map(({ column }) => column), cells, ['b', 'Bo', 'N']]
    await directory.import(sheet('a', 'Ana', 'Y'), { mapping })
    for (const [value, status] of [
      ['n', 'opted_in'],
      ['stop', 'opted_in'],
      ['N', 'opted_out'],
      ['Y', 'opted_out'],
    ] as const) {
      await directory.import(sheet('a', 'Ana', value, 'more'), { mapping })
      expect(live(directory).find(({ id }) => id === 'a')?.sms.own, value).toBe(status)
    }
  })
})

describe('rows that are nobody', () => {
  const header = ['ID', 'Name', 'Mobile', 'Team']
  const mapping = header.map((column, i) => ({ column, to: ['id', 'name', 'number', 'groups'][i] ?? '' }))
  const people = [
    ['E1', 'Ana', '6045550101', 'Rope'],
    ['jdoe', 'Jo', '6045550102', 'Rope'],
  ]
  const footer = [['Team contacts'], ['Copyright (c) 2026. All rights reserved.'], ['Generated By:  Pat  2026-01-05']]
  const codes = ({ reports }: Plan) =>
    reports.flatMap(({ problems }) => problems.map(({ row, code }) => `${row} ${code}`))

  it('a repeated header, a line of dashes, a total and an end-of-file character are counted, and are no contacts', async () => {
    const directory = new PlannedDirectory()
    const sheet = [header, ['--', '----', '---', '---'], ...people, header, ['Total', '2', '', ''], ['\u001a']]
    for (const counts of [{ added: 2 }, { unchanged: 2 }]) {
      const plan = await directory.import(sheet, { mapping, batch: 2 })
      expect(plan.planned.counts).toMatchObject({ ...counts, rows: 6, leftOut: 4, matched: 2, errors: 0 })
      expect(plan.reports).toEqual([])
    }
  })

  it('notes below the table are left out, also if the header of another table follows', async () => {
    const again = [['Other contacts'], header, ['E3', 'Cy', '', ''], ...footer]
    for (const batch of [1, 3, 100]) {
      const plan = await new PlannedDirectory().import([header, ...people, ...footer, ...again], { mapping, batch })
      expect(plan.planned.counts).toMatchObject({ added: 3, rows: 11, leftOut: 8, errors: 0 })
      expect(plan.reports).toEqual([])
    }
  })

  it('a row with one cell above other rows, or that looks like an ID, an e-mail or a name, is no note', async () => {
    const many = Array.from({ length: 20 }, (_, i) => [`M${i}`, 'Mo', '', ''])
    const sheet = [header, ['Search team:'], ...people, ...many, ['E4'], ['bo@example.org'], ['', 'Bo Ray'], ['smith']]
    const plan = await new PlannedDirectory().import(sheet, { mapping })
    expect(plan.planned.counts).toMatchObject({ added: 22, leftOut: 0, errors: 5 })
    expect(codes(plan)).toEqual([
      '2 row_too_short',
      '25 row_too_short',
      '26 row_too_short',
      '27 id_blank',
      '28 row_too_short',
    ])
  })

  it('a note without a line break at the end of the text is no row that was cut', async () => {
    const notes = [[['(2 rows affected)']], [['Team contacts'], ['Total members']], [['Total: 2']], [['\u001a']]]
    for (const lines of notes) {
      const sheet = [header, ...people, ...lines]
      const plan = await new PlannedDirectory().import(sheet, { mapping, lineBreak: false })
      expect(plan.planned.counts).toMatchObject({ added: 2, leftOut: lines.length, errors: 0 })
    }
    const cut = new PlannedDirectory().import([header, ...people, ['Ana M']], { mapping, lineBreak: false })
    await expect(cut).rejects.toMatchObject({ code: 'truncated' })
  })

  it('a known ID is never nobody', async () => {
    const directory = new PlannedDirectory()
    const odd = [
      ['Total', 'Toto', '', ''],
      ['ID', 'Ida', '', ''],
      ['A note', 'Nora', '', ''],
    ]
    await directory.import([header, ...people, ...odd], { mapping })
    const plan = await directory.import(
      [header, ...people, ['Total', '2', '', ''], ['ID', 'Name', 'Mobile', 'Team'], ['A note']],
      { mapping },
    )
    expect(plan.planned.counts).toMatchObject({ leftOut: 0, removed: 0, updated: 2, matched: 5 })
  })

  it('a missing contact whose e-mail or number is in a note stays', async () => {
    const directory = new PlannedDirectory()
    await directory.import([header, ...people], { mapping })
    const plan = await directory.import([header, ['E1', 'Ana', '6045550101', 'Rope'], ['Call us:\n604 555 0102']], {
      mapping,
    })
    expect(plan.planned.counts).toMatchObject({ removed: 0, leftOut: 1, errors: 0 })
  })
})
