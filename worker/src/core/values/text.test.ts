import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { growth } from '../../testing/growth.ts'
import { cases } from '../../testing/sample.ts'
import { cleanLine, cleanText, quote, readText, trimInvisible } from './text.ts'

const anyCell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom(' ', '\t', '\n', '\r', '\0', '\uFEFF', '\u200B', '\u0301', 'e', 'A', '\uD800'),
    maxLength: 12,
  }),
)

describe('the text of a cell', () => {
  test.each([
    ['  Ana ', 'Ana'],
    ['\uFEFFAna', 'Ana'],
    ['\u00A0Ana\u200B\u202C', 'Ana'],
    ['Ana  Maria', 'Ana  Maria'],
    ['Jose\u0301', 'José'],
    ['A\u0000n\u0007a', 'Ana'],
    ['one\r\ntwo\rthree', 'one\ntwo\nthree'],
    ['one\ttwo', 'one\ttwo'],
    ['lone \uD800', 'lone \uFFFD'],
    [' \u00A0\uFEFF ', ''],
  ])('the cell %j is cleaned to %j', (cell, text) => expect(cleanText(cell)).toBe(text))

  test('a text on one line has a space in place of each line break', () => {
    expect(cleanLine('Ana\r\n  Maria\tLee ')).toBe('Ana Maria Lee')
    expect(cleanLine('Ana  Maria')).toBe('Ana Maria')
  })

  test.each([
    ['an\u200Ba', 'ana'],
    ['An\u00ADa \u200EMa\u2060ria', 'Ana Maria'],
    ['Ana\u00A0Maria\u3000Lee', 'Ana Maria Lee'],
    ['Se\u200Darch', 'Search'],
    ['می\u200Cخواهم', 'می\u200Cخواهم'],
    ['👩\u200D🚒', '👩\u200D🚒'],
  ])('invisible characters inside the cell %j are left out, but not joiners of other scripts: %j', (cell, text) => {
    expect(cleanText(cell)).toBe(text)
  })

  test('a cleaned text is cleaned again unchanged', () => {
    fc.assert(
      fc.property(anyCell, (cell) => {
        expect(cleanText(cleanText(cell))).toBe(cleanText(cell))
        expect(cleanLine(cleanLine(cell))).toBe(cleanLine(cell))
      }),
      { numRuns: cases(2000) },
    )
  })

  test('a text is trimmed in time that grows only with its length', async () => {
    const trim = (length: number) => {
      const cell = `x${' '.repeat(length)}x`
      expect(trimInvisible(cell)).toBe(cell)
      expect(cleanText(`${cell}\u00E9`)).toHaveLength(cell.length + 1)
    }
    expect(await growth(100_000, trim)).toBeLessThan(32)
  })
})

describe('a placeholder', () => {
  test.each(['n/a', 'N/A', 'null', 'NULL', 'None', '-', '--', '–', '—', ' n/a ', '(none)'])(
    'the placeholder %j is read as blank with a warning',
    (cell) => {
      expect(readText(cell)).toMatchObject({ kind: 'blank', findings: [{ code: 'placeholder' }] })
    },
  )

  test.each(['NA', 'Nan', 'Noné', 'nullable', '.', '0', 'n/a/b', '- a'])('the text %j is not a placeholder', (cell) => {
    expect(readText(cell)).toEqual({ kind: 'value', value: cell, findings: [] })
  })

  test('an empty cell is blank without a warning', () => {
    for (const cell of ['', '  ', '\uFEFF']) expect(readText(cell)).toEqual({ kind: 'blank', findings: [] })
  })
})

describe('an Excel error', () => {
  test.each(['#N/A', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '#NULL!', '#NUM!', '#n/a', '#SPILL!', '#VALEUR!'])(
    'the Excel error %s is not a value',
    (cell) => {
      const value = readText(cell)
      expect(value).toMatchObject({ kind: 'unreadable', findings: [{ code: 'excel_error' }] })
      expect(value.findings[0]?.message).toContain(cell.toUpperCase())
    },
  )

  test('the # signs of a narrow column are not a value', () => {
    expect(readText('#######').findings[0]?.message).toContain('too narrow')
    for (const cell of ['#', '#1', '#general']) expect(readText(cell).kind).toBe('value')
  })
})

test('characters that were lost to a wrong encoding cause a warning', () => {
  expect(readText('Jos\uFFFD')).toMatchObject({
    kind: 'value',
    value: 'Jos\uFFFD',
    findings: [{ code: 'text_undecodable' }],
  })
})

test('a cell is quoted on one line and cut at 60 characters', () => {
  expect(quote('a\n b')).toBe('“a b”')
  expect(Array.from(quote('😀'.repeat(500)))).toHaveLength(62)
  expect(quote('x'.repeat(60))).toBe(`“${'x'.repeat(60)}”`)
})
