import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cases } from '../../testing/sample.ts'
import { damageKeys } from './look-alike.ts'

/** Does what the planner does: files the known, missing ID, and looks for the new one. */
function looksLike(fresh: string, missing: string): boolean {
  const filed = new Set(damageKeys(missing).filed)
  return damageKeys(fresh).sought.some((key) => filed.has(key))
}

describe('an ID and its spreadsheet form', () => {
  test.each([
    ['007', '7'],
    ['0', '000'],
    ['007', '7.0'],
    ['1001', '1001.0'],
    ['1001', '1001.00'],
    ['3.10', '3.1'],
    ['1234', '1,234'],
    ['1234567', '1,234,567.00'],
    ["'007", '007'],
    ['="007"', '7'],
    ["'A-1", '="A-1"'],
    ['123456789012', '1.23457E+11'],
    ['123456789012', '1,23457E+11'],
    ['123456789012', '1.23E+11'],
    ['0123456789012', '1.23457E+11'],
    ['120000000000', '1.2E+11'],
    ['999999999999', '1E+12'],
    ['123456789012', '1.23456789012E11'],
    ['123456789012', '123456789012.0'],
    ['12345678901234567', '12345678901234500'],
    ['12345678901234567', '1.23457E+16'],
    ['12E5', '1.20E+06'],
    ['12E5', '1200000'],
    ['3-4', '04-Mar'],
    ['3-4', '4-Mar'],
    ['3-4', '03-Apr'],
    ['3/4', '3/4/2026'],
    ['3-4', '2026-03-04'],
    ['3-4', '2026-03-04 00:00:00'],
    ['3-4-26', '3/4/2026'],
    ['3-45', 'Mar-45'],
    ['MAR1', '01-Mar'],
    ['SEPT2', '2-Sep'],
    ['1 March', '01-Mar'],
  ])('the ID %j and its spreadsheet form %j find each other', (whole, damaged) => {
    expect(looksLike(damaged, whole)).toBe(true)
    expect(looksLike(whole, damaged)).toBe(true)
  })
})

describe('similar IDs that no spreadsheet turns into each other', () => {
  test.each([
    ['7', '70'],
    ['7', '8'],
    ['E007', 'E7'],
    ['123456789012', '123456789099'],
    ['12345678901234567', '12345678901234568'],
    ['1.23457E+11', '1.23458E+11'],
    ['123456789012', '1.23457E+12'],
    ['123456789012', '1.23456E+11'],
    ['3-4', '4-3'],
    ['3-4', '05-Mar'],
    ['MAR1', 'MAR2'],
    ['abc', 'ABC'],
    ['ABC1', 'ABC01'],
  ])('the similar IDs %j and %j do not find each other', (one, other) => {
    expect(looksLike(one, other)).toBe(false)
    expect(looksLike(other, one)).toBe(false)
  })
})

test('most IDs have no keys at all', () => {
  for (const id of ['E0000001', 'jdoe', 'a@example.org', '5f0c1b2e-8f6d-4c1e-9d55-0a1b2c3d4e5f', 'TEAM 12', '']) {
    expect(damageKeys(id)).toEqual({ filed: [], sought: [] })
  }
})

test('a whole number and the form that Excel writes find each other', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 100_000_000_000n, max: 999_999_999_999_999n }), (value) => {
      const digits = String(value)
      const [mantissa = '', exponent = ''] = Number(value).toExponential(5).split('e+')
      const shown = `${mantissa.replace(/\.?0+$/, '')}E+${exponent.padStart(2, '0')}`
      expect(looksLike(shown, digits)).toBe(true)
      expect(looksLike(digits, shown)).toBe(true)
    }),
  )
})

test('an ID has at most eight keys, and nothing throws', () => {
  const written = fc.string({ unit: fc.constantFrom(...'0123456789.,-/E+\'="', 'Mar', 'sept'), maxLength: 12 })
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), written), (id) => {
      const { filed, sought } = damageKeys(id)
      expect(filed.length).toBe(sought.length)
      expect(filed.length).toBeLessThanOrEqual(8)
    }),
    { numRuns: cases(2000) },
  )
})
