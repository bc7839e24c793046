import { describe, expect, it } from 'vitest'
import { SSF, utils, type WorkBook, write } from 'xlsx'
import { failureOf, readAll, zipOf } from '../../testing/tables.ts'
import contacts from '../golden/contacts.xlsx?url&inline'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const STRICT = 'http://purl.oclc.org/ooxml/spreadsheetml/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** Returns a workbook that SheetJS writes. */
function sheetJs(book: WorkBook, options: object = {}): Uint8Array {
  return new Uint8Array(write(book, { type: 'array', compression: true, ...options }))
}

/** Returns a workbook with one sheet of this `sheetData` content and these other parts. */
function workbookOf(rows: string, parts: Record<string, string> = {}): Promise<Uint8Array> {
  const links = ['worksheet', 'sharedStrings', 'styles'].map(
    (type, index) =>
      `<Relationship Id="r${index}" Type="${OFFICE}/${type}" Target="${type === 'worksheet' ? 'worksheets/sheet1' : type}.xml"/>`,
  )
  return zipOf({
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="A" sheetId="1" r:id="r0"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${links.join('')}</Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`,
    ...parts,
  })
}

describe('a workbook of SheetJS', () => {
  const day = (year: number, month: number, date: number) => Date.UTC(year, month - 1, date) / 86_400_000 + 25_569
  const sheet = () => {
    const sheet = utils.aoa_to_sheet([
      ['ID', 'Number', 'Since', 'Share', 'Active', 'Text', 'Code', 'Time'],
      ['007', 6045550100, day(2024, 2, 29), 0.125, true, ' kept ', 42, 0.75],
      ['E1', 16045550100, day(1999, 12, 31), 1, false, 'Zoë & <co>', 7, 1.5],
    ])
    for (const row of [2, 3]) {
      sheet[`C${row}`].z = 'yyyy-mm-dd'
      sheet[`D${row}`].z = '0.0%'
      sheet[`G${row}`].z = '00000'
      sheet[`H${row}`].z = 'h:mm AM/PM'
    }
    return sheet
  }
  const rows = [
    [1, 'ID', 'Number', 'Since', 'Share', 'Active', 'Text', 'Code', 'Time'],
    [2, '007', '6045550100', '2024-02-29', '12.5%', 'TRUE', ' kept ', '00042', '6:00 PM'],
    [3, 'E1', '16045550100', '1999-12-31', '100.0%', 'FALSE', 'Zoë & <co>', '00007', '12:00 PM'],
  ]

  it.each([
    ['shared strings', { bookSST: true }],
    ['texts in the cells', { bookSST: false }],
    ['no compression', { compression: false }],
  ])('a workbook of SheetJS with %s is read as Excel shows it', async (_, options) => {
    const book = utils.book_new()
    utils.book_append_sheet(book, sheet(), 'Contacts')
    expect(await readAll(sheetJs(book, options))).toEqual({
      type: 'xlsx',
      details: { sheet: 'Contacts', sheets: ['Contacts'] },
      rows,
    })
  })

  it('a workbook of SheetJS that counts days from 1904 shows the same dates', async () => {
    const book = utils.book_new()
    book.Workbook = { WBProps: { date1904: true } }
    const later = sheet()
    for (const row of [2, 3]) later[`C${row}`].v -= 1462
    utils.book_append_sheet(book, later, 'Contacts')
    expect((await readAll(sheetJs(book))).rows.map((row) => row[3])).toEqual(['Since', '2024-02-29', '1999-12-31'])
  })

  it('a workbook of SheetJS with thousands of different texts gives each text in its place', async () => {
    const many = Array.from({ length: 3_000 }, (_, row) => [`ID ${row}`, `Naïve ${row}`, `名 ${row}`, '', `${row}`])
    const book = utils.book_new()
    utils.book_append_sheet(book, utils.aoa_to_sheet(many), 'Contacts')
    const { rows } = await readAll(sheetJs(book, { bookSST: true }))
    expect(rows).toEqual(many.map((row, index) => [index + 1, ...row]))
  })
})

it('a workbook of LibreOffice is read: merged header, empty and hidden rows, rich text, formulas, an error', async () => {
  const bytes = new Uint8Array(await (await fetch(contacts)).arrayBuffer())
  const { details, rows } = await readAll(bytes)
  expect(details).toEqual({ sheet: 'Contacts', sheets: ['Contacts', 'Old ones'] })
  expect(rows).toEqual([
    [1, 'ID', '', 'Name', 'Number', 'Since', 'Share', 'Active', 'Sum'],
    [4, '007', '', 'Zoë & Ana\nsecond line', '16045550100', '2024-02-29', '12.5%', '1', '2'],
    [5, '008', '', 'Bob', '604555010012345', '', '', '', '#DIV/0!'],
  ])
  expect((await readAll(bytes, { sheet: 'old ones ' })).rows).toEqual([[1, 'ID']])
})

describe('a workbook of another program', () => {
  it('a workbook may leave out references, styles and shared strings', async () => {
    const rows =
      '<row><c t="inlineStr"><is><t>ID</t></is></c><c><v>1</v></c></row><row r="7"><c r="C7"><v>2</v></c></row><row/>'
    const { rows: read } = await readAll(
      await workbookOf(`${rows}<row><c
 r = "B9" t='str'><v>a&amp;b</v></c></row>`),
    )
    expect(read).toEqual([
      [1, 'ID', '1'],
      [7, '', '', '2'],
      [9, '', 'a&b'],
    ])
  })

  it('a workbook may prefix its elements, and use the strict dialect with ISO dates', async () => {
    const sheet = `<?xml version="1.0"?><!-- made by hand --><x:worksheet xmlns:x="${STRICT}"><x:sheetData><x:row r="1"><x:c r="A1" t="d"><x:v>2024-05-01T00:00:00</x:v></x:c><x:c r="B1" t="d" s="1"><x:v>2024-05-01T18:30:00</x:v></x:c><x:c r="C1" t="inlineStr"><x:is><x:r><x:t>Zo</x:t></x:r><x:r><x:rPr/><x:t xml:space="preserve">ë </x:t></x:r></x:is></x:c></x:row></x:sheetData></x:worksheet>`
    const styles = '<x:styleSheet><x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="22"/></x:cellXfs></x:styleSheet>'
    const bytes = await workbookOf('', { 'xl/worksheets/sheet1.xml': sheet, 'xl/styles.xml': styles })
    expect((await readAll(bytes)).rows).toEqual([[1, '2024-05-01', '5/1/2024 18:30', 'Zoë ']])
  })

  it('a workbook may put its parts anywhere that its relationships lead to', async () => {
    const bytes = await zipOf({
      '_rels/.rels': `<Relationships><Relationship Id="a" Type="${OFFICE}/officeDocument" Target="/xl/Book2.xml"/></Relationships>`,
      'xl/book2.xml': `<workbook xmlns:rel="${OFFICE}"><sheets><sheet name="Chart" rel:id="c"/><sheet name="Hidden" state="hidden" rel:id="h"/><sheet name="A > B" rel:id="v"/></sheets></workbook>`,
      'xl/_rels/Book2.xml.rels': `<Relationships><Relationship Id="c" Type="${OFFICE}/chartsheet" Target="c.xml"/><Relationship Id="h" Type="${OFFICE}/worksheet" Target="h.xml"/><Relationship Id="v" Type="${OFFICE}/worksheet" Target="../data/v.xml"/></Relationships>`,
      'xl/worksheets/none.xml': '',
      'data/v.xml':
        '<worksheet><sheetData><row><c t="inlineStr"><is><t>seen</t></is></c></row></sheetData></worksheet>',
    })
    const { details, rows } = await readAll(bytes)
    expect(details).toEqual({ sheet: 'A > B', sheets: ['Hidden', 'A > B'] })
    expect(rows).toEqual([[1, 'seen']])
  })

  it('a workbook may hold rich text, phonetic readings, CDATA, entities and escaped characters', async () => {
    const strings =
      '<sst><si><r><t>Ana</t></r><r><t xml:space="preserve"> B&#233;&#x1F600;</t></r></si><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si><si><t><![CDATA[<b> &amp;]]></t></si><si><t>two_x000D_lines _x005F_x0041_</t></si><si/></sst>'
    const cells = [0, 1, 2, 3, 4].map((index) => `<c t="s"><v>${index}</v></c>`).join('')
    const bytes = await workbookOf(`<row>${cells}<c t="e"><v>#N/A</v></c></row>`, { 'xl/sharedStrings.xml': strings })
    expect((await readAll(bytes)).rows).toEqual([
      [1, 'Ana Bé😀', '東京', '<b> &amp;', 'two\rlines _x0041_', '', '#N/A'],
    ])
  })
})

