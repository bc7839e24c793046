import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { app } from '../api/app.ts'
import { routes } from '../api/routes.ts'
import type { Page } from '../api/views/answer.ts'
import type { RunView } from '../api/views/run.ts'
import { ROLES } from '../security/roles.ts'
import { SCOPES } from '../security/scopes.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { csvOf } from '../testing/roster.ts'
import { cases } from '../testing/sample.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

/** A value of a column that is not mapped, which only a snapshot and a report have. */
const UNMAPPED = 'SIN-123-456-789'
/** A value of a contact that every reader of the directory may see, and nobody else. */
const PERSON = 'Ana Private'

/** The connection of each kind, with the secret in each of its secret settings. */
const CONNECTIONS = {
  https: (s: string) => ({
    url: `https://a.example.org/c.csv?sig=${encodeURIComponent(s)}`,
    username: 'u',
    password: s,
  }),
  bearer: (s: string) => ({ url: 'https://a.example.org/c.csv', bearer: s }),
  s3: (s: string) => ({
    ...{ url: 'https://b.s3.ca-central-1.amazonaws.com/c.csv', region: 'ca-central-1' },
    ...{ accessKeyId: 'AKIA', secretAccessKey: s },
  }),
  sftp: (s: string) => ({
    url: 'sftp://a.example.org/c.csv',
    username: 'u',
    password: s,
    passphrase: s,
    hostKey: null,
  }),
  connect: (s: string) => ({
    url: 'https://a.example.org/ws/bridge.asmx',
    clientName: 'college',
    passKey: s,
    filterIds: [1],
  }),
  d4h: (s: string) => ({ url: 'https://api.team-manager.ca.d4h.com', token: s, teamId: 1 }),
}
type Kind = keyof typeof CONNECTIONS

/** How a server fails. Each repeats what it was sent: `echo` is the request, headers and body, as text. */
const FAILURES: ((echo: string, status: number) => Response | Promise<Response>)[] = [
  (echo, status) => new Response(echo, { status, headers: { 'Content-Type': 'text/html' } }),
  (echo, status) => Response.json({ code: 'unauthorized', message: echo, advice: echo, error: echo }, { status }),
  (echo, status) => new Response(`<Error><Code>${echo}</Code><Message>${echo}</Message></Error>`, { status }),
  (echo, status) => new Response(null, { status, headers: { 'X-Told': encodeURIComponent(echo) } }),
  (echo) =>
    new Response(null, { status: 302, headers: { Location: `https://b.example.org/${encodeURIComponent(echo)}` } }),
  (echo) => Promise.reject(new TypeError(`no route for ${echo}`)),
  (echo) => new Response(`<soap:Envelope><soap:Body><error>${echo}</error></soap:Body></soap:Envelope>`),
]

/** Returns a text as everything that is equal to it but for case, spaces and how it is encoded. */
function plain(text: string): string {
  const decoded = text.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
  return decoded.replaceAll('&amp;', '&').replaceAll('&lt;', '<').replace(/\s+/g, '').toLowerCase()
}

