import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signRequest, verifyRequest } from './signature.ts'

const SECRET = 'a secret that the Worker and the bridge share'
const NOW = 1_790_000_000
const body = new TextEncoder().encode('{"host":"sftp.example.org"}')
const request = { method: 'POST', path: '/open', body }

describe('the signature of a request', () => {
  it('the signature of a request is HMAC-SHA256 over method, path, time, nonce and the digest of the body', async () => {
    const header = await signRequest([SECRET], request, NOW)
    const [, nonce, signature] = /^t=1790000000,n=([0-9a-f]{32}),v1=([0-9a-f]{64})$/.exec(header) ?? []
    const digest = createHash('sha256').update(body).digest('hex')
    const expected = createHmac('sha256', SECRET).update(`POST /open\n${NOW}\n${nonce}\n${digest}`).digest('hex')
    expect(signature).toBe(expected)
    expect(await verifyRequest([SECRET], request, header, NOW)).toBe(nonce)
  })

  it('the signatures of two equal requests in one second differ', async () => {
    expect(await signRequest([SECRET], request, NOW)).not.toBe(await signRequest([SECRET], request, NOW))
  })

  it('a signature is valid for a minute in both directions and no longer', async () => {
    const header = await signRequest([SECRET], request, NOW)
    expect(await verifyRequest([SECRET], request, header, NOW + 60)).not.toBeNull()
    expect(await verifyRequest([SECRET], request, header, NOW - 60)).not.toBeNull()
    expect(await verifyRequest([SECRET], request, header, NOW + 61)).toBeNull()
    expect(await verifyRequest([SECRET], request, header, NOW - 61)).toBeNull()
  })

  it('a signature is not valid for any other request, secret, time or nonce', async () => {
    const header = await signRequest([SECRET], request, NOW)
    const other = new TextEncoder().encode('{"host":"evil.example.org"}')
    expect(await verifyRequest(['another secret'], request, header, NOW)).toBeNull()
    expect(await verifyRequest([SECRET], { ...request, body: other }, header, NOW)).toBeNull()
    expect(await verifyRequest([SECRET], { ...request, path: '/settle' }, header, NOW)).toBeNull()
    expect(await verifyRequest([SECRET], { ...request, method: 'GET' }, header, NOW)).toBeNull()
    expect(await verifyRequest([SECRET], request, header.replace(`t=${NOW}`, `t=${NOW + 1}`), NOW)).toBeNull()
    expect(await verifyRequest([SECRET], request, header.replace(/n=./, 'n=g'), NOW)).toBeNull()
    expect(await verifyRequest([SECRET], request, header.replace(/n=.{32}/, `n=${'0'.repeat(32)}`), NOW)).toBeNull()
  })

  it.each([undefined, '', 'v1=00', 't=1790000000', 't=x,n=x,v1=x'])('the signature %j is not valid', async (header) => {
    expect(await verifyRequest([SECRET], request, header, NOW)).toBeNull()
  })

  it('while the secret changes, either side may have the new one first', async () => {
    const [before, after] = ['the secret of before', 'the secret of after']
    const both = await signRequest([after, before], request, NOW)
    for (const known of [[before], [after], [after, before]])
      expect(await verifyRequest(known, request, both, NOW)).not.toBeNull()
    for (const own of [before, after]) {
      expect(await verifyRequest([after, before], request, await signRequest([own], request, NOW), NOW)).not.toBeNull()
    }
    expect(await verifyRequest([after], request, await signRequest([before], request, NOW), NOW)).toBeNull()
    expect(await verifyRequest(['another secret'], request, both, NOW)).toBeNull()
  })
})
