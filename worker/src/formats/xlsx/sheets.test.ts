import { describe, expect, it } from 'vitest'
import type { ByteSource } from '../../core/bytes.ts'
import { type ShapeOf, shapeFor } from '../../core/table-shape.ts'
import { NOT_CALCULATED } from '../../core/values/excel-error.ts'
import { failureOf, formatOf, readAll, sourceOf, zipOf } from '../../testing/tables.ts'
import { type SheetOf, workbookOf } from '../../testing/workbooks.ts'
import { tableOpener } from '../table.ts'

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const HEADER = ['ID', 'Name', 'Mobile', 'Team']
const MAPPING = [
  { column: 'ID', to: 'id' },
  { column: 'Name', to: 'name' },
  { column: 'Mobile', to: 'number' },
  { column: 'Team', to: 'groups' },
]

const shapeOf = shapeFor(MAPPING)
const read = async (bytes: Uint8Array | ByteSource, shape: ShapeOf = shapeOf) =>
  (await readAll(bytes, {}, { shapeOf: shape })).rows.map(([number, ...cells]) => [number, ...cells])
const sheet = (rows: SheetOf['rows'], merges: string[] = []): SheetOf => ({ name: 'A', rows, merges })

describe('merged cells', () => {
  it('a merged cell counts for all rows that it covers, and for the columns to the right', async () => {
    const rows = [HEADER, ['E1', 'Ana', '6045550101', 'Search'], ['E2', 'Bob', '', ''], ['E3', 'Cy', '6045550103', '']]
    expect(await read(await workbookOf([sheet(rows, ['D2:D4', 'B3:C3'])]))).toEqual([
      [1, ...HEADER],
      [2, 'E1', 'Ana', '6045550101', 'Search'],
      [3, 'E2', 'Bob', 'Bob', 'Search'],
      [4, 'E3', 'Cy', '6045550103', 'Search'],
    ])
  })

  it('a merged ID counts for each of its rows, so that a person can have several numbers', async () => {
    const rows = [HEADER, ['E1', 'Ana', '6045550101', 'Search'], ['', '', '6045550102', '']]
    expect((await read(await workbookOf([sheet(rows, ['A2:A3', 'B2:B3', 'D2:D3'])])))[2]).toEqual([
      3,
      'E1',
      'Ana',
      '6045550102',
      'Search',
    ])
  })

  it('a merged title, section or total is a label, and fills no other column', async () => {
    const rows = [['Staff list'], HEADER, ['Section one'], ['E1', 'Ana', '', 'Search'], ['Total', '', '', 1]]
    expect(await read(await workbookOf([sheet(rows, ['A1:D1', 'A3:D3', 'A5:C5'])]))).toEqual([
      [1, 'Staff list'],
      [2, ...HEADER],
      [3, 'Section one'],
      [4, 'E1', 'Ana', '', 'Search'],
      [5, 'Total', '', '', '1'],
    ])
  })

  it('a merged header fills no other column, and does not count for the rows below it', async () => {
    const rows = [
      ['ID', 'Name', 'Mobile', 'Team', ''],
      ['', '', 'ten digits', '', 'also'],
      ['E1', 'Ana', '6045550101', 'Search'],
    ]
    expect(await read(await workbookOf([sheet(rows, ['A1:A2', 'B1:B2', 'D1:E1'])]))).toEqual([
      [1, 'ID', 'Name', 'Mobile', 'Team'],
      [2, '', '', 'ten digits', '', 'also'],
      [3, 'E1', 'Ana', '6045550101', 'Search'],
    ])
  })

  it('a header of two rows, with names that are merged downwards, is found', async () => {
    const rows = [
      ['ID', 'Name', 'Contact', ''],
      ['', '', 'Mobile', 'Team'],
      ['E1', 'Ana', '6045550101', 'Search'],
    ]
    expect((await read(await workbookOf([sheet(rows, ['A1:A2', 'B1:B2', 'C1:D1'])])))[1]).toEqual([2, ...HEADER])
  })

  it('a merged cell gives nothing to a blank row, and nothing if it is blank', async () => {
    const rows = [HEADER, ['E1', 'Ana', '', 'Search'], [], ['E2', 'Bob', '', '']]
    expect(await read(await workbookOf([sheet(rows, ['D2:D1048576', 'C2:C4'])]))).toEqual([
      [1, ...HEADER],
      [2, 'E1', 'Ana', '', 'Search'],
      [4, 'E2', 'Bob', '', 'Search'],
    ])
  })

  it('merged cells of a sheet that is too large to keep are found at its end, and the file is read again', async () => {
    const people = Array.from({ length: 60_000 }, (_, i) => [
      `E${i}`,
      `Person ${i}`,
      '',
      i % 30_000 === 0 ? `Team ${i}` : '',
    ])
    const bytes = await workbookOf([sheet([HEADER, ...people], ['D2:D30001', 'D30002:D60001'])])
    const open = tableOpener(sourceOf(bytes, 100_000), formatOf(), { shapeOf })
    const first = async () => {
      for await (const _ of (await open()).batches);
    }
    await expect(first()).rejects.toThrow()
    const teams = new Map<string, number>()
    for await (const { cells } of (await open()).batches)
      for (const row of cells) teams.set(row[3] ?? '', (teams.get(row[3] ?? '') ?? 0) + 1)
    expect(Object.fromEntries(teams)).toEqual({ Team: 1, 'Team 0': 30_000, 'Team 30000': 30_000 })
  })

  it('a large sheet whose merged cells are above its rows is read once', async () => {
    const people = Array.from({ length: 60_000 }, (_, i) => [`E${i}`, `Person ${i}`, '', 'Search'])
    const bytes = await workbookOf([sheet([['Staff list'], HEADER, ...people], ['A1:D1'])])
    const open = tableOpener(sourceOf(bytes, 100_000), formatOf(), { shapeOf })
    let rows = 0
    for await (const { cells } of (await open()).batches) rows += cells.length
    expect(rows).toBe(60_002)
  })

  it('merged cells that overlap without end, or that are too many, are refused', async () => {
    const rows = [HEADER, ['E1', 'Ana', '', 'Search']]
    const overlapping = Array.from({ length: 2000 }, () => 'B2:XFD1048576')
    expect(await failureOf(await workbookOf([sheet(rows, overlapping)]))).toBe('truncated')
    const many = Array.from({ length: 500_001 }, (_, i) => `B${i + 2}:C${i + 2}`)
    expect(await failureOf(await workbookOf([sheet(rows, many)]))).toBe('truncated')
  })

  it('rows of merged cells that reach the last column are refused as a bomb', async () => {
    const rows = Array.from({ length: 6000 }, (_, i) => [`E${i}`, 'Ana', `x${'-'.repeat(900)}`])
    const merges = rows.map((_, i) => `B${i + 1}:XFD${i + 1}`)
    expect(await failureOf(await workbookOf([sheet(rows, merges)]))).toBe('too_large')
  })
})