/** Returns everything in the database, as text. */
async function stored({ env }: InMemoryMuster): Promise<string> {
  const tables = await env.DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'contact_search%' AND name NOT LIKE 'sqlite%'`,
  ).all<{ name: string }>()
  const rows = tables.results.map(async ({ name }) => (await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results)
  return JSON.stringify(await Promise.all(rows))
}

it('invariant 9: whatever way a connection fails, no role, scope, log or e-mail is given its secret', async () => {
  const secrets = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9+/=&<-]{14,30}[A-Za-z0-9]$/)
  const kinds = fc.constantFrom(...(Object.keys(CONNECTIONS) as Kind[]))
  const failures = fc.tuple(fc.constantFrom(...FAILURES), fc.constantFrom(400, 401, 403, 404, 429, 500, 503))
  const property = fc.asyncProperty(
    kinds,
    secrets,
    fc.array(failures, { minLength: 1, maxLength: 3 }),
    async (...given) => {
      const [kind, secret, ways] = given
      const world = await InMemoryMuster.start()
      world.deploy({ BRIDGE_URL: 'http://127.0.0.1:1', BRIDGE_SECRET: 'x'.repeat(32) })
      const logged: unknown[] = []
      for (const level of ['log', 'info', 'warn', 'error'] as const) {
        vi.spyOn(console, level).mockImplementation((...parts) => void logged.push(...parts))
      }
      const shown: string[] = []
      const ask = async (method: string, path: string, body?: unknown) => {
        const response = await world.request(method, path, body)
        shown.push(JSON.stringify([...response.headers]), await response.text())
        return shown.at(-1) ?? ''
      }
      const connection = { kind: kind === 'bearer' ? 'https' : kind, ...CONNECTIONS[kind](secret) }
      const notify = { emails: ['a@example.org'], when: 'always' }
      const made = JSON.parse(await ask('POST', '/api/sources', { name: 'Staff', connection, notify, mapping: null }))
      expect(made.id, JSON.stringify(made)).toBeTypeOf('string')
      const { token } = await world.api<{ token: string }>('POST', '/api/tokens', { name: 'To be hidden' })
      for (const [way, status] of ways) {
        world.remote = async (request) => {
          const headers = [...request.headers].map(([name, value]) => `${name}: ${value}`).join(' ')
          const [, basic = ''] = /Basic (\S+)/.exec(headers) ?? []
          const answer = await way(
            `${headers} ${basic === '' ? '' : atob(basic)} ${await request.text()} ${secret}`,
            status,
          )
          // Longer than any connection waits: otherwise it does so in real time.
          if (answer.status === 429) answer.headers.set('Retry-After', '600')
          return answer
        }
        await ask('POST', `/api/sources/${made.id}/test`, {})
        await ask('POST', `/api/sources/${made.id}/runs`, {})
        for (let turn = 0; turn < 30 && world.messages.length > 0; turn++) await world.drain()
        await world.tick(60)
        await world.drain()
        const { items } = await world.api<Page<RunView>>('GET', '/api/runs')
        for (const { id, status: at } of items) if (at === 'queued') await ask('POST', `/api/runs/${id}/cancel`)
      }
      const runs = (await world.api<Page<RunView>>('GET', '/api/runs')).items
      const ids = { sources: made.id, runs: runs[0]?.id ?? '' }
      for (const { method, path } of routes) {
        const url = path.replace(/\/(sources|runs)\/:id/, (_, of: 'sources' | 'runs') => `/${of}/${ids[of]}`)
        // An administrator may download the bytes that a server sent, with whatever it put into them.
        if (method === 'get' && !url.includes(':') && !/events$|snapshot$|report\.|problems$/.test(url))
          await ask('GET', url)
      }
      const everything = [
        ...shown,
        JSON.stringify(world.sent),
        JSON.stringify(world.mails),
        logged.map(String).join('\n'),
      ]
      expect(world.requests.length).toBeGreaterThan(0)
      everything.push(await stored(world))
      const leaks = (hidden: string) => everything.filter((text) => plain(text).includes(plain(hidden)))
      expect(leaks(secret)).toEqual([])
      expect(leaks(token)).toEqual([])
    },
  )
  await fc.assert(property, { numRuns: cases(100), endOnFailure: true })
})

it('no role or scope is given data of a file that it may not have', async () => {
  const world = await InMemoryMuster.start()
  const source = await world.source()
  const file = csvOf([
    { ID: 'ana', Name: PERSON },
    { ID: 'ben', Number: 'none' },
  ])
  const [header = '', ...rows] = file.split('\n')
  const lines = [`${header.trim()},SIN`, ...rows.filter((row) => row !== '').map((row) => `${row.trim()},${UNMAPPED}`)]
  const run = await world.import(source, lines.join('\n'))
  expect(run).toMatchObject({ status: 'succeeded', counts: { errors: 1 } })
  for (const scope of [...ROLES, ...SCOPES]) {
    const made = await world.api<{ token: string }>('POST', '/api/tokens', { name: scope, scopes: [scope] })
    let seen = ''
    for (const { method, path } of routes) {
      const url = path.replace('/sources/:id', `/sources/${source}`).replace('/runs/:id', `/runs/${run.id}`)
      if (method !== 'get' || url.includes(':') || url.endsWith('.xlsx')) continue
      const headers = { Authorization: `Bearer ${made.token}` }
      seen += await (await app.request(url, { headers }, world.env)).text()
    }
    const whole = ['administrator', 'manager', 'admin', 'runs:write'].includes(scope)
    const people = whole || ['viewer', 'directory:read', 'runs:read'].includes(scope)
    expect([scope, seen.includes(UNMAPPED)]).toEqual([scope, whole])
    expect([scope, seen.includes(PERSON)]).toEqual([scope, people])
  }
})
