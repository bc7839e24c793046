import fc from 'fast-check'
import { getCountries, getExampleNumber } from 'libphonenumber-js/min'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, test } from 'vitest'
import { growth } from '../../testing/growth.ts'
import { cases } from '../../testing/sample.ts'
import { readNumber, readNumbers } from './phone.ts'

/** For eight times the size the work is about 8 times as much; quadratic work is 64 times as much. */
const LINEAR = 32

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
    ['604-555-0100 (fax)', 'number_letters'],
    ['604-555-O100', 'number_letters'],
    ['call the office', 'number_unreadable'],
    ['604*555*0100', 'number_unreadable'],
    ['604+5550100', 'number_unreadable'],
    ['-', 'blank'],
    ['', 'blank'],
    ['n/a', 'blank'],
    ['#N/A', 'excel_error'],
    ['##########', 'excel_error'],
    [`6045550100${' '.repeat(3000)}x`, 'number_unreadable'],
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

/** Returns the numbers of a cell and the codes of its findings, or the code of an unreadable cell. */
function numbers(cell: string, country = 'US') {
  const value = readNumbers(cell, country)
  const codes = value.findings.map(({ code }) => code)
  if (value.kind !== 'value') return codes.join(' ')
  const all = value.value.map((one) => (one.extension === null ? one.number : `${one.number} x${one.extension}`))
  return [...all, ...codes].join(' ')
}

describe('a number with words beside it', () => {
  test.each([
    '604-555-0100 (cell)',
    '(604) 555-0100 (work)',
    '604-555-0100 cell',
    '604-555-0100 - mobile',
    '604-555-0100 Mobile (work)',
    '604-555-0100 (c)',
    '604-555-0100 c',
    'M: 604-555-0100',
    'M:604-555-0100',
    'C 604-555-0100',
    '(c) 604-555-0100',
    'Cell: (604) 555-0100',
    'Handy: 604 555 0100',
    'Móvil: 604 555 0100',
    'Tél. portable : 604.555.0100',
    'Tel.: 604 555 0100',
    'Tel No. 604 555 0100',
    'Phone 2: 604-555-0100',
    'WhatsApp: +1 604 555 0100',
    '+1 604 555 0100 (WhatsApp)',
    'callto:+16045550100',
    '[604-555-0100]',
    '604-555-0100.',
    '+1 (0) 604 555 0100',
    '+1(604)555-0100',
    '(+1) 604-555-0100',
    '1 (604) 555-0100',
    '001-604-555-0100',
    '0111 604 555 0100',
    '604 - 555 - 0100',
    '604\u2014555\u20140100',
    '604/555/0100',
    '604\u00B7555\u00B70100',
    '\u{1F4F1} 604-555-0100',
    '604-555-0100 \u2713',
    '\u200E+1\u202F604\u202F555\u202F0100',
  ])('%j is read without its words', (cell) => expect(numbers(cell)).toBe('+16045550100'))

  test.each([
    ['604-555-0100 loc. 12', '12'],
    ['604-555-0100 loc 12', '12'],
    ['604-555-0100 ext. # 12', '12'],
    ['604-555-0100 ext #12', '12'],
    ['604-555-0100 Ext: 12', '12'],
    ['604-555-0100 (x12)', '12'],
    ['604-555-0100 x 12 (work)', '12'],
    ['Work: 604-555-0100 x12', '12'],
    ['(604) 555-0100 (work) ext. 12', '12'],
    ['604-555-0100 #12 (work)', '12'],
    ['604-555-0100; ext 12', '12'],
    ['604-555-0100 Durchwahl 12', '12'],
    ['604-555-0100 DW 12', '12'],
    ['604-555-0100 int. 012', '012'],
    ['tel:+1-604-555-0100;ext=12', '12'],
    ['TEL:+16045550100;ext=12;isub=1', '12'],
  ])('%j has an extension', (cell, extension) => expect(numbers(cell)).toBe(`+16045550100 x${extension}`))

  test.each([
    '604-555-0100 call after 5',
    '604-555-0100 (evenings only)',
    '604-555-0100 - ask for Ana',
    '604-555-0100 home 2345',
  ])('%j is read, and a warning says that its words were left out', (cell) => {
    expect(numbers(cell)).toBe('+16045550100 number_note')
    expect(readNumbers(cell, 'US').findings[0]?.message).toContain('left out')
  })

  test.each([
    '604-555-0100 (fax)',
    'Fax: 604-555-0100',
    'F 604-555-0100',
    '604-555-0100 do not text',
    'no text 604-555-0100',
    '604-555-0100 wrong number',
    '604-555-0100 (disconnected)',
    '604-555-0100 (mom)',
    'mère : 604-555-0100',
    'Frau: 604-555-0100',
    'Ana 604-555-0100',
    'ID 6045550100',
    '604-555-O100',
    '604-555-01OO',
    '604-555-0100a',
    '1-800-FLOWERS',
    '1-800-GOFEDEX now 5',
    'x12',
  ])('%j is not guessed', (cell) => expect(numbers(cell)).toMatch(/^number_(letters|unreadable|too_short)$/))

  test('a number that is entered alone may have no words beside it', () => {
    expect(number('604-555-0100 call after 5')).toBe('number_note')
    expect(number('604-555-0100 (cell)')).toBe('+16045550100')
  })
})

