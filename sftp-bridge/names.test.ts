import { describe, expect, it } from 'vitest'
import { isTemporary, matches, splitPath } from './names.ts'
import { isNewer } from './pick.ts'
import { openRequestSchema } from './request.ts'

describe('a pattern', () => {
  it.each([
    ['contacts-*.csv', 'contacts-2026-02-03.csv'],
    ['contacts-*.csv', 'contacts-.csv'],
    ['*', 'anything at all'],
    ['*.csv', '.csv'],
    ['*-*-*.csv', 'a-b-c-d.csv'],
    ['contacts-?.csv', 'contacts-7.csv'],
    ['contacts-?.csv', 'contacts-é.csv'],
    ['contacts-?.csv', 'contacts-😀.csv'],
    ['a.b+c[1].csv', 'a.b+c[1].csv'],
    ['**a', 'banana'],
  ])('the pattern %s matches %s', (pattern, name) => expect(matches(pattern, name)).toBe(true))

  it.each([
    ['contacts-*.csv', 'contacts.csv'],
    ['contacts-*.csv', 'contacts-1.csv.bak'],
    ['contacts-*.csv', 'my contacts-1.csv'],
    ['Contacts.csv', 'contacts.csv'],
    ['contacts-?.csv', 'contacts-10.csv'],
    ['contacts-?.csv', 'contacts-.csv'],
    ['a.c', 'abc'],
    ['[ab].csv', 'a.csv'],
    ['', 'a'],
  ])('the pattern %j does not match %s', (pattern, name) => expect(matches(pattern, name)).toBe(false))

  it('a pattern of many stars does not try every way to match a long name, which would never end', () => {
    expect(matches(`${'*a'.repeat(40)}b`, 'a'.repeat(5000))).toBe(false)
  })
})

describe('a temporary name', () => {
  it.each([
    'contacts.csv.tmp',
    'contacts.TMP',
    'contacts.csv.part',
    'contacts.csv.filepart',
    '.contacts.csv',
    '.',
    '..',
    '~$contacts.xlsx',
    'contacts.csv~',
    'contacts.csv.imported-20260203T040506Z',
  ])('%s is a temporary name', (name) => expect(isTemporary(name)).toBe(true))

  it.each(['contacts.csv', 'part.csv', 'tmp', 'contacts~1.csv', 'contacts.imported.csv'])(
    '%s is not a temporary name',
    (name) => expect(isTemporary(name)).toBe(false),
  )
})

describe('of two files', () => {
  const early = '2026-02-03T04:05:06.000Z'
  const late = '2026-02-03T04:05:07.000Z'

  it('the newer one of two files is taken regardless of their names', () => {
    expect(isNewer({ name: 'a', bytes: 1, modifiedAt: late }, { name: 'b', bytes: 1, modifiedAt: early })).toBe(true)
    expect(isNewer({ name: 'b', bytes: 1, modifiedAt: early }, { name: 'a', bytes: 1, modifiedAt: late })).toBe(false)
  })

  it('of two files from the same second, the one whose name sorts last is taken', () => {
    expect(isNewer({ name: 'b', bytes: 1, modifiedAt: early }, { name: 'a', bytes: 1, modifiedAt: early })).toBe(true)
  })
})

describe('a path', () => {
  it('a path consists of a folder and a last part', () => {
    expect(splitPath('/out/daily/c-*.csv')).toEqual({ folder: '/out/daily/', last: 'c-*.csv' })
    expect(splitPath('contacts.csv')).toEqual({ folder: '', last: 'contacts.csv' })
    expect(splitPath('/contacts.csv')).toEqual({ folder: '/', last: 'contacts.csv' })
  })

  it.each(['/out/*/contacts.csv', '/out?/contacts.csv', '/out/', '', 'a\0b'])('%j is not a valid path', (path) => {
    expect(openRequestSchema.shape.path.safeParse(path).success).toBe(false)
  })
})
