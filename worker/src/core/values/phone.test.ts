import fc from 'fast-check'
import { getCountries, getExampleNumber } from 'libphonenumber-js/min'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, test } from 'vitest'
import { cases } from '../../testing/sample.ts'
import { readNumber } from './phone.ts'

function number(cell: string, country = 'US') {
  const value = readNumber(cell, country)
  if (value.kind !== 'value') return value.kind === 'blank' ? 'blank' : value.findings[0].code
  return value.value.extension === null ? value.value.number : `${value.value.number} x${value.value.extension}`
}

describe('a North American number', () => {
  test.each([
    '6045550100',
    '604-555-0100',
    '(604) 555-0100',
    '604.555.0100',
    '604 555 0100',
    ' 604-555-0100 ',
    '+16045550100',
    '+1 (604) 555-0100',
    '1-604-555-0100',
    '16045550100',
    'tel:+1-604-555-0100',
    'tel:6045550100;phone-context=+1',
    '604\u2011555\u20130100',
    '604\u2212555\u22120100',
    '\u202A+1 604 555 0100\u202C',
    '604\u00A0555\u00A00100',
    '\uFEFF6045550100',
    '６０４－５５５－０１００',
    '٦٠٤٥٥٥٠١٠٠',
    '۶۰۴۵۵۵۰۱۰۰',
    '604/555-0100',
    '604,555,0100',
    '604-555-0100,',
    '604\n555-0100',
    '011 1 604 555 0100',
    '001 604 555 0100',
  ])('the North American number %j is read as +16045550100', (cell) => {
    expect(number(cell, 'US')).toBe('+16045550100')
    expect(number(cell, 'CA')).toBe('+16045550100')
  })

  test.each(['+16045550100', '+1 604-555-0100', '001 604 555 0100'])('the number %j is read in any country', (cell) => {
    for (const country of ['GB', 'FR', 'DE']) expect(number(cell, country)).toBe('+16045550100')
  })

  test('ten digits are enough in every country of the numbering plan', () => {
    expect(number('8765550100', 'JM')).toBe('+18765550100')
    expect(number('787-555-0100', 'PR')).toBe('+17875550100')
  })

  test.each([
    ['(604) 555-0100 x12', '12'],
    ['604-555-0100x12', '12'],
    ['604-555-0100 ext. 012', '012'],
    ['604-555-0100 Ext 12', '12'],
    ['604-555-0100, extension 12', '12'],
    ['604-555-0100 (ext 12)', '12'],
    ['604-555-0100 #12', '12'],
    ['604-555-0100 poste 12', '12'],
    ['604-555-0100 local 12', '12'],
    ['+16045550100;ext=12', '12'],
    ['tel:+1-604-555-0100;ext=12', '12'],
    ['6045550100.0 x12', '12'],
  ])('the number %j has an extension', (cell, extension) => {
    expect(number(cell)).toBe(`+16045550100 x${extension}`)
  })

  test.each([
    ['055-555-0100', 'number_impossible'],
    ['604-055-0100', 'number_impossible'],
    ['604-155-0100', 'number_impossible'],
    ['123-456-7890', 'number_impossible'],
    ['911-555-0100', 'number_impossible'],
    ['0000000000', 'number_impossible'],
    ['+1 000 000 0000', 'number_impossible'],
    ['555-0100', 'number_without_area_code'],
    ['1-555-0100', 'number_without_area_code'],
    ['+1 555-0100', 'number_without_area_code'],
    ['604-555-010', 'number_too_short'],
    ['12', 'number_too_short'],
    ['604-555-01000', 'number_too_long'],
    ['+1 604 555 01000', 'number_too_long'],
    ['26045550100', 'number_too_long'],
    ['1-800-FLOWERS', 'number_letters'],
    ['604-555-0100 (cell)', 'number_letters'],
    ['604-555-O100', 'number_letters'],
    ['call the office', 'number_unreadable'],
    ['604*555*0100', 'number_unreadable'],
    ['604+5550100', 'number_unreadable'],
    ['-', 'blank'],
    ['', 'blank'],
    ['n/a', 'blank'],
    ['#N/A', 'excel_error'],
    ['##########', 'excel_error'],
    [`6045550100${' '.repeat(300)}x`, 'number_unreadable'],
  ])('the number %j is not read: %s', (cell, code) => {
    expect(number(cell)).toBe(code)
  })
})

describe('a number that a spreadsheet saved', () => {
  test.each([
    '6045550100.0',
    '6045550100.00',
    '6.045550100E9',
    '6.045550100E+09',
    '6,045550100E+09',
    '6.0455501000E+09',
    '6,045,550,100',
    "'6045550100",
    '="6045550100"',
    '16045550100.0',
  ])('the spreadsheet number %j has all its digits and is repaired', (cell) => {
    expect(number(cell)).toBe('+16045550100')
  })

  test.each(['6.04555E+09', '6.04555e9', '6,04555E+09', '6E+09', '1.6046E+10', '6.0455501E+09'])(
    'the spreadsheet number %j lost digits and is not guessed',
    (cell) => {
      expect(number(cell)).toBe('number_lost_digits')
      expect(readNumber(cell, 'US').findings[0]?.message).toContain('Format the column as text')
    },
  )

  test('the .0 of a spreadsheet number is not taken for a digit of the number', () => {
    expect(number('1604555010.0')).toBe('number_impossible')
    expect(number('160455501.00')).toBe('number_too_short')
  })
})

