import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cases } from '../../testing/sample.ts'
import { readField } from './field.ts'
import { FIELD_TYPES, type FieldType } from './field-type.ts'

const one = (cell: string, type: FieldType, country = 'US') => {
  const value = readField(cell, { type, list: false }, country)
  return value.kind === 'value' ? value.value[0] : value.findings[0]?.code
}
const list = (cell: string, type: FieldType) => {
  const value = readField(cell, { type, list: true }, 'US')
  return value.kind === 'value' ? value.value : value.kind
}

describe('a custom field', () => {
  test('a custom field of text keeps its text', () => {
    expect(one(' Marine Biology, B.Sc. ', 'text')).toBe('Marine Biology, B.Sc.')
    expect(one('one\r\ntwo', 'text')).toBe('one\ntwo')
  })

  test.each([
    ['yes', 'true'],
    ['Y', 'true'],
    ['TRUE', 'true'],
    ['1', 'true'],
    ['no', 'false'],
    ['N', 'false'],
    ['False', 'false'],
    ['0', 'false'],
    ['X', 'true'],
    ['x', 'true'],
    ['✓', 'true'],
    ['✔\uFE0F', 'true'],
    ['☑', 'true'],
    ['☐', 'false'],
    ['T', 'true'],
    ['F', 'false'],
    ['on', 'true'],
    ['Off', 'false'],
    ['Oui', 'true'],
    ['NON', 'false'],
    ['vrai', 'true'],
    ['Ja', 'true'],
    ['Nein', 'false'],
    ['WAHR', 'true'],
    ['Falsch', 'false'],
    ['Sí', 'true'],
    ['VERDADERO', 'true'],
    ['falso', 'false'],
    ['sì', 'true'],
    ['não', 'false'],
    ['maybe', 'field_not_yes_or_no'],
    ['o', 'field_not_yes_or_no'],
    ['yes/no', 'field_not_yes_or_no'],
    ['2', 'field_not_yes_or_no'],
  ])('a yes-or-no field reads %j as %s', (cell, expected) => expect(one(cell, 'boolean')).toBe(expected))

  test('a custom field of numbers or dates says what is wrong with a cell', () => {
    expect(one('ten', 'number')).toBe('field_not_a_number')
    expect(one('1.23457E+11', 'number')).toBe('field_lost_digits')
    expect(one('soon', 'date')).toBe('field_not_a_date')
  })

  test('a number of a text that may be a thousand times another is not guessed', () => {
    const inText = (cell: string, country: string) => {
      const value = readField(cell, { type: 'number', list: false, isText: true }, country)
      return value.kind === 'value' ? value.value[0] : value.findings[0]?.code
    }
    for (const cell of ['1.234', '1,234', '12.345', '-1.200']) {
      expect([cell, inText(cell, 'DE')]).toEqual([cell, 'field_not_a_number'])
    }
    expect(['0.125', '1.5', '1,5', '1.234,5', '1.234.567', '1234', '1 234'].map((cell) => inText(cell, 'DE'))).toEqual([
      '0.125',
      '1.5',
      '1.5',
      '1234.5',
      '1234567',
      '1234',
      '1234',
    ])
    expect([inText('1.234', 'US'), inText('1,234', 'US')]).toEqual(['1.234', '1234'])
    expect(one('1.234', 'number', 'DE')).toBe('1.234')
  })

  test('a custom field can be blank, a placeholder or an Excel error like any cell', () => {
    for (const type of FIELD_TYPES) {
      expect(readField('', { type, list: false }, 'US')).toEqual({ kind: 'blank', findings: [] })
      expect(readField('n/a', { type, list: true }, 'US')).toMatchObject({
        kind: 'blank',
        findings: [{ code: 'placeholder' }],
      })
      expect(readField('#REF!', { type, list: false }, 'US')).toMatchObject({ kind: 'unreadable' })
    }
  })
})

describe('a field marked as a list', () => {
  test.each([
    ['Biology, Chemistry', ['Biology', 'Chemistry']],
    ['Biology; Chemistry, organic', ['Biology', 'Chemistry, organic']],
    ['Biology|Chemistry|Biology', ['Biology', 'Chemistry']],
    ['Biology\nChemistry\n', ['Biology', 'Chemistry']],
    ['Biology', ['Biology']],
    ['["Biology", "Chemistry, organic"]', ['Biology', 'Chemistry, organic']],
    ['{Biology,"Chemistry, organic"}', ['Biology', 'Chemistry, organic']],
    ['Biology ::: Chemistry', ['Biology', 'Chemistry']],
    ['1;#Biology;#2;#Chemistry', ['Biology', 'Chemistry']],
  ])('a list field takes several values from %j', (cell, values) => expect(list(cell, 'text')).toEqual(values))

  test('a list field keeps a number or date with a comma in one piece', () => {
    expect(list('1,234', 'number')).toEqual(['1234'])
    expect(list('Oct 5, 2019', 'date')).toEqual(['2019-10-05'])
    expect(list('Oct 5, 2019; 2020-01-01', 'date')).toEqual(['2019-10-05', '2020-01-01'])
    expect(list('1, 2', 'number')).toEqual(['1', '2'])
  })

  test('a list field keeps the readable values beside unreadable ones', () => {
    expect(readField('1; two', { type: 'number', list: true }, 'US')).toMatchObject({
      kind: 'value',
      value: ['1'],
      findings: [{ code: 'field_not_a_number' }],
    })
    expect(list('one; two', 'number')).toBe('unreadable')
    expect(list(';;', 'text')).toBe('blank')
  })
})

test('field values that were read are read again unchanged, and nothing throws', () => {
  const dates = fc
    .tuple(
      fc.date({ noInvalidDate: true, min: new Date('1930-01-01'), max: new Date('2029-12-31') }),
      fc.constantFrom(' ', '-', '/'),
    )
    .map(([date, separator]) => {
      const [, day, month, year] = date.toUTCString().split(' ')
      return [separator === '/' ? date.getUTCMonth() + 1 : month, day, year].join(separator)
    })
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toLocaleString('en-US')),
    fc.bigInt().map(String),
  )
  const written = fc.string({
    unit: fc.constantFrom(...'0123456789.,-/:;E+ ', 'Oct', 'mars', 'PM', 'T', 'yes'),
    maxLength: 14,
  })
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), written, dates, numbers),
      fc.constantFrom(...FIELD_TYPES),
      fc.boolean(),
      fc.constantFrom('US', 'CA', ''),
      (cell, type, isList, country) => {
        const value = readField(cell, { type, list: isList }, country)
        if (value.kind !== 'value') return
        expect(value.value.length).toBeGreaterThan(0)
        if (!isList)
          expect(readField(value.value[0] ?? '', { type, list: false }, 'US')).toMatchObject({ value: value.value })
        else if (type !== 'text')
          expect(readField(value.value.join('; '), { type, list: true }, 'US')).toMatchObject({ value: value.value })
      },
    ),
    { numRuns: cases(5000) },
  )
})

test('a text has single spaces, so that rows of one ID may differ by theirs', () => {
  expect(readField('Rope  \u00A0 team', { type: 'text', list: false }, 'US')).toMatchObject({ value: ['Rope team'] })
})