describe('formats that hide digits', () => {
  const FORMATS = [
    '0.00E+00',
    '"$"#,##0.00',
    '_-* #,##0.00\\ [$€-407]_-',
    '#,##0',
    '0.00',
    '0%',
    'yyyy-mm-dd',
    '00000000',
    '000\\-000',
    '"M-"0',
    '0,',
    '"Yes";;"No"',
  ]
  const shown = async (column: number) => {
    const rows = FORMATS.map((_, i) => {
      const row = [`E${i}`, 'Ana', '', '']
      row[column] = `<c s="${i + 1}"><v>100001</v></c>`
      return row
    })
    const [, ...cells] = await read(await workbookOf([sheet([HEADER, ...rows])], FORMATS))
    return cells.map((row) => row[column + 1])
  }

  it('an ID is the digits of the number, unless its format only places them', async () => {
    const plain = '100001'
    expect(await shown(0)).toEqual([...Array(7).fill(plain), '00100001', '100-001', 'M-100001', plain, plain])
  })

  it('a telephone number and a group are read the same way, but a date stays a date', async () => {
    const plain = '100001'
    const expected = [...Array(6).fill(plain), '2173-10-15', '00100001', '100-001', 'M-100001', plain, plain]
    expect(await shown(2)).toEqual(expected)
    expect(await shown(3)).toEqual(expected)
  })

  it('another text is what Excel shows, unless digits of its whole part are hidden', async () => {
    expect(await shown(1)).toEqual([
      '100001',
      '$100,001.00',
      '100,001.00 €',
      '100,001',
      '100001.00',
      '10000100%',
      '2173-10-15',
      '00100001',
      '100-001',
      'M-100001',
      '100001',
      'Yes',
    ])
  })

  it('a number that was rounded for show keeps its digits, and one that was only shortened is shown', async () => {
    const cells = ['<c s="1"><v>1234.5</v></c>', '<c s="1"><v>3.14159</v></c>', '<c s="2"><v>3.10</v></c>']
    const rows = cells.map((cell, i) => [`E${i}`, cell, '', 'x'])
    const [, ...read_] = await read(await workbookOf([sheet([HEADER, ...rows])], ['0', '0.00']))
    expect(read_.map((row) => row[2])).toEqual(['1234.5', '3', '3.10'])
  })
})