describe('a cell with several numbers', () => {
  const both = '+16045550101 +16045550102'

  test.each([
    '604 555 0101 / 604 555 0102',
    '604-555-0101/604-555-0102',
    '604-555-0101, 604-555-0102',
    '604-555-0101,604-555-0102',
    '604-555-0101; 604-555-0102;',
    '604-555-0101 ::: 604-555-0102',
    '604-555-0101|604-555-0102',
    '604-555-0101 or 604-555-0102',
    '604-555-0101 and 604-555-0102',
    '604-555-0101 und 604-555-0102',
    '604-555-0101 & 604-555-0102',
    '604-555-0101\n604-555-0102',
    '604-555-0101\r\n604-555-0102\r\n',
    '604-555-0101  604-555-0102',
    '604-555-0101 (604-555-0102)',
    '+16045550101 +16045550102',
    '6045550101.0; 6045550102.0',
    'C: 604-555-0101, H: 604-555-0102',
    '604-555-0101 (cell), 604-555-0102 (home)',
    'Cell: 604-555-0101; Work: 604-555-0102',
    '604-555-0101 / 604-555-0102 / 604-555-0101',
    'tel:+1-604-555-0101, tel:+1-604-555-0102',
    'Home 604-555-0101 Cell 604-555-0102',
    'H: 604-555-0101 C: 604-555-0102',
    '604-555-0101 home 604-555-0102 cell',
    '604-555-0101 (H) 604-555-0102 (C)',
    '["604-555-0101","604-555-0102"]',
    '{6045550101,6045550102}',
  ])('the numbers of %j are read one by one', (cell) => expect(numbers(cell)).toBe(both))

  test.each([
    ['604-555-0101 x12 / 604-555-0102 x13', 'US', '+16045550101 x12 +16045550102 x13'],
    ['604-555-0101, ext 12, 604-555-0102', 'US', '+16045550101 x12 +16045550102'],
    ['0171 1234567 / 030 1234568', 'DE', '+491711234567 +49301234568'],
    ['0171/1234567, 030/1234568', 'DE', '+491711234567 +49301234568'],
    ['06 12 34 56 78 ou 06 12 34 56 79', 'FR', '+33612345678 +33612345679'],
    ['+44 20 7946 0000 / +1 604 555 0101', 'US', '+442079460000 +16045550101'],
    ['604-555-0101 / 911-555-0102', 'US', '+16045550101 number_impossible'],
    ['604-555-0101, 555-0102', 'US', '+16045550101 number_without_area_code'],
    ['Fax 604-555-0102 Cell 604-555-0101', 'US', '+16045550101 number_letters'],
    ['604-555-0101; 604-555-0102 (fax)', 'US', '+16045550101 number_letters'],
    ['2017-11-01; 604-555-0101', 'US', '+16045550101 number_unreadable'],
    ['123-456-7890 / 911-555-0102', 'US', 'number_impossible number_impossible'],
  ])('each number of %j in %s is read by itself: %s', (cell, country, expected) => {
    expect(numbers(cell, country)).toBe(expected)
  })

  test.each([
    ['0171/1234567', 'DE', '+491711234567'],
    ['0171 / 123 45 67', 'DE', '+491711234567'],
    ['0171 123/4567', 'DE', '+491711234567'],
    ['(0171) 1234567', 'DE', '+491711234567'],
    ['604,555,0100', 'US', '+16045550100'],
    ['604  555  0100', 'US', '+16045550100'],
    ['604/555-0100', 'US', '+16045550100'],
    ['604\n555-0100', 'US', '+16045550100'],
    ['030/12 34 56 78', 'DE', '+493012345678'],
  ])('%j in %s is one number', (cell, country, expected) => expect(numbers(cell, country)).toBe(expected))

  test.each([
    ['604-555-0100/0101', 'US'],
    ['604-555-0100 / 101', 'US'],
    ['604-555-0100, 12', 'US'],
    ['0171 1234567, 12', 'DE'],
    ['0221 1234568/69', 'DE'],
    ['0221/4712345, 12, 0171/7654321', 'DE'],
    ['604 555 0100 604 555 0101', 'US'],
    ['604-555-0100 fax 604-555-0101', 'US'],
    ['Home 604-555-0100 cell 604-555-0101 work', 'US'],
  ])('where each number of %j begins is not guessed', (cell, country) => {
    expect(numbers(cell, country)).toBe('number_several')
    expect(readNumbers(cell, country).findings[0]?.message).toContain('same ID')
  })

  test('several numbers are no number that is entered alone', () => {
    expect(number('604-555-0101, 604-555-0102')).toBe('number_several')
    expect(number('604-555-0101, 555-0102')).toBe('number_without_area_code')
  })

  test.each([',', ' / ', '(', ';', ' ', '1', 'x1', 'ext ', '+', ' +1', '# 1', '604-555-0101 '])(
    'a cell full of %j is read in linear time',
    async (unit) => {
      expect(await growth(240, (size) => readNumbers(unit.repeat(Math.floor(size / unit.length)), 'DE'))).toBeLessThan(
        LINEAR,
      )
    },
  )
})

