import { describe, expect, test } from 'vitest'
import { sign, verifySignature } from './signature.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('the signature of a webhook', () => {
  const secret = 'a-secret-of-the-webhook'
  const now = 1_790_000_000

  test('the signature of a webhook is valid only for its body, its time and its secret', async () => {
    const header = await sign(bytes('{"file":"a"}'), secret, now)
    expect(await verifySignature(header, bytes('{"file":"a"}'), secret, now + 299)).toBe('valid')
    expect(await verifySignature(header, bytes('{"file":"b"}'), secret, now)).toBe('invalid')
    expect(await verifySignature(header, bytes('{"file":"a"}'), 'another-secret', now)).toBe('invalid')
  })

  test('the signature of a webhook expires after five minutes, in both directions', async () => {
    const header = await sign(bytes(''), secret, now)
    expect(await verifySignature(header, bytes(''), secret, now + 301)).toBe('expired')
    expect(await verifySignature(header, bytes(''), secret, now - 301)).toBe('expired')
  })

  test('the signature of a webhook agrees with a digest that openssl made', async () => {
    // printf '1790000000.hello' | openssl dgst -sha256 -hmac secret
    const header = 't=1790000000,v1=bce7f208469508c26d6a746ee26a67d6900178d779c5fc60e4fdd528cabbbfb0'
    expect(await verifySignature(header, bytes('hello'), 'secret', now)).toBe('valid')
  })

  test.each([null, '', 't=1,v1=', 'v1=aa', 't=x,v1=00'])('the malformed signature %s is invalid', async (header) => {
    expect(await verifySignature(header, bytes(''), secret, now)).toBe('invalid')
  })
})
