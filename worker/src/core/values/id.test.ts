import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readId, shortenedId } from './id.ts'

describe('an ID', () => {
  test.each(['007', '7', '7.0', '1.23457E+11', '04-Mar', 'E0000001', 'a b', 'NA', '0', 'Jose\u0301', "'007"])(
    'the ID %j is kept as exactly that string, and is never repaired',
    (id) => expect(readId(id)).toEqual({ kind: 'value', value: id, findings: [] }),
  )

  test('an ID is trimmed', () => {
    expect(readId(' \uFEFF007\u00A0')).toMatchObject({ value: '007' })
  })

  test('an ID may have any length', () => {
    expect(readId('x'.repeat(10_000))).toMatchObject({ kind: 'value' })
  })

  test.each([
    ['', 'id_blank'],
    [' \u00A0', 'id_blank'],
    ['n/a', 'id_blank'],
    ['null', 'id_blank'],
    ['-', 'id_blank'],
    ['#N/A', 'excel_error'],
    ['#####', 'excel_error'],
    ['a\nb', 'id_unreadable'],
    ['a\u0000b', 'id_unreadable'],
    ['a\uFFFDb', 'id_unreadable'],
    ['a\uD800', 'id_unreadable'],
  ])('the ID %j is not read: %s', (cell, code) => {
    expect(readId(cell)).toMatchObject({ kind: 'unreadable', findings: [{ code }] })
  })

  test.each(['1.23457E+11', '1,23457E+11', '9.00001e+08', '1E+05', '1.23456789012E+11'])(
    'the ID %j was shortened by a spreadsheet',
    (id) => expect(shortenedId(id)).toMatchObject({ code: 'id_lost_digits' }),
  )

  test.each(['1E5', '2F7', '12E5', '1E-5', '3E12', 'E+05', '1.5E', 'a1E+05', '1E+5', '123457', '1+1'])(
    'the ID %j was not shortened',
    (id) => expect(shortenedId(id)).toBeNull(),
  )

  test('an ID that was read is read again unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (cell) => {
        const id = readId(cell)
        if (id.kind === 'value') expect(readId(id.value)).toEqual(id)
      }),
    )
  })
})
