import { expect, it } from 'vitest'
import { formatOf, sourceOf } from '../testing/tables.ts'
import { type SheetOf, workbookOf } from '../testing/workbooks.ts'
import { lookAt } from './first-look.ts'

const MEMBERS: SheetOf = {
  name: 'Members',
  rows: [
    ['Team list'],
    ['Member no.', 'Full name', 'Cell', 'Squad', 'SMS Opt Out'],
    [100001, 'Ana Lee', 6045550101, 'Search', 'Y'],
    [100002, 'Bob Ray', 6045550102, '', 'N'],
    [100003, 'Cy Orr', 6045550103, 'Rope', 'N'],
  ],
  merges: ['A1:E1', 'D3:D4'],
}

async function look(sheets: SheetOf[]) {
  const source = sourceOf(await workbookOf(sheets), 100_000)
  const connection = {
    kind: 'https',
    url: 'https://files.example.org/list.xlsx',
    username: null,
    password: null,
  } as const
  const settings = { connection, format: formatOf(), mapping: null, rows: [], fields: [] }
  return lookAt(source, settings, new AbortController().signal)
}

it('before anything is mapped, a test shows the sheet with the most columns that Muster could map', async () => {
  const notes = { name: 'Instructions', rows: [['Read this first.'], ['Then the sheet Members.']] }
  const { sheet, columns } = await look([notes, MEMBERS])
  expect(sheet).toBe('Members')
  expect(columns.map(({ suggestion }) => suggestion?.to)).toEqual(['id', 'name', 'number', 'groups', 'smsStatus'])
  expect(columns[4]?.suggestion?.smsStatus).toEqual({ optedIn: 'N', optedOut: 'Y' })
})

it('a test shows merged cells also where blank rows make the sheet too large to keep', async () => {
  const blank = Array.from({ length: 60_000 }, () => ['<c s="0"/>', '<c s="0"/>', '<c s="0"/>', '<c s="0"/>'])
  const { rows } = await look([{ ...MEMBERS, rows: [...MEMBERS.rows, ...blank] }])
  expect(rows.map((cells) => cells[3])).toEqual(['Search', 'Search', 'Rope'])
})