test.each([
  '604-555-0100 / 604-555-0101',
  '604-555-0100, 604-555-0101',
  '604-555-0100;604-555-0101',
  '604-555-0100 or 604-555-0101',
  '604-555-0100 & 604-555-0101',
  '604-555-0100\n604-555-0101',
  '604 555 0100 604 555 0101',
  '604-555-0100 x12 / 604-555-0101 x13',
  '604-555-0100 (604-555-0101)',
])('the cell %j holds several numbers, and the advice says where they go', (cell) => {
  expect(number(cell)).toBe('number_several')
  expect(readNumber(cell, 'CA').findings[0]?.message).toContain('same ID')
})

describe('a number of another country', () => {
  test.each([
    ['+44 20 7946 0000', 'US', '+442079460000'],
    ['+44 (0)20 7946 0000', 'US', '+442079460000'],
    ['011 44 20 7946 0000', 'US', '+442079460000'],
    ['0044 20 7946 0000', 'CA', '+442079460000'],
    ['020 7946 0000', 'GB', '+442079460000'],
    ['06 12 34 56 78', 'FR', '+33612345678'],
    ['02 1234 5678', 'IT', '+390212345678'],
    ['+8816 1234 5678', 'CA', '+881612345678'],
    ['020 7946 0000 ext 5', 'GB', '+442079460000 x5'],
    ['604 555 0100', 'GB', 'number_impossible'],
    ['06 12', 'FR', 'number_too_short'],
    ['0612345678901', 'FR', 'number_too_long'],
    ['0020 7946 000 000', 'JP', 'number_impossible'],
    ['+999 123456', 'US', 'number_impossible'],
    ['020 7946 0000', 'XX', 'number_country_unknown'],
    ['+44 20 7946 0000', 'XX', '+442079460000'],
  ])('the number %j in the country %s is read as %s', (cell, country, expected) => {
    expect(number(cell, country)).toBe(expected)
  })
})

test('the example number of every country is read in its national and international spelling', () => {
  const wrong: string[] = []
  for (const country of getCountries()) {
    const example = getExampleNumber(country, examples)
    if (example === undefined) continue
    for (const [cell, from] of [
      [example.formatNational(), country],
      [example.formatInternational(), 'US'],
      [example.formatInternational(), country],
      [example.number, 'DE'],
      [example.getURI(), 'CA'],
    ] as const) {
      if (number(cell, from) !== example.number)
        wrong.push(`${country}: ${cell} from ${from} gives ${number(cell, from)}`)
    }
  }
  expect(wrong).toEqual([])
})

describe('a telephone number in any cell', () => {
  const digits = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
  const separator = fc.constantFrom('', ' ', '-', '.', ') ', '\u2011', '/')
  const written = fc
    .tuple(
      fc.constantFrom('', '1', '1-', '+1', '+1 (', '(', 'tel:+1', '+44', '+33 ', '+81', '011', '0', '٦'),
      fc.oneof(fc.constantFrom('604', '212', '911', '020', '6'), digits(3)),
      separator,
      fc.oneof(fc.constantFrom('555', '7946'), digits(3)),
      separator,
      fc.oneof(digits(4), digits(3), digits(6)),
      fc.constantFrom('', '', '', '.0', ' x12', ';ext=007', ' ext. 3', 'E+09', ' cell', ', 604-555-0101'),
    )
    .map((parts) => parts.join(''))

  test('a number that was read is read again unchanged in any country', () => {
    let numbers = 0
    fc.assert(
      fc.property(written, fc.constantFrom('US', 'CA', 'JM', 'GB', 'FR', 'JP', 'ZZ', ''), (cell, country) => {
        const value = readNumber(cell, country)
        if (value.kind !== 'value') return
        numbers += 1
        const { number, extension } = value.value
        expect(number).toMatch(/^\+[1-9]\d{6,14}$/)
        const again = extension === null ? number : `${number};ext=${extension}`
        for (const elsewhere of ['US', country, 'DE']) expect(readNumber(again, elsewhere)).toEqual(value)
      }),
      { numRuns: cases(5000) },
    )
    expect(numbers).toBeGreaterThan(cases(250))
  })

  test('reading a number never throws, and each finding says what to do', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(...'0123456789+()-. x/,;#E"=\'٦６orext') }),
      written,
    )
    fc.assert(
      fc.property(anything, fc.constantFrom('US', 'GB', 'ZZ', ''), (cell, country) => {
        for (const { code, message } of readNumber(cell, country).findings) {
          expect(code).toMatch(/^[a-z_]+$/)
          expect(message).toMatch(/\.$/)
        }
      }),
      { numRuns: cases(3000) },
    )
  })
})
