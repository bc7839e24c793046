import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { growth } from '../testing/growth.ts'
import { readAll } from '../testing/tables.ts'
import { csvRow } from './csv-write.ts'
import { withoutNotation } from './notation.ts'

describe('spreadsheet notation', () => {
  it.each([
    ['="0012"', '0012'],
    ['=""', ''],
    ['="say ""hi"""', 'say "hi"'],
    ['="0012" ', '0012'],
    ['=T("0012")', '0012'],
    ['=t("a")', 'a'],
    ['=HYPERLINK("mailto:ana@example.org","ana@example.org")', 'ana@example.org'],
    ['=HYPERLINK("https://example.org/a"; "Ana")', 'Ana'],
    ["'=Ana", '=Ana'],
    ["'+1 604 555 0100", '+1 604 555 0100'],
    ["'-Search", '-Search'],
    ["'@home", '@home'],
    ["'\tx", '\tx'],
    ["'\rx", '\rx'],
    ["''=Ana", "'=Ana"],
    ["'＝Ana", '＝Ana'],
    ["' =Ana", ' =Ana'],
    ["'\n=Ana", '\n=Ana'],
    ['\\N', ''],
  ])('the cell %j shows %j', (cell, text) => expect(withoutNotation(cell)).toBe(text))

  it.each([
    "'t Hooft",
    "'",
    "''",
    "'0012",
    '=',
    '="',
    '=A1',
    '="a"&"b"',
    '="a',
    '=T("a"',
    '=SUM(1)',
    '=T(A1)',
    '+1',
    '\\n',
    'N',
    '\\N x',
    '="a"b"',
  ])('the cell %j is shown as it is', (cell) => expect(withoutNotation(cell)).toBe(cell))

  it('="0012" is 0012 in every column of a CSV file, quoted or not, and may hold a separator', async () => {
    const text = 'ID,Name,Groups\n="0012", ="Lee, Ana" ,"=""Search"""\n="a,=b,="""\n'
    expect((await readAll(`="ID",Name,Groups\n${text.slice(15)}`)).rows).toEqual([
      [1, 'ID', 'Name', 'Groups'],
      [2, '0012', 'Lee, Ana ', 'Search'],
      [3, 'a,=b,="'],
    ])
  })

  it('what Muster writes reads back as it was, with formulas made harmless', async () => {
    const unit = fc.constantFrom('a', '0', '=', "'", '"', '+', '-', '@', '\\', 'N', ',', ';', '＝', 'T', '(', ')')
    // A backslash before a quote is how databases write the quote, so it is read as one.
    const cell = fc.string({ unit, maxLength: 8 }).filter((text) => !/\\['"]/.test(text))
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 4, maxLength: 4 }), async (cells) => {
        const text = csvRow(['ID', 'x', 'y', 'z']) + csvRow(cells)
        const { rows } = await readAll(text, { delimiter: ',' })
        expect(rows[1]).toEqual([2, ...cells])
      }),
    )
  })

  it('a long cell that looks like a formula is read in time that follows its length', async () => {
    for (const cell of ['="', '=HYPERLINK("', "'", '=T("a""']) {
      expect(await growth(20_000, (size) => withoutNotation(cell.repeat(size))), cell).toBeLessThan(32)
    }
  })
})
