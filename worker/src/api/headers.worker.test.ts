import { expect, it } from 'vitest'
import { World } from '../testing/world.ts'
import { app } from './app.ts'

/** An answer, two refusals, an address without anything, a wrong method, and the page that describes the API. */
const ASKED = [
  ['GET', '/api/health'],
  ['GET', '/api/contacts'],
  ['POST', '/api/session'],
  ['GET', '/api/nothing'],
  ['PUT', '/api/health'],
  ['GET', '/api/docs'],
] as const

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': expect.stringMatching(/^default-src 'none'; base-uri 'none'.*frame-ancestors 'none'/),
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

it('no answer is stored, framed, guessed at or given to other sites, and browsers come back over HTTPS only', async () => {
  const { env } = await World.start()
  for (const [method, path] of ASKED) {
    for (const origin of ['https://muster.example.org', 'http://localhost']) {
      const response = await app.request(`${origin}${path}`, { method }, env)
      await response.body?.cancel()
      const { headers } = response
      const found = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, headers.get(name)]))
      expect(found, `${method} ${path}`).toEqual(HEADERS)
      const lasts = origin.startsWith('https:') ? 'max-age=63072000' : null
      expect(headers.get('Strict-Transport-Security'), `${method} ${origin}${path}`).toBe(lasts)
    }
  }
})
