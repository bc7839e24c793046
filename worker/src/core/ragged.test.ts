import { describe, expect, it } from 'vitest'
import { RowReader } from '../formats/csv/rows.ts'
import { csvOf, HEADER } from '../testing/roster.ts'
import { findColumns } from './columns.ts'
import { CutOffCheck } from './ragged.ts'

/** Reads a text as an import does. Throws if the text was cut. */
function read(text: string): void {
  const { numbers, cells, unfinished = false } = new RowReader(',').read(text, true).batch
  const first = cells.map((row, i) => ({ number: numbers[i] ?? 0, cells: row }))
  const columns = findColumns(first, null)
  const check = new CutOffCheck(columns)
  for (const [i, row] of cells.entries())
    if ((numbers[i] ?? 0) > columns.headerRow) check.take(numbers[i] ?? 0, row, unfinished && i === cells.length - 1)
}

const CUT = expect.objectContaining({ code: 'truncated' })
const header = 'ID,Name,Number,Number Type,Groups,Title'
const row = (id: string) => `${id},Ana,6045550101,mobile,Rope,Lead`

describe('a text file whose last row has no line break', () => {
  it('a text whose last row was cut before its last cell is truncated', () => {
    const whole = csvOf([{ ID: 'a' }, { ID: 'b', Title: 'Lead', 'Email Address': 'b@example.org' }])
    const start = whole.lastIndexOf('\n', whole.length - 2) + 1
    const lastCell = whole.lastIndexOf(',') + 1
    for (let end = start + 1; end < lastCell; end++) expect(() => read(whole.slice(0, end)), `${end}`).toThrow(CUT)
    for (const end of [start, lastCell, whole.length - 2, whole.length])
      expect(() => read(whole.slice(0, end))).not.toThrow()
  })

  it('the failure for a truncated text names its last row', () => {
    expect(() => read(`${header}\n${row('a')}\nb,Bo`)).toThrow(/row 3.* 2 of the 6 cells/)
  })

  it('a text with a short last row is complete if an earlier row is as short', () => {
    expect(() =>
      read(`${header}\na,Ana,6045550101,mobile,Rope\n${row('b')}\nc,Cy,6045550103,mobile,Rope`),
    ).not.toThrow()
    expect(() => read(`${header}\na,Ana,6045550101,mobile,Rope\n${row('b')}\nc,Cy,6045550103,mobile`)).toThrow(CUT)
  })

  it('a short title above the header, or a blank row, does not make a truncated text complete', () => {
    expect(() => read(`Staff\n\n${header}\n${row('a')}\n , \nb`)).toThrow(CUT)
  })

  it('a text is complete if its last row lacks only unnamed columns, or is blank', () => {
    expect(() => read(`${header},,\n${row('a')},,\n${row('b')}`)).not.toThrow()
    expect(() => read(`${header}\n${row('a')}\n  `)).not.toThrow()
  })
})

it('a short last row that ends with a line break is not a cut', () => {
  for (const end of ['\n', '\r', '\r\n']) expect(() => read(`${HEADER.join()}\na,Ana${end}`)).not.toThrow()
})
