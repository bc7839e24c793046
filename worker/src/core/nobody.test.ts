import { describe, expect, it } from 'vitest'
import { findColumns } from './columns.ts'
import { NobodyRows } from './nobody.ts'

const HEADER = ['ID', 'Name', 'Mobile', 'Email', 'Team*', '']
const MAPPING = [
  { column: 'ID', to: 'id' },
  { column: 'Name', to: 'name' },
  { column: 'Mobile', to: 'number' },
  { column: 'Email', to: 'email' },
]
const rows = new NobodyRows(findColumns([{ number: 1, cells: HEADER }], MAPPING))

describe('a row that describes no person', () => {
  it.each([[['ID', 'Name', 'Mobile', 'Email', 'Team*', '']], [['\uFEFFid', ' NAME ', 'mobile', 'Email *', 'Team']]])(
    'a repeated header starts another table: %j',
    (cells) => {
      expect(rows.recognise(cells)).toBe('header')
    },
  )

  it.each([
    [['----------', '--------------------', '------', '---', '-', '']],
    [['===', '', '', '', '', '']],
    [['Total', '2', '', '', '', '']],
    [['', 'Grand Total:', '1,234', '', '', '']],
    [['TOTAL RECORDS: 25']],
    [['Gesamt', '', '', '12', '', '']],
    [['Subtotal', '3', '100.0 %', '', '', '']],
    [['Record count', '25']],
    [['TRAILER', '000001']],
    [['TRL', '20260105', '000042', '', '', '']],
    [['EOF']],
    [['*** End of Report ***', '', '']],
    [['\\.']],
    [['\u001a']],
    [['\u0000\u0000', '\u001a']],
    [['合計', '25', '']],
  ])('a row that is no person is left out wherever it is: %j', (cells) => {
    expect(rows.recognise(cells)).toBe('other')
  })

  it.each([
    [['ID', 'Ann', '', '', '', '']],
    [['Total', 'Ann Total', '', '', '', '']],
    [['Total', '', '604 555 0101', '', '', '']],
    [['Total', '2', '', 'ann@example.org', '', '']],
    [['Endo', '5', '', '', '', '']],
    [['Totaly', '5', '', '', '', '']],
    [['Trailer Park', 'Ann', '', '', '', '']],
    [['---', 'Ann', '', '', '', '']],
    [['#N/A', '5', '', '', '', '']],
    [['ann', '', '', '', '', '']],
    [['', 'Ann', '6045550101', '', '', '']],
    [['Count', 'Dracula', '', '', '', '']],
  ])('a row that may be a person is not left out: %j', (cells) => {
    expect(rows.recognise(cells)).toBeNull()
  })
})
