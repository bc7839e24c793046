import { describe, expect, it } from 'vitest'
import { formatGeneral, numberFormat, serialOf } from './number-format.ts'

describe('the General format', () => {
  it.each([
    ['6045550100', '6045550100'],
    ['16045550100', '16045550100'],
    ['6.0455501E9', '6045550100'],
    ['1.60455501E10', '16045550100'],
    ['123456789012345', '123456789012345'],
    ['-42', '-42'],
    ['0', '0'],
    ['007', '7'],
    ['6045550100.0', '6045550100'],
    ['0.1', '0.1'],
    ['0.30000000000000004', '0.3'],
    ['3.14159265358979', '3.141592654'],
    ['1234567890123456789', '1.23457E+18'],
    ['', ''],
    ['n/a', 'n/a'],
  ])('the General format shows %s as %s', (raw, shown) => {
    expect(formatGeneral(raw)).toBe(shown)
  })
})

describe('numberFormat', () => {
  it.each([
    [14, undefined, '45351', '2/29/2024'],
    [22, undefined, '45351.75', '2/29/2024 18:00'],
    [10, undefined, '0.1234', '12.34%'],
    [49, undefined, '16045550100', '16045550100'],
    [164, '@', '12345678901', '12345678901'],
    [164, '0000000', '7', '0000007'],
    [164, '[<=9999999]###\\-####;\\(###\\)\\ ###\\-####', '6045550100', '(604) 555-0100'],
    [164, '_-* #,##0.00\\ "$"_-', '1234.5', '1,234.50 $'],
    [164, '[$-409]d\\-mmm\\-yyyy;@', '45351', '29-Feb-2024'],
    [164, ';;;', '12', '12'],
    [164, 'yyyy-mm-dd', '-1', '-1'],
    [164, 'no format [', '12', '12'],
    [999, undefined, '12', '12'],
  ])('the number format with ID %s and code %s shows %s as %s', (id, code, raw, shown) => {
    expect(numberFormat(id, code, false).show(raw)).toBe(shown)
  })

  it('a date counts its days from 1904 if the workbook does', () => {
    expect(numberFormat(164, 'yyyy-mm-dd', true).show('43889')).toBe('2024-02-29')
  })

  it('a number format shows a value the same way after many others', () => {
    const format = numberFormat(164, '00000', false)
    for (let value = 0; value < 12_000; value++) expect(format.show(`${value}`)).toBe(`${value}`.padStart(5, '0'))
  })
})

it('an ISO date has its serial number', () => {
  expect(serialOf('2024-02-29', false)).toBe(45351)
  expect(serialOf('2024-02-29T12:00:00Z', false)).toBe(45351.5)
  expect(serialOf('2024-02-29', true)).toBe(43889)
  expect(serialOf('29 Feb', false)).toBeNull()
})
