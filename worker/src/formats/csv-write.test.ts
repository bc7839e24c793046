import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RowReader } from './csv/rows.ts'
import { csvRow } from './csv-write.ts'
import { withoutNotation } from './notation.ts'

it('a CSV row is quoted where RFC 4180 asks for it, and ends with CRLF', () => {
  expect(csvRow(['a', 'b,c', 'say "hi"', 'two\nlines', null, 12.5])).toBe('a,"b,c","say ""hi""","two\nlines",,12.5\r\n')
})

const SIGNS = ['=', '+', '-', '@', '＝', '＋', '－', '＠']
const BEFORE = ['', ' ', '\u00a0', '\ufeff', '\t', '\r', '\n', '"', '""', ' "', '\n\t ', "'", "''"]

it.each(SIGNS)(
  'a text that begins with %s is no formula, whatever blanks, quotes and apostrophes are before it',
  (sign) => {
    for (const before of BEFORE) {
      const text = `${before}${sign}cmd|' /C calc'!A0`
      expect(cellsOf(csvRow([text, 'x']))).toEqual([`'${text}`, 'x'])
    }
  },
)

it.each(['\t', '\r', '\n'])('a text that begins with %j is no formula', (blank) => {
  expect(cellsOf(csvRow([`${blank}x`, 'x']))).toEqual([`'${blank}x`, 'x'])
})

it('a telephone number, a number and a text with a sign inside are written as they are', () => {
  const cells = ['+16045550100', '+16045550100 x12', "t'Hooft", 'a=b', 'a-b', 'ana@example.org', -5]
  expect(csvRow(cells)).toBe(`${cells.join(',')}\r\n`)
  expect(csvRow(['+1604+cmd', '+1 604', '+A1'])).toBe("'+1604+cmd,'+1 604,'+A1\r\n")
})

it('a formula behind the separator of another country is quoted, so that it stays in its cell', () => {
  expect(csvRow(['a; =1+1', 'a\t=1', 'a; b'])).toBe('"a; =1+1","a\t=1",a; b\r\n')
})

it('no text that is written begins as a formula does, and each reads back as it was', () => {
  const unit = fc.constantFrom(...SIGNS, ...BEFORE, '0', '1', 'x', ' ', ';', ',', '\\', 'N', 'é')
  const text = fc.oneof(fc.string({ unit, maxLength: 8 }), fc.string())
  fc.assert(
    fc.property(text, (one) => {
      const [cell = ''] = cellsOf(csvRow([one, 'x']))
      expect(withoutNotation(cell)).toBe(one)
      // What is no formula begins with an apostrophe, or with something else than blanks, quotes and a sign.
      if (!/^\+\d+(?: x\d+)?$/.test(cell)) expect(cell).toMatch(/^(?:'|["\s]*(?:[^"\s=+\-@＝＋－＠]|$))/)
      if (!cell.startsWith("'")) expect(cell).not.toMatch(/^[\t\r\n]/)
    }),
    { numRuns: 2000 },
  )
})

it('a CSV row reads back as the cells that were written', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 2 }), (cells) => {
      expect(cellsOf(csvRow(cells)).map(withoutNotation)).toEqual(cells)
    }),
  )
})

/** Returns the cells of a row of CSV, as another program reads them. */
function cellsOf(row: string): string[] {
  return [...(new RowReader(',').read(row, true).batch.cells[0] ?? [])]
}