describe('a formula', () => {
  const cellValue = async (cell: string, calculation = '') =>
    (await read(await workbookOf([sheet([HEADER, ['E1', cell, '', 'x']])], [], calculation)))[1]?.[2]

  it.each([
    ['<c><f>A1</f></c>', NOT_CALCULATED],
    ['<c><f>A1</f><v/></c>', NOT_CALCULATED],
    ['<c><f>A1</f><v></v></c>', NOT_CALCULATED],
    ['<c t="str"><f>A1</f></c>', NOT_CALCULATED],
    ['<c><f t="shared" si="0"/></c>', NOT_CALCULATED],
    ['<c t="str"><f>A1</f><v></v></c>', ''],
    ['<c t="str"><f>A1</f><v>Ana</v></c>', 'Ana'],
    ['<c><f>A1</f><v>0</v></c>', '0'],
    ['<c t="e"><f>A1</f><v>#N/A</v></c>', '#N/A'],
    ['<c t="b"><f>A1</f><v>1</v></c>', 'TRUE'],
  ])('the cell %s is read as “%s”', async (cell, text) => {
    expect(await cellValue(cell)).toBe(text)
  })

  it('a zero is no result if the program that wrote the workbook calculated nothing', async () => {
    const calculation = '<calcPr calcId="124519" fullCalcOnLoad="1"/>'
    expect(await cellValue('<c><f>A1</f><v>0</v></c>', calculation)).toBe(NOT_CALCULATED)
    expect(await cellValue('<c><f>A1</f><v>7</v></c>', calculation)).toBe('7')
    expect(await cellValue('<c><v>0</v></c>', calculation)).toBe('0')
  })
})

describe('the sheet that is read', () => {
  const contacts = [HEADER, ['E1', 'Ana', '6045550101', 'Search']]
  const detailsOf = async (sheets: SheetOf[], format = {}) =>
    (await readAll(await workbookOf(sheets), format, { shapeOf })).details

  it.each<[why: string, sheets: SheetOf[]]>([
    ['an empty sheet', [{ name: 'Empty', rows: [] }]],
    ['instructions', [{ name: 'Instructions', rows: [['Put one contact on each row.'], ['Thank you.']] }]],
    [
      'a pivot table',
      [
        {
          name: 'Pivot',
          rows: [
            ['Row Labels', 'Count of ID'],
            ['Search', 1],
            ['Grand Total', 1],
          ],
        },
      ],
    ],
    [
      'some of the columns',
      [
        {
          name: 'Old',
          rows: [
            ['ID', 'Name'],
            ['E1', 'Ana'],
          ],
        },
      ],
    ],
    ['the right columns, hidden', [{ name: 'Old', rows: contacts, state: 'veryHidden' }]],
  ])('the sheet whose columns fit is read, although the sheet before it has %s', async (_, before) => {
    const details = await detailsOf([...before, { name: 'Members', rows: contacts }])
    expect(details).toEqual({ sheet: 'Members', sheets: [before[0]?.name, 'Members'] })
  })

  it('a hidden sheet is read if no visible one fits', async () => {
    const details = await detailsOf([
      { name: 'Notes', rows: [['ID', 'Name']] },
      { name: 'Raw', rows: contacts, state: 'hidden' },
    ])
    expect(details).toEqual({ sheet: 'Raw', hidden: true, sheets: ['Notes', 'Raw'] })
  })

  it('of several visible sheets that fit the first is read, and the others are named', async () => {
    const named = (name: string, state?: string) => ({ name, rows: contacts, ...(state !== undefined && { state }) })
    const details = await detailsOf([named('Old', 'hidden'), named('Search'), named('Rope'), named('Dogs')])
    expect(details).toEqual({ sheet: 'Search', sheets: ['Old', 'Search', 'Rope', 'Dogs'], alsoFit: ['Rope', 'Dogs'] })
  })

  it('of sheets that do not fit, the one with the most of the columns is read', async () => {
    const details = await detailsOf([
      { name: 'Empty', rows: [] },
      { name: 'Notes', rows: [['Call the office']] },
      { name: 'Partly', rows: [['ID', 'Name']] },
      { name: 'Raw', rows: [['ID', 'Name', 'Team']], state: 'hidden' },
    ])
    expect(details.sheet).toBe('Partly')
    expect(
      (
        await detailsOf([
          { name: 'Empty', rows: [] },
          { name: 'Notes', rows: [['Call']] },
        ])
      ).sheet,
    ).toBe('Notes')
  })

  it('the sheet that the source names is read, whatever its columns', async () => {
    const sheets = [
      { name: 'Members', rows: contacts },
      { name: 'Notes', rows: [['Call the office']] },
    ]
    expect((await detailsOf(sheets, { sheet: 'notes' })).sheet).toBe('Notes')
  })
})

it('rows and columns that are hidden or filtered out are data', async () => {
  const bytes = await zipOf({
    'xl/workbook.xml': `<workbook xmlns:r="${OFFICE}"><sheets><sheet name="A" r:id="s"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="s" Type="${OFFICE}/worksheet" Target="a.xml"/></Relationships>`,
    'xl/worksheets/a.xml': '',
    'xl/a.xml':
      '<worksheet><cols><col min="2" max="2" hidden="1"/></cols><sheetData><row r="3"><c r="C3" t="str"><v>ID</v></c></row>' +
      '<row r="4" hidden="1"><c r="C4" t="str"><v>E1</v></c></row></sheetData><autoFilter ref="C3:C4"/></worksheet>',
  })
  expect(await read(bytes)).toEqual([
    [3, '', '', 'ID'],
    [4, '', '', 'E1'],
  ])
})
