import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RowReader } from './csv/rows.ts'
import { csvRow } from './csv-write.ts'
import { withoutNotation } from './notation.ts'

it('a CSV row is quoted where RFC 4180 asks for it, and ends with CRLF', () => {
  expect(csvRow(['a', 'b,c', 'say "hi"', 'two\nlines', null, 12.5])).toBe('a,"b,c","say ""hi""","two\nlines",,12.5\r\n')
})

it('a cell that looks like a formula is made harmless in a report only', () => {
  const cells = ['=1+1', '+1604', '-', '@SUM', '\tx', 'safe', -5]
  expect(csvRow(cells, { defused: true })).toBe("'=1+1,'+1604,'-,'@SUM,'\tx,safe,-5\r\n")
  expect(csvRow(['=1+1', '+1604'])).toBe('=1+1,+1604\r\n')
})

it('a CSV row reads back as the cells that were written', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 2 }), (cells) => {
      const [row = []] = new RowReader(',').read(csvRow(cells), true).batch.cells
      expect(row.map(withoutNotation)).toEqual(cells)
    }),
  )
})
