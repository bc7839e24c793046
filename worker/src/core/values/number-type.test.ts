import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readNumberType } from './number-type.ts'

const result = (cell: string) => {
  const value = readNumberType(cell)
  return value.kind === 'value' ? value.value : (value.findings[0]?.code ?? value.kind)
}

describe('a number type', () => {
  test.each([
    ['mobile', 'mobile'],
    [' MOBILE ', 'mobile'],
    ['Cell', 'mobile'],
    ['cell phone', 'mobile'],
    ['Cellular', 'mobile'],
    ['Mobile-Phone', 'mobile'],
    ['m', 'mobile'],
    ['Work cell', 'mobile'],
    ['Mobile 2', 'mobile'],
    ['landline', 'landline'],
    ['Land Line', 'landline'],
    ['land-line', 'landline'],
    ['Fixed line', 'landline'],
    ['Pager', 'pager'],
    ['beeper', 'pager'],
    ['iPhone', 'mobile'],
    ['SMS', 'mobile'],
    ['Mobil', 'mobile'],
    ['Móvil', 'mobile'],
    ['MO\u0301VIL', 'mobile'],
    ['Teléfono móvil', 'mobile'],
    ['Handy', 'mobile'],
    ['Diensthandy', 'mobile'],
    ['Handy (privat)', 'mobile'],
    ['Telefon mobil', 'mobile'],
    ['Portable', 'mobile'],
    ['Tél. portable', 'mobile'],
    ['Cellulaire', 'mobile'],
    ['Cellulare', 'mobile'],
    ['Celular', 'mobile'],
    ['GSM', 'mobile'],
    ['Natel', 'mobile'],
    ['WhatsApp', 'mobile'],
    ['* Mobile', 'mobile'],
    ['Work Mobile', 'mobile'],
    ['Mobile (work)', 'mobile'],
    ['Mobile – Büro', 'mobile'],
    ['Cell #2', 'mobile'],
    ['WorkMobile', 'mobile'],
    ['mobilePhone', 'mobile'],
    ['MOBILE_PHONE', 'mobile'],
    ['Text messages', 'mobile'],
    ['Festnetz', 'landline'],
    ['Festnetz (geschäftlich)', 'landline'],
    ['Fijo', 'landline'],
    ['Fixe', 'landline'],
    ['Téléphone fixe', 'landline'],
    ['Fisso casa', 'landline'],
    ['Work landline', 'landline'],
    ['Bipeur', 'pager'],
    ['Piepser', 'pager'],
  ])('the number type %j is read as %s', (cell, type) => expect(result(cell)).toBe(type))

  test.each(['home', 'Work', 'office', 'Home phone', 'emergency', 'Main', 'Casa', 'Bureau', 'Arbeit', 'Büro'])(
    'the word %j only describes a number, and the advice says so',
    (cell) => {
      expect(result(cell)).toBe('number_type_is_description')
      expect(readNumberType(cell).findings[0]?.message).toContain('Number Description')
    },
  )

  test.each([
    'fax',
    'mobile or landline',
    'mobile/pager',
    'no mobile',
    'phone',
    'c',
    '2',
    'mobilité',
    'p m',
    'Home Fax',
    'Work Fax',
    'Mobile fax',
    'no texts',
    'kein Handy',
    'Mobile: no',
    'pas de portable',
    'VoIP',
    'Mobile or Festnetz',
  ])('the text %j is not a number type', (cell) => expect(result(cell)).toBe('number_type_unknown'))

  test('a number type can be blank, a placeholder or an Excel error like any cell', () => {
    expect([result(''), result('n/a'), result('#REF!')]).toEqual(['blank', 'placeholder', 'excel_error'])
  })

  test('a number type that was read is read again unchanged, and nothing throws', () => {
    const words = fc
      .array(fc.constantFrom('mobile', 'cell', 'Land', 'line', 'work', 'm', 'p', 'é', '/'))
      .map((all) => all.join(' '))
    fc.assert(
      fc.property(fc.oneof(words, fc.string({ unit: 'binary' })), (cell) => {
        const type = readNumberType(cell)
        if (type.kind === 'value') expect(readNumberType(type.value)).toEqual(type)
      }),
    )
  })
})