describe('notations of other countries', () => {
  test.each([
    ['+52 1 55 1234 5678', 'US', '+525512345678'],
    ['+5215512345678', 'US', '+525512345678'],
    ['+52 55 1234 5678', 'US', '+525512345678'],
    ['55 1234 5678', 'MX', '+525512345678'],
    ['044 55 1234 5678', 'MX', '+525512345678'],
    ['1 55 1234 5678', 'MX', '+525512345678'],
    ['+54 9 11 2345-6789', 'US', '+5491123456789'],
    ['011 15-2345-6789', 'AR', '+5491123456789'],
    ['+55 (11) 91234-5678', 'US', '+5511912345678'],
    ['+44 (0)20 7946 0000', 'CA', '+442079460000'],
    ['+44(0)2079460000', 'GB', '+442079460000'],
    ['0044 (0) 20 7946 0000', 'GB', '+442079460000'],
    ['+0044 20 7946 0000', 'US', '+442079460000'],
    ['(+44) 20 7946 0000', 'US', '+442079460000'],
    ['+39 06 1234 5678', 'US', '+390612345678'],
    ['011 33 6 12 34 56 78', 'US', '+33612345678'],
    ['00 33 6 12 34 56 78', 'DE', '+33612345678'],
    ['+３３　６　１２　３４　５６　７８', 'US', '+33612345678'],
    ['+٣٣ ٦ ١٢ ٣٤ ٥٦ ٧٨', 'US', '+33612345678'],
    ['06.12.34.56.78', 'FR', '+33612345678'],
    ['06 12 34 56 78 (perso)', 'FR', '+33612345678 number_note'],
    ['Handy: 0171/1234567', 'DE', '+491711234567'],
    ['0171-123 45 67 (dienstlich)', 'DE', '+491711234567'],
    ['Tel. 030 1234568 Durchwahl 12', 'DE', '+49301234568 x12'],
  ])('%j in %s is read as %s', (cell, country, expected) => expect(numbers(cell, country)).toBe(expected))
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

  test('the numbers of a cell are read again unchanged from the list of them', () => {
    fc.assert(
      fc.property(
        fc.array(written, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(', ', '; ', ' / ', '\n', ' or '),
        (cells, by) => {
          const value = readNumbers(cells.join(by), 'GB')
          if (value.kind !== 'value') return
          const list = value.value.map(({ number, extension }) =>
            extension === null ? number : `${number};ext=${extension}`,
          )
          expect(readNumbers(list.join(by), 'US')).toEqual({ kind: 'value', value: value.value, findings: [] })
        },
      ),
      { numRuns: cases(2000) },
    )
  })

  test('reading a number never throws, and each finding says what to do', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(...'0123456789+()-. x/,;#E"=\'٦６orext') }),
      written,
    )
    fc.assert(
      fc.property(anything, fc.constantFrom('US', 'GB', 'ZZ', ''), (cell, country) => {
        for (const { code, message } of readNumbers(cell, country).findings) {
          expect(code).toMatch(/^[a-z_]+$/)
          expect(message).toMatch(/\.$/)
        }
      }),
      { numRuns: cases(3000) },
    )
  })
})
