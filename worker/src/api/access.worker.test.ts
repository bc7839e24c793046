import { sign } from 'hono/jwt'
import { beforeEach, describe, expect, it } from 'vitest'
import { World } from '../testing/world.ts'
import { app } from './app.ts'

const AUDIENCE = 'the-tag-of-this-application'

let world: World
/** The Access team. Each test has its own, since a team's keys are cached for an hour. */
let issuer: string
let team = 0
let keys: CryptoKeyPair

beforeEach(async () => {
  world = await World.start()
  issuer = `https://team-${++team}.cloudflareaccess.com`
  keys = await newKeys()
  const shown = { ...(await publicKey(keys)), kid: 'first', alg: 'RS256' }
  world.remote = (request) => {
    expect(request.url).toBe(`${issuer}/cdn-cgi/access/certs`)
    return Response.json({ keys: [shown] })
  }
})

describe('behind Cloudflare Access, the Access JWT is enough', () => {
  it('Access lets in a user by the e-mail address that it vouches for, with that user’s role', async () => {
    const answer = await asked(await token({ email: 'admin@example.org' }))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ email: 'admin@example.org', role: 'administrator' })
  })

  it('Access does not let in a person who is not a user here', async () => {
    const answer = await asked(await token({ email: 'someone@example.org' }))
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'not_a_user' })
  })

  it.each([
    ['another application', { aud: ['another-tag'] }],
    ['another team', { iss: 'https://other.cloudflareaccess.com' }],
    ['yesterday', { exp: Math.floor(Date.now() / 1000) - 86_400 }],
    ['no end', { exp: undefined }],
    ['a service', { email: undefined, common_name: 'a service' }],
  ])('an Access token of %s is refused', async (_, claims) => {
    expect((await asked(await token({ email: 'admin@example.org', ...claims }))).status).toBe(401)
  })

  it('an Access token with a foreign signature or none is refused', async () => {
    const forged = await token({ email: 'admin@example.org' }, await newKeys())
    expect((await asked(forged)).status).toBe(401)
    const head = btoa(JSON.stringify({ alg: 'none', typ: 'JWT', kid: 'first' })).replaceAll('=', '')
    expect((await asked([head, ...forged.split('.').slice(1, 2), ''].join('.'))).status).toBe(401)
  })

  it('Access does not let another site act through a visitor', async () => {
    const headers = {
      'Cf-Access-Jwt-Assertion': await token({ email: 'admin@example.org' }),
      'Sec-Fetch-Site': 'cross-site',
    }
    const answer = await request('POST', '/api/sources', headers)
    expect(await answer.json()).toMatchObject({ status: 403, code: 'cross_site' })
  })

  it('an Access token is ignored if no application is set up', async () => {
    const headers = { 'Cf-Access-Jwt-Assertion': await token({ email: 'admin@example.org' }) }
    expect((await app.request('/api/session', { headers }, world.env)).status).toBe(401)
  })
})

function asked(jwt: string): Promise<Response> {
  return request('GET', '/api/session', { 'Cf-Access-Jwt-Assertion': jwt })
}

async function request(method: string, path: string, headers: Record<string, string>): Promise<Response> {
  const env = { ...world.env, ACCESS_ISSUER: issuer, ACCESS_AUDIENCE: AUDIENCE }
  return app.request(path, { method, headers }, env)
}

async function token(claims: Record<string, unknown>, by: CryptoKeyPair = keys): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const standard = {
    iss: issuer,
    aud: [AUDIENCE],
    iat: now - 10,
    nbf: now - 10,
    exp: now + 600,
  }
  const key = await crypto.subtle.exportKey('jwk', by.privateKey)
  if (key instanceof ArrayBuffer) throw new Error('A key that is not a JWK')
  return sign({ ...standard, ...claims }, { ...key, kid: 'first' }, 'RS256')
}

async function publicKey({ publicKey: key }: CryptoKeyPair): Promise<object> {
  const jwk = await crypto.subtle.exportKey('jwk', key)
  if (jwk instanceof ArrayBuffer) throw new Error('A key that is not a JWK')
  return jwk
}

async function newKeys(): Promise<CryptoKeyPair> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  }
  const made = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('A key without its other half')
  return made
}
