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

describe('what is no telephone number', () => {
  const places = getCountries()
  const countriesThatRead = (cell: string) => places.filter((country) => readNumber(cell, country).kind === 'value')

  test.each([
    '2017-11-01',
    '2017/11/01',
    '2017.11.1',
    '01.11.2017',
    '1.11.2017',
    '11/01/2017',
    '31-12-1985',
    '20171101',
    '19850307',
    '２０１７－１１－０１',
    '2017‑11‑01',
    '2017-11-01 00:00:00',
    '2017-11-01T08:30:00Z',
    '01.11.2017 08:30',
    '11/1/2017 12:00 AM',
    '43040.5',
    '43040.523611',
    '43040.00',
    '0',
    '12',
    '555-555-5555',
    '5555555555',
    '(555) 555-5555',
    '000-000-0000',
    '0000000',
    '111-111-1111',
    '999-999-9999',
    '123-456-7890',
    '1234567890',
    '01234567890',
    '987-654-3210',
    '1234567',
    '+0000000000',
    '+1 555 555 5555',
  ])('%j is a telephone number in no country', (cell) => {
    expect(countriesThatRead(cell)).toEqual([])
  })

  test.each([
    ['DE', '11108 80331 01067 10115 43040 110001'],
    ['AT', '1010 8010 43040'],
    ['CH', '8001 43040'],
    ['FR', '75008 01000 43040'],
    ['ES', '28013 08001'],
    ['IT', '00118 20121'],
    ['SE', '111 22 11122 43040'],
    ['FI', '00100 28013'],
    ['LU', '1009 43040'],
    ['GR', '104 32'],
    ['PT', '1000-205'],
    ['BR', '01310-100 01310100'],
    ['JP', '150-0001 1500001'],
    ['IN', '110001'],
    ['CN', '100000'],
    ['AU', '2000'],
    ['NZ', '6011'],
    ['US', '90210 90210-1234 902101234'],
    ['MX', '06600'],
    ['KR', '03051 110-062'],
    ['TR', '34000'],
  ])('postal codes and spreadsheet dates of %s are no telephone numbers there', (country, cells) => {
    for (const cell of cells.split(' ')) expect([cell, readNumber(cell, country).kind]).toEqual([cell, 'unreadable'])
  })

  test.each([
    ['030 5555555', 'DE', '+49305555555'],
    ['0201 71101', 'DE', '+4920171101'],
    ['201 71 101', 'DE', '+4920171101'],
    ['20 17 11 01', 'DK', '+4520171101'],
    ['+45 20171101', 'DK', '+4520171101'],
    ['21 23 45', 'GL', '+299212345'],
    ['51234', 'FK', '+50051234'],
    ['01234 567891', 'GB', '+441234567891'],
    ['01 4000-123', 'AT', '+4314000123'],
    ['012-345 6789', 'MY', '+60123456789'],
  ])('%j in %s is a telephone number, although it resembles one of these', (cell, country, expected) => {
    expect(number(cell, country)).toBe(expected)
  })

  test('a number of a range that its country has not opened is refused', () => {
    expect(number('0999 1234567', 'DE')).toBe('number_impossible')
    expect(number('+49 999 1234567', 'US')).toBe('number_impossible')
    expect(number('+44 1999 123456', 'GB')).toBe('number_impossible')
  })

  test('the message names a date, and says how a number that resembles one is written', () => {
    expect(readNumber('2017-11-01', 'DE').findings[0]?.message).toContain('is a date')
    expect(readNumber('20171101', 'DK').findings[0]?.message).toContain('begin it with +')
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
