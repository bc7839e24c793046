import { expect, it } from 'vitest'
import { dispositionName, fileName, firstName } from './file-name.ts'

it.each([
  ['attachment; filename="contacts.csv"', 'contacts.csv'],
  ['attachment; filename=contacts.csv', 'contacts.csv'],
  ['filename=contacts.csv', 'contacts.csv'],
  ['attachment; filename="a \\"b\\".csv"', 'a "b".csv'],
  // RFC 5987: the extended form wins, whatever its place.
  [`attachment; filename="e.csv"; filename*=UTF-8''%C3%A9t%C3%A9.csv`, 'été.csv'],
  [`attachment; filename*=UTF-8'en'%E2%82%AC%20rates.csv; filename="rates.csv"`, '€ rates.csv'],
  [`attachment; filename*=iso-8859-1''%A3.csv`, '£.csv'],
  [`attachment; filename*=koi8-r''%C0.csv; filename="a.csv"`, 'a.csv'],
  // curl sends what the terminal has, which is read byte by byte.
  ['attachment; filename="\u00c3\u00bcber.csv"', 'über.csv'],
  ['attachment; filename="\u00fcber.csv"', 'über.csv'],
  [`attachment; filename*=UTF-8''%zz.csv`, '%zz.csv'],
  ['attachment', ''],
  [`attachment; filename="${'a'.repeat(3000)}"`, ''],
])('the name in %s is %s', (header, name) => {
  expect(dispositionName(header)).toBe(name)
})

it.each([
  ['../../etc/contacts.csv', 'contacts.csv'],
  ['C:\\Users\\ana\\contacts.csv', 'contacts.csv'],
  ['con\u0000ta\r\ncts.csv\u007f', 'contacts.csv'],
  ['\u202evsc.stcatnoc', 'vsc.stcatnoc'],
  ['..', 'file'],
  ['a/', 'file'],
  ['  ', 'file'],
  [`${'a'.repeat(199)}😀.csv`, 'a'.repeat(199)],
])('the name %j is kept as %j', (name, kept) => {
  expect(firstName([name])).toBe(kept)
})

it('a blank name gives way to the next one', () => {
  expect(firstName(['', '/', 'b.csv', 'c.csv'])).toBe('b.csv')
  expect(fileName(new URL('https://a.example/x/b%20c.csv?d=e'), 'attachment; filename=".."')).toBe('b c.csv')
})