describe('a workbook that cannot be used', () => {
  const row = '<row r="1"><c r="A1" t="str"><v>ID</v></c></row>'

  it('the failure for a missing sheet names the sheets of the workbook', async () => {
    await expect(readAll(await workbookOf(row), { sheet: 'B' })).rejects.toMatchObject({
      code: 'not_a_contact_file',
      message: 'The workbook has no sheet named “B”.',
      advice: expect.stringContaining('“A”'),
    })
  })

  it.each([
    ['an empty sheet', '', {}, 'empty'],
    ['a sheet of empty cells', '<row r="1"><c r="A1" s="1"/></row>', {}, 'empty'],
    ['a text without its shared strings', '<row><c t="s"><v>0</v></c></row>', {}, 'truncated'],
    ['a missing sheet', row, { 'xl/workbook.xml': '<workbook/>' }, 'truncated'],
    ['a sheet that is not XML', row, { 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row><c' }, 'truncated'],
    ['a sheet left open', row, { 'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${row}` }, 'truncated'],
    [
      'an oversized list of styles',
      row,
      { 'xl/styles.xml': `<styleSheet>${'<xf/>'.repeat(1_700_000)}</styleSheet>` },
      'truncated',
    ],
    ['a document type', row, { 'xl/sharedStrings.xml': '<!DOCTYPE a [<!ENTITY b "c">]><sst/>' }, 'truncated'],
    ['a column beyond the last', '<row><c r="ZZZZ1"><v>1</v></c></row>', {}, 'truncated'],
    ['an attribute without a name', '<row><c ="A1"><v>1</v></c></row>', {}, 'truncated'],
    ['an endless tag', `<row a="${'x'.repeat(600_000)}"/>`, {}, 'truncated'],
    [
      'an endless row',
      `<row>${`<c t="str"><v>${'x'.repeat(30_000)}</v></c>`.repeat(80)}</row>`,
      {},
      'not_a_contact_file',
    ],
    ['rows made of gaps', '<row><c r="XFD1"><v>1</v></c></row>'.repeat(3000), {}, 'truncated'],
  ])('a workbook with %s is refused', async (_, rows, parts, code) => {
    expect(await failureOf(await workbookOf(rows, parts))).toBe(code)
  })

  it('a workbook that is a decompression bomb is refused', async () => {
    const bytes = await workbookOf(`${row}${' '.repeat(66 * 1024 * 1024)}`)
    expect(await failureOf(bytes)).toBe('too_large')
  })

  it('a workbook whose different texts would fill the memory is refused', async () => {
    const strings = `<sst>${`<si><t>${'x'.repeat(30_000)}</t></si>`.repeat(1200)}</sst>`
    expect(await failureOf(await workbookOf(row, { 'xl/sharedStrings.xml': strings }))).toBe('too_large')
  }, 20_000)
})

it('every built-in number format but the local ones shows a value as SheetJS does, unless that hides its digits', async () => {
  const exponents = ['11', '48']
  const ids = Object.keys(SSF.get_table()).filter((id) => id !== '14' && id !== '22')
  const styles = `<styleSheet><cellXfs>${ids.map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`
  const cells = ids.map((_, index) => `<c s="${index}"><v>45000.25</v></c>`).join('')
  const { rows } = await readAll(await workbookOf(`<row>${cells}</row>`, { 'xl/styles.xml': styles }))
  const shown = (id: string) => (exponents.includes(id) ? '45000.25' : SSF.format(Number(id), 45000.25).trim())
  expect(rows[0]?.slice(1)).toEqual(ids.map(shown))
})

describe('a workbook that is made to cost much', () => {
  const styles = (code: string) => ({
    'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><numFmts><numFmt numFmtId="164" formatCode="${code}"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
  })
  /** More of a sheet than one row may bring at a time. */
  const padding = `<!--${'-'.repeat(900).replaceAll('--', '- ')}-->`

  it('a number format longer than Excel takes is read as General', async () => {
    const sheet = (code: string) => workbookOf('<row r="1"><c r="A1" s="1"><v>7</v></c></row>', styles(code))
    expect((await readAll(await sheet('0'.repeat(255)))).rows).toEqual([[1, '7'.padStart(255, '0')]])
    expect((await readAll(await sheet('0'.repeat(256)))).rows).toEqual([[1, '7']])
    expect((await readAll(await sheet('0'.repeat(200_000)))).rows).toEqual([[1, '7']])
  })

  it('blanks and control characters around an equals sign do not matter', async () => {
    const sheet = await workbookOf('<row r\n= "3"><c \u0001r\u0001=\u0001"B3" t\u0001= "str"><v>x</v></c></row>')
    expect((await readAll(sheet)).rows).toEqual([[3, '', 'x']])
  })

  it('a sheet that refers to one long text in every row is refused as a bomb', async () => {
    const strings = `<sst xmlns="${MAIN}"><si><t>${'x'.repeat(30_000)}</t></si></sst>`
    const row = `<row><c t="s"><v>0</v></c></row>${padding}`
    expect((await readAll(await workbookOf(row.repeat(500), { 'xl/sharedStrings.xml': strings }))).rows).toHaveLength(
      500,
    )
    expect(await failureOf(await workbookOf(row.repeat(3000), { 'xl/sharedStrings.xml': strings }))).toBe('too_large')
  })

  it('a sheet with a text in the last column of every row is refused as a bomb', async () => {
    const row = `<row><c r="XFD1"><v>0</v></c></row>${padding}`
    expect((await readAll(await workbookOf(row.repeat(500)))).rows).toHaveLength(500)
    expect(await failureOf(await workbookOf(row.repeat(5000)))).toBe('too_large')
  })

  it('a text in many pieces is refused once it is longer than a row may be', async () => {
    const pieces = `<![CDATA[${'x'.repeat(1000)}]]>`.repeat(3000)
    expect(await failureOf(await workbookOf(`<row><c t="str"><v>${pieces}</v></c></row>`))).toBe('not_a_contact_file')
    expect(await failureOf(await workbookOf(`<row><c t="inlineStr"><is><t>${pieces}</t></is></c></row>`))).toBe(
      'truncated',
    )
  })
})
