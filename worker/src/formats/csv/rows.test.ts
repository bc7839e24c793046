import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../core/failure.ts'
import { cases } from '../../testing/sample.ts'
import { RowReader } from './rows.ts'

function rowsOf(text: string, delimiter = ','): [number, ...string[]][] {
  const { numbers, cells } = new RowReader(delimiter).read(text, true).batch
  return cells.map((row, index) => [numbers[index] ?? Number.NaN, ...row])
}

describe('RowReader', () => {
  it('rows end with CR, LF or CRLF, also in one file', () => {
    expect(rowsOf('a,b\nc,d\r\ne,f\rg,h')).toEqual([
      [1, 'a', 'b'],
      [2, 'c', 'd'],
      [3, 'e', 'f'],
      [4, 'g', 'h'],
    ])
  })

  it('a last row without a line break is unfinished, and one with a line break is not', () => {
    const unfinished = (text: string, last = true) => new RowReader(',').read(text, last).batch.unfinished ?? false
    for (const text of ['a,b\nc', 'a,b\n"c"', 'a', '"a,b" ', 'a\r\nb\r', '"a"\r\n"b"\r'])
      expect(unfinished(text), text).toBe(true)
    for (const text of ['', '\n', 'a,b\n', 'a,b\r', 'a\rb\r', 'a\nb\r', '"a"\r\n', 'a\n\n'])
      expect(unfinished(text), text).toBe(false)
    expect(unfinished('a,b\nc', false)).toBe(false)
    const reader = new RowReader(',')
    reader.read('a\r\nb', false)
    expect(reader.read('b\r', true).batch.unfinished).toBe(true)
  })

  it('rows are numbered as in a spreadsheet: a quoted newline adds none, a blank line is a row', () => {
    expect(rowsOf('ID,Note\n1,"two\r\nlines"\n\n\r\n2,x\n')).toEqual([
      [1, 'ID', 'Note'],
      [2, '1', 'two\r\nlines'],
      [5, '2', 'x'],
    ])
  })

  it('quoted delimiters and doubled quotes are read, and empty and extra cells are kept', () => {
    expect(rowsOf('"a;b";"say ""hi""";""\n;;\n1;2;3;4;\n', ';')).toEqual([
      [1, 'a;b', 'say "hi"', ''],
      [2, '', '', ''],
      [3, '1', '2', '3', '4', ''],
    ])
  })

  it('a quote inside a cell and text after a closing quote stay in the cell', () => {
    expect(rowsOf('1,6" pipe,x\n2,"Bob" Smith,y\n3,"z" ,"w"\n')).toEqual([
      [1, '1', '6" pipe', 'x'],
      [2, '2', 'Bob Smith', 'y'],
      [3, '3', 'z ', 'w'],
    ])
  })

  it('blanks before an opening quote are not part of the cell', () => {
    expect(rowsOf('1, "Lee, Ana" , "x"\n2,  "two\nlines",y\n3, "Bob" Smith, 6"\n')).toEqual([
      [1, '1', 'Lee, Ana ', 'x'],
      [2, '2', 'two\nlines', 'y'],
      [3, '3', 'Bob Smith', ' 6"'],
    ])
    expect(rowsOf('1\t"a"\t\t "b\tc"\n', '\t')).toEqual([[1, '1', 'a', '', 'b\tc']])
    expect(rowsOf('1 "a"  "b"\n', ' ')).toEqual([[1, '1', 'a', '', 'b']])
  })

  it('a stray quote at the start of a cell loses no row', () => {
    expect(rowsOf('1,"Bob,x\n2,"Ann",y\n3,Cy,z\n')).toEqual([
      [1, '1', '"Bob', 'x'],
      [2, '2', 'Ann', 'y'],
      [3, '3', 'Cy', 'z'],
    ])
  })

  it('a text that ends inside a quoted cell is truncated, and the failure names the row', () => {
    const read = () => rowsOf('ID,Name\n1,Ann\n2,"Bo')
    expect(read).toThrow(Failure)
    expect(read).toThrow(expect.objectContaining({ code: 'truncated', message: expect.stringContaining('row 3') }))
  })

  it('the rows that PapaParse writes are read as PapaParse reads them', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r', ' ', '\t') })
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        const text = Papa.unparse(rows, { newline: '\n', quotes: true })
        expect(rowsOf(text).map(([, ...cells]) => cells)).toEqual(rows)
        expect(Papa.parse(text, { delimiter: ',', newline: '\n' }).data).toEqual(rows)
      }),
    )
  })

  it('a text gives the same rows, no matter where it is cut', () => {
    const unit = fc.constantFrom('a', '"', ',', '\n', '\r', ' ', '\\', '=')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), fc.array(fc.nat(20), { minLength: 1 }), (text, lengths) => {
        expect(piecewise(text, lengths)).toEqual(piecewise(text, [text.length]))
      }),
      { numRuns: cases(2000) },
    )
  })
})

/** Returns the rows of a text that arrives in pieces, or the message of the failure that it ends with. */
function piecewise(text: string, lengths: number[]): unknown {
  const reader = new RowReader(',')
  const rows: unknown[] = []
  let [rest, at] = ['', 0]
  try {
    for (let index = 0; at < text.length; index++) {
      const length = (lengths[index % lengths.length] ?? 0) + 1
      const { batch, used } = reader.read(rest + text.slice(at, at + length), false)
      rest = (rest + text.slice(at, at + length)).slice(used)
      at += length
      rows.push(...batch.numbers.map((number, row) => [number, batch.cells[row]]))
    }
    const { batch } = reader.read(rest, true)
    return [...rows, ...batch.numbers.map((number, row) => [number, batch.cells[row]])]
  } catch (error) {
    if (error instanceof Failure) return error.message
    throw error
  }
}
