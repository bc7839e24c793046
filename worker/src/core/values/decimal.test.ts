import { describe, expect, test } from 'vitest'
import { readDecimal } from './decimal.ts'

describe('a number', () => {
  test.each([
    ['7', '7'],
    ['007', '7'],
    ['-0', '0'],
    ['+5', '5'],
    ['−5', '-5'],
    ['1234.50', '1234.5'],
    ['7.0', '7'],
    ['.5', '0.5'],
    ['1,234', '1234'],
    ['1,234,567.25', '1234567.25'],
    ['1\u202F234', '1234'],
    ['1,5', '1.5'],
    ['1 234,5', '1234.5'],
    ['1.234,5', '1234.5'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['1.5E+1', '15'],
    ['1.23456789012E+11', '123456789012'],
    ['1.25E-02', '0.0125'],
    ['１２', '12'],
  ])('the number %j is read as %s', (text, number) => expect(readDecimal(text)).toBe(number))

  test.each(['1.23457E+11', '1E+05', '1,2E+09'])('the number %s was shortened by a spreadsheet', (text) =>
    expect(readDecimal(text)).toBe('lost'),
  )

  test.each(['', '-', '.', 'ten', '1,23,4', '12 3', '5%', '$5', '1.2.3', '--1', '1'.repeat(61), '1E-99'])(
    'the text %j is not a number',
    (text) => expect(readDecimal(text)).toBeNull(),
  )
})
