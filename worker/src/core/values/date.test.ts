import { describe, expect, test } from 'vitest'
import { readDate } from './date.ts'

describe('a date', () => {
  test.each([
    '2019-10-05',
    '2019/10/05',
    '2019-10-05T00:00:00Z',
    '2019-10-05 13:45:10',
    '2019-10-05T00:00:00.000-07:00',
    '05 Oct 2019 12:00 AM',
    '5 October 2019',
    '5-Oct-19',
    '05-Oct-2019',
    '5th Oct 2019',
    'Oct 5, 2019',
    'October 5 2019',
    'OCT 5, 2019, 1:30 p.m.',
    'Sat, Oct 5, 2019',
    'Saturday 5 October 2019',
    '5 octobre 2019',
    '10/5/2019',
    '10/05/19 0:00',
    '5.10.2019',
    '05.10.2019 13:45',
    '20191005',
    '20191005 13:45:10',
    '20191005T134510Z',
    '20191005134510',
    '20191005134510-0700',
    '5. Oktober 2019',
    '5. Okt. 2019',
    'Samstag, 5. Oktober 2019',
    '5 de octubre de 2019',
    '5 oct. 2019',
    '5 ottobre 2019',
    '2019-10-05 00:00:00.000',
    '2019-10-05T00:00:00.0000000',
    '10/5/2019 12:00:00 AM',
  ])('the date %j is 2019-10-05', (text) => expect(readDate(text, 'US')).toBe('2019-10-05'))

  test('a date with the month and day as numbers is read as the country writes it', () => {
    expect(readDate('03/04/2026', 'US')).toBe('2026-03-04')
    expect(readDate('03/04/2026', 'CA')).toBe('2026-04-03')
    expect(readDate('03-04-2026', 'GB')).toBe('2026-04-03')
    expect(readDate('3.4.2026', 'US')).toBe('2026-04-03')
  })

  test('a date with only one possible reading is read that way', () => {
    expect(readDate('25/12/2026', 'US')).toBe('2026-12-25')
    expect(readDate('12/25/2026', 'GB')).toBe('2026-12-25')
  })

  test('a date with a two-digit year is read as Excel reads it', () => {
    expect(readDate('5-Oct-29', 'US')).toBe('2029-10-05')
    expect(readDate('5-Oct-30', 'US')).toBe('1930-10-05')
  })

  test('a date must exist in the calendar', () => {
    expect(readDate('2024-02-29', 'US')).toBe('2024-02-29')
    expect(readDate('2000-02-29', 'US')).toBe('2000-02-29')
    for (const text of [
      '2026-02-29',
      '1900-02-29',
      '2026-04-31',
      '2026-13-01',
      '2026-00-10',
      '2026-01-00',
      '13/13/2026',
    ]) {
      expect(readDate(text, 'US')).toBeNull()
    }
  })

  test('a date in French may be shortened and without accents', () => {
    for (const text of ['1 févr. 2026', '1er février 2026', '1 fevrier 2026'])
      expect(readDate(text, 'CA')).toBe('2026-02-01')
    expect(readDate('1 août 2026', 'CA')).toBe('2026-08-01')
  })

  test.each([
    '',
    '43743',
    'soon',
    '2026',
    'Oct 2019',
    '10/5',
    '12:30',
    '2026-1',
    'Foo 5, 2019',
    '20191305',
    '20190231',
    '99991231',
    '12345678',
  ])('the text %j is not a date', (text) => expect(readDate(text, 'US')).toBeNull())
})
