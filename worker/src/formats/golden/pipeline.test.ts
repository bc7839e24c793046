import { describe, expect, it } from 'vitest'
import { detailsWith } from '../../core/contact.ts'
import { PlannedDirectory } from '../../testing/planned-directory.ts'
import { failureOf, readAll } from '../../testing/tables.ts'

const FILES = import.meta.glob<string>(['./*.{csv,gz,zip,xlsx,xls,xlsb,numbers}'], {
  query: '?url&inline',
  import: 'default',
  eager: true,
})
const CONTACTS = [
  {
    id: '007',
    details: detailsWith({
      name: 'Zoë Ångström',
      organization: 'North "Hill" Rescue; Search, Rope | Dogs',
      title: 'Lead\nsecond line',
      numbers: [
        { number: '+16045550100', type: 'mobile', description: '2024-02-29', extension: null },
        { number: '+16045550103', type: 'landline', description: 'TRUE', extension: null },
      ],
      emails: ['zoe@example.org'],
      priority: 'high',
      groups: ['rope', 'search'],
    }),
  },
  {
    id: '008',
    details: detailsWith({
      name: 'José “Pepe” Núñez',
      organization: 'Café',
      numbers: [{ number: '+16045550101', type: 'landline', description: '12.5%', extension: null }],
      emails: ['jose@example.org'],
      groups: ['rope'],
    }),
  },
  {
    id: 'E-12',
    details: detailsWith({
      name: 'O’Brien & <Sons>',
      numbers: [{ number: '+16045550104', type: 'pager', description: null, extension: null }],
      priority: 'low',
      groups: ['search'],
    }),
  },
]

async function golden(name: string): Promise<Uint8Array> {
  const url = FILES[`./${name}`]
  if (url === undefined) throw new Error(`There is no golden file ${name}`)
  return new Uint8Array(await (await fetch(url)).arrayBuffer())
}

/** Imports a file for the first time through the path of every import: the table, its columns, the plan. */
async function imported(bytes: Uint8Array) {
  const { details, rows } = await readAll(bytes)
  const directory = new PlannedDirectory()
  const { reports } = await directory.import(rows.map(([, ...cells]) => cells))
  const contacts = [...directory.contacts.values()]
    .map(({ id, details }) => ({ id, details }))
    .sort((one, other) => (one.id < other.id ? -1 : 1))
  return { details, contacts, problems: reports.flatMap(({ problems }) => problems.map(({ code }) => code)) }
}

const WORKBOOK = { sheet: 'Contacts', sheets: ['Notes', 'Contacts', 'Old ones'] }

describe('files of different programs give the same contacts', () => {
  it.each([
    ['sqlite3.csv', { delimiter: ',', encoding: 'utf-8' }],
    ['sqlite3.csv.gz', { delimiter: ',', encoding: 'utf-8' }],
    ['sqlite3.csv.zip', { delimiter: ',', encoding: 'utf-8' }],
    ['sqlite3-streamed.zip', { delimiter: ',', encoding: 'utf-8' }],
    ['python-semicolon.csv', { delimiter: ';', encoding: 'utf-8' }],
    ['python-tab.csv', { delimiter: '\t', encoding: 'utf-16be' }],
    ['python-pipe.csv', { delimiter: '|', encoding: 'windows-1252' }],
    ['openpyxl.xlsx', WORKBOOK],
    ['openpyxl-iso-dates.xlsx', WORKBOOK],
    ['xlsxwriter.xlsx', WORKBOOK],
    ['xlsxwriter-1904-inline.xlsx', WORKBOOK],
    ['libreoffice.xlsx', WORKBOOK],
    ['sheetjs-shared-strings.xlsx', WORKBOOK],
    ['sheetjs-1904.xlsx', WORKBOOK],
  ])('%s gives the contacts that every golden file holds', async (name, details) => {
    expect(await imported(await golden(name))).toEqual({ details, contacts: CONTACTS, problems: ['excel_error'] })
  })
})

/** What every `kinds` file holds: see `make-kinds.py`. */
const PEOPLE = [
  { id: '100000', name: 'Ana Lee', organization: 'North', title: 'Lead', groups: ['search'] },
  { id: '100001', name: 'Bob Ray', organization: 'North', title: null, groups: ['search'] },
  { id: '100002', name: 'Cy Orr', organization: 'Base', title: 'Base', groups: ['search'] },
  { id: '00100003', name: 'Di Fox', organization: null, title: 'Member', groups: ['rope'] },
].map(({ id, ...details }, at) => ({
  id,
  details: detailsWith({
    ...details,
    numbers: [{ number: `+1604555010${at}`, type: 'mobile', description: null, extension: null }],
    emails: [`e${at}@example.org`],
  }),
}))

describe('workbooks with instructions before the contacts, merged cells, formats that hide digits and a formula without a result', () => {
  const sheets = ['Instructions', 'Empty', 'Contacts', 'Raw']
  it.each(['kinds-openpyxl.xlsx', 'kinds-xlsxwriter.xlsx', 'kinds-sheetjs.xlsx'])(
    '%s gives the contacts of the sheet that fits',
    async (name) => {
      const { details, contacts, problems } = await imported(await golden(name))
      expect(details).toEqual({ sheet: 'Contacts', sheets })
      expect(contacts).toEqual(PEOPLE.toSorted((one, other) => (one.id < other.id ? -1 : 1)))
      expect(problems).toEqual(['excel_error'])
    },
  )

  it('LibreOffice calculates the formula, and gives the same contacts', async () => {
    const { details, contacts, problems } = await imported(await golden('kinds-libreoffice.xlsx'))
    expect(details).toEqual({ sheet: 'Contacts', sheets })
    expect(contacts.map(({ details: { title } }) => title)).toEqual(['Member', 'Lead', 'Member', 'Base'])
    expect(problems).toEqual([])
  })
})

describe('files of other programs that Muster does not read', () => {
  it.each(['sheetjs.xls', 'sheetjs.xlsb', 'sheetjs.numbers'])(
    '%s is refused as an unsupported format',
    async (name) => {
      expect(await failureOf(await golden(name))).toBe('unsupported_format')
    },
  )
})
