import { expect, it } from 'vitest'
import { isFromTwilio } from './twilio-signature.ts'

// This is Twilio's own example: “Validating Signatures from Twilio”.
const URL = 'https://example.com/myapp.php?foo=1&bar=2'
const FORM = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675310',
  Digits: '1234',
  From: '+14158675310',
  To: '+18005551212',
}
const SIGNATURE = 'L/OH5YylLD5NRKLltdqwSvS0BnU='

it.each<
  [what: string, signature: string | null, url: string, form: Record<string, string>, token: string, is: boolean]
>([
  ['Twilio’s own example', SIGNATURE, URL, FORM, '12345', true],
  ['another token', SIGNATURE, URL, FORM, '123456', false],
  ['another address', SIGNATURE, URL.replace('foo=1', 'foo=2'), FORM, '12345', false],
  ['another number', SIGNATURE, URL, { ...FORM, From: '+14158675311' }, '12345', false],
  ['no signature', null, URL, FORM, '12345', false],
  ['something that is no signature', 'x', URL, FORM, '12345', false],
])('a request with %s is judged by its signature', async (_, signature, url, form, token, is) => {
  expect(await isFromTwilio(signature, url, new URLSearchParams(form), token)).toBe(is)
})
