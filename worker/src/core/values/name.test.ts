import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fullName, readName } from './name.ts'

describe('a name', () => {
  test('a name is kept as it is written, on one line and with single spaces', () => {
    expect(readName(' Ana  O’Brien ')).toEqual({ kind: 'value', value: 'Ana O’Brien', findings: [] })
    expect(readName('Ana\nO’Brien')).toMatchObject({ value: 'Ana O’Brien' })
  })

  test.each(['', '  ', '\u00A0', 'n/a', 'null'])('a name that is blank as %j is unreadable', (cell) => {
    expect(readName(cell)).toMatchObject({ kind: 'unreadable', findings: [{ code: 'name_blank' }] })
  })

  test('a name that is an Excel error is unreadable', () => {
    expect(readName('#REF!')).toMatchObject({ kind: 'unreadable', findings: [{ code: 'excel_error' }] })
  })

  test('a name that was read is read again unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (cell) => {
        const name = readName(cell)
        if (name.kind === 'value') expect(readName(name.value)).toEqual(name)
      }),
    )
  })
})

test('a first and a last name make the full name, and either may be missing', () => {
  expect(fullName('Ana', 'O’Brien')).toBe('Ana O’Brien')
  expect(fullName('Ana', null)).toBe('Ana')
  expect(fullName('', 'O’Brien')).toBe('O’Brien')
  expect(fullName(null, null)).toBe('')
})
