import fc from 'fast-check'
import { expect, it } from 'vitest'
import { growth } from '../testing/growth.ts'
import { echoes } from './echo.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const base64 = (text: string) => btoa(String.fromCharCode(...utf8(text)))
const each = (text: string, form: (char: string) => string) => [...text].map(form).join('')

/** The forms in which a server may repeat what it was sent. */
const FORMS: Record<string, (secret: string) => string> = {
  'as it is': (secret) => secret,
  'in capitals': (secret) => secret.toUpperCase(),
  'in small letters': (secret) => secret.toLowerCase(),
  'with other spacing': (secret) => each(secret, (char) => `${char} `),
  'on one line': (secret) => secret.replace(/\s+/g, ' ').trim(),
  'without spaces': (secret) => secret.replace(/\s/g, ''),
  'with hyphens': (secret) => each(secret, (char) => `${char}-`),
  'as decimal entities': (secret) => each(secret, (char) => `&#${char.codePointAt(0)};`),
  'as hexadecimal entities': (secret) => each(secret, (char) => `&#x${char.codePointAt(0)?.toString(16)};`),
  'as XML': (secret) => secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
  'as XML in XML': (secret) => each(secret, (char) => `&amp;#${char.codePointAt(0)};`),
  'percent-encoded': encodeURIComponent,
  'percent-encoded throughout': (secret) =>
    [...utf8(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'percent-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'as JSON': (secret) => JSON.stringify(secret),
  'with the escapes of JSON': (secret) =>
    each(secret, (char) =>
      [...Array(char.length).keys()].map((i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
    ),
  'in base64': base64,
  'in base64 for addresses': (secret) => base64(secret).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
  'in base64 with the user name': (secret) => `Basic ${base64(`muster:${secret}`)}`,
  'in base64 of a longer text': (secret) => base64(`<key>${secret}</key>`),
  'in base64, percent-encoded': (secret) => encodeURIComponent(base64(secret)),
}

it.each(Object.entries(FORMS))('a secret that is repeated %s is recognised', (_, form) => {
  const secret = fc
    .string({ unit: fc.constantFrom(...'abcXYZ019éß &<"%\\/+\n\t.-_=!'), minLength: 8, maxLength: 40 })
    .filter((text) => text.replace(/[^\p{L}\p{N}]/gu, '').length >= 5)
  fc.assert(
    fc.property(secret, fc.constantFrom('', 'The key ', 'key='), (text, before) => {
      expect(echoes(`${before}${form(text)} is not valid`, [text])).toBe(true)
    }),
  )
})

it.each([
  ['The server did not answer.', ['s3cret-Zürich-77']],
  ['crm.example.org answered with an error: “no such filter”', ['demo-pass-key', '']],
  ['a1 is short', ['a-1']],
  ['anything', []],
  ['QUJDREVGR0g= is base64 of something else', ['s3cret-Zürich-77']],
])('%j holds none of %j', (text, secrets) => expect(echoes(text, secrets)).toBe(false))

it('a long answer is read in time that follows its length', async () => {
  for (const unit of ['%41', '&amp;', '\\u0041', 'QUJD', '%2525']) {
    expect(await growth(500, (size) => echoes(unit.repeat(size), ['s3cret-Zürich-77']))).toBeLessThan(32)
  }
})
