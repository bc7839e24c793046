import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { read, utils } from 'xlsx'
import { failureOf, readAll } from '../testing/tables.ts'
import { withoutNotation } from './notation.ts'
import { type CellValue, workbookStream, writeWorkbook } from './workbook.ts'

describe('writeWorkbook', () => {
  it('a written workbook reads in SheetJS as it was meant: a text stays a text even if it looks like a formula', async () => {
    const rows: CellValue[][] = [
      ['ID', 'Name', 'Number'],
      ['007', '=1+1', 6045550100],
      [null, 'Zoë <b> & "co"\nnext', '+1604'],
    ]
    const book = read(
      await writeWorkbook([
        { name: 'Problems', rows },
        { name: 'Other', rows: [['x']] },
      ]),
    )
    expect(book.SheetNames).toEqual(['Problems', 'Other'])
    const sheet = book.Sheets.Problems
    expect(sheet?.A2).toMatchObject({ t: 's', v: '007' })
    expect(sheet?.B2).toMatchObject({ t: 's', v: '=1+1' })
    expect(sheet?.B2.f).toBeUndefined()
    expect(sheet?.C2).toMatchObject({ t: 'n', v: 6045550100 })
    expect(utils.sheet_to_json(sheet ?? {}, { header: 1 })[2]).toEqual([undefined, 'Zoë <b> & "co"\nnext', '+1604'])
  })

  it('a written workbook reads back in our own reader unchanged, control characters included', async () => {
    // `="a"` is the notation of a text, and is read as that text.
    const text = fc
      .string({ unit: fc.constantFrom('a', '=', '<', '&', '"', ' ', '\n', '\r', '\0', '_x0041_', 'é', '😀') })
      .filter((cell) => withoutNotation(cell) === cell)
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 30 }), async (cells) => {
        const { rows } = await readAll(await writeWorkbook([{ name: 'A', rows: [['ID'], [...cells, 'end']] }]))
        expect(rows).toEqual([
          [1, 'ID'],
          [2, ...cells, 'end'],
        ])
      }),
      { numRuns: 50 },
    )
  })

  it('a written workbook has sheet names that Excel allows, and texts cut to what a cell holds', async () => {
    const name = 'Staff [2026]: everyone on the whole campus'
    const { details, rows } = await readAll(await writeWorkbook([{ name, rows: [['x'.repeat(40_000)]] }]))
    expect(details.sheet).toBe('Staff  2026   everyone on the w')
    expect(rows[0]?.[1]).toHaveLength(32_767)
  })

  it('a written workbook has text columns where a width is given, and a bold, frozen header', async () => {
    const bytes = await writeWorkbook([{ name: 'Template', columns: [{ width: 12 }], rows: [['ID'], ['7']] }])
    const book = read(bytes, { cellStyles: true, cellNF: true, bookFiles: true })
    expect(book.Sheets.Template?.['!cols']?.[0]?.width).toBe(12)
    expect(book.Sheets.Template?.A2.z).toBe('@')
    expect(new TextDecoder().decode(fileOf(book, 'xl/worksheets/sheet1.xml'))).toContain('state="frozen"')
  })

  it('the same rows always give the same bytes of a workbook', async () => {
    const sheets = [{ name: 'A', rows: [['ID'], ['1']] }]
    expect(await writeWorkbook(sheets)).toEqual(await writeWorkbook(sheets))
  })
})

describe('workbookStream', () => {
  it('a sheet with more rows than Excel takes goes on in further sheets under the same header', async () => {
    const bodies = Array.from({ length: 5 }, (_, i) => [`E${i}`])
    for (const [most, sheets] of [
      [6, [bodies]],
      [3, [bodies.slice(0, 2), bodies.slice(2, 4), bodies.slice(4)]],
      [5, [bodies.slice(0, 4), bodies.slice(4)]],
    ] as const) {
      const stream = workbookStream(
        [
          { name: 'Contacts', rows: [['ID'], ...bodies] },
          { name: 'Other', rows: [['x']] },
        ],
        most,
      )
      const book = read(await new Response(stream).arrayBuffer())
      const names = ['Contacts', 'Contacts (2)', 'Contacts (3)'].slice(0, sheets.length)
      expect(book.SheetNames).toEqual([...names, 'Other'])
      const rows = names.map((name) => utils.sheet_to_json(book.Sheets[name] ?? {}, { header: 1 }))
      expect(rows).toEqual(sheets.map((sheet) => [['ID'], ...sheet]))
    }
  })

  it('a workbook stream takes rows as it is read, and fails with their error', async () => {
    const rows = async function* () {
      yield ['ID']
      throw new Error('the rows broke off')
    }
    const stream = workbookStream([{ name: 'A', rows: rows() }])
    await expect(new Response(stream).arrayBuffer()).rejects.toThrow('the rows broke off')
  })

  it('a workbook stream stops taking rows when its reader leaves', async () => {
    let left = false
    const rows = function* () {
      try {
        for (let row = 0; ; row++) yield [`${row}-${'x'.repeat(row % 90)}`]
      } finally {
        left = true
      }
    }
    const reader = workbookStream([{ name: 'A', rows: rows() }]).getReader()
    for (let chunk = 0; chunk < 30; chunk++) await reader.read()
    await reader.cancel()
    await expect.poll(() => left).toBe(true)
  })

  it('a workbook of 50,000 rows is compressed to a few megabytes', async () => {
    const rows = function* () {
      for (let row = 0; row < 50_000; row++) yield [`E${row}`, 'Ann Example', '6045550100', 'Search, Rope', 'is blank']
    }
    const bytes = await writeWorkbook([{ name: 'A', rows: rows() }])
    expect(bytes.length).toBeLessThan(3_000_000)
    expect(await failureOf(bytes)).toBe('none')
  })
})

function fileOf(book: object, name: string): Uint8Array {
  const files: unknown = Reflect.get(book, 'files')
  const file: unknown = typeof files === 'object' && files !== null ? Reflect.get(files, name) : undefined
  const content: unknown = typeof file === 'object' && file !== null ? Reflect.get(file, 'content') : undefined
  return content instanceof Uint8Array ? content : new Uint8Array(0)
}
