import { describe, expect, it } from 'vitest'
import { isMisread, mendedText } from './misread.ts'
import { readText } from './text.ts'

const as = (encoding: string, text: string) => new TextDecoder(encoding).decode(new TextEncoder().encode(text))

describe('text that was read in the wrong encoding', () => {
  it.each(['José', 'Müller', 'Übel', 'Weiß', 'Łukasz Żak', 'Михаил', '李娜', 'Ελένη', 'Nº 5'])(
    'is recognised and put right: %s',
    (text) => {
      expect(isMisread(as('windows-1252', text))).toBe(true)
      expect(mendedText(as('windows-1252', text))).toBe(text)
    },
  )

  it.each([
    as('windows-1251', 'Иван'),
    as('windows-1251', 'Müller, Zoë'),
    as('macintosh', 'José'),
    as('macintosh', 'Müller'),
  ])('is recognised where another encoding was the wrong one: %s', (text) => expect(isMisread(text)).toBe(true))

  it.each([
    'JOÃO',
    '“CAFÉ”',
    '„BÖ“',
    'Weiß”',
    'l’Île',
    'ÎLE-DE-FRANCE',
    'SÃO',
    'Åse',
    '”Å”',
    'Ñu',
    'РСФСР',
    'СЁМА',
    'ÀÉÎ',
    '√2',
    '±5 °C',
    'CAFÉ™',
    'Ä–Ö',
    'naïve',
    'Łódź',
    '¿Qué?',
    'Ö…',
  ])('is not any text with odd letters: %s', (text) => {
    expect(isMisread(text)).toBe(false)
    expect(readText(text).findings).toEqual([])
  })

  it('is a warning that quotes it', () => {
    expect(readText('JosÃ© MÃ¼ller')).toMatchObject({
      kind: 'value',
      value: 'JosÃ© MÃ¼ller',
      findings: [{ code: 'text_garbled', message: expect.stringContaining('JosÃ©') }],
    })
    for (const text of ['WeiÃŸ', 'Ãœbel', 'Nguyá»…n']) expect(readText(text).findings, text).toHaveLength(1)
  })
})
