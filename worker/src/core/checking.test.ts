import { describe, expect, it } from 'vitest'
import { openTable, tableOpener } from '../formats/table.ts'
import { formatOf, sourceOf } from '../testing/tables.ts'
import { workbookOf } from '../testing/workbooks.ts'
import { type CheckRules, checkFile } from './checking.ts'
import { formatSchema } from './source.ts'
import { shapeFor } from './table-shape.ts'

const HEADER = 'ID,Name,Number,Number Type,Groups\n'
const smsStatus = { optedIn: 'Y', optedOut: 'N', emptyMeansOptedIn: false }
const RULES: CheckRules = {
  mapping: null,
  rows: [],
  defaultCountry: 'US',
  fields: new Map(),
  smsStatus,
  most: 100,
  seed: 0,
}

function check(csv: string, rules: Partial<CheckRules> = {}) {
  const bytes = new TextEncoder().encode(csv)
  const source = { name: 'contacts.csv', size: bytes.length, read: async () => new Blob([bytes]).stream() }
  return checkFile(
    () => openTable(source, formatSchema.parse({})),
    { ...RULES, ...rules },
    () => undefined,
  )
}

describe('Checking a file', () => {
  it('a check counts the contacts that the file would add, and takes rows of one ID together however far apart they are', async () => {
    const { counts, problems } = await check(
      `${HEADER}1,Ana,6045550101,mobile,A\n2,Bo,6045550102,mobile,A\n1,Ana,6045550103,landline,B\n`,
    )
    expect(counts).toMatchObject({ rows: 3, matched: 2, added: 2, errors: 0 })
    expect(problems).toEqual([])
  })

  it('a check names by row the values that an import would leave out', async () => {
    const { counts, problems } = await check(`${HEADER}1,Ana,6045550101,mobile,A\n2,,6045550102,mobile,A\n`)
    expect(counts).toMatchObject({ added: 1, errors: 1 })
    expect(problems).toMatchObject([{ row: 3, id: '2', column: 'Name', severity: 'error' }])
  })

  it('a check names ragged rows, and mobile numbers that two IDs have', async () => {
    const { counts, problems } = await check(
      `${HEADER}1,Ana,6045550101,mobile,A\n2,Bo,6045550101,mobile,A\n3,Cy,6045550101,mobile,A,B\n`,
    )
    expect(counts).toMatchObject({ added: 2, errors: 1, warnings: 2 })
    expect(problems.map(({ row, code }) => [row, code])).toEqual([
      [2, 'number_shared'],
      [3, 'number_shared'],
      [4, 'row_too_long'],
    ])
  })

  it('a check reads a file’s own columns by the mapping of a source', async () => {
    const mapping = [
      { column: 'Nr', to: 'id' },
      { column: 'Who', to: 'name' },
    ]
    expect((await check('Nr,Who\n1,Ana\n', { mapping })).counts).toMatchObject({ added: 1, errors: 0 })
  })

  it('a check reads a workbook again for merged cells that follow its rows', async () => {
    const people = Array.from({ length: 300 }, (_, i) => [`E${i}`, 'Ana', i === 0 ? 'A' : '', 'x'.repeat(20_000)])
    const bytes = await workbookOf([{ name: 'A', rows: [['ID', 'Name', 'Groups'], ...people], merges: ['C2:C301'] }])
    const mapping = ['ID', 'Name', 'Groups'].map((column) => ({ column, to: column.toLowerCase() }))
    const open = tableOpener(sourceOf(bytes, 100_000), formatOf(), { shapeOf: shapeFor(mapping) })
    const { counts, problems } = await checkFile(open, { ...RULES, mapping }, () => undefined)
    expect(counts).toMatchObject({ rows: 300, added: 300 })
    expect(problems).toEqual([])
  })

  it('a check says why a file cannot be imported at all', async () => {
    await expect(check('Some,thing\n1,2\n')).rejects.toMatchObject({ code: 'header_missing' })
    await expect(check('')).rejects.toMatchObject({ code: 'empty' })
    const cut = `${HEADER}1,Ana,6045550101,mobile,A\n2,Bo,60455`
    await expect(check(cut)).rejects.toMatchObject({ code: 'truncated', message: expect.stringContaining('row 3') })
  })

  it('a check keeps at most the requested number of problems, and counts all of them', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i},,6045550102,mobile,A\n`).join('')
    const { counts, problems } = await check(HEADER + rows, { most: 10 })
    expect(counts.errors).toBe(30)
    expect(problems).toHaveLength(10)
  })
})
