import { env } from 'cloudflare:workers'
import { expect, it, vi } from 'vitest'
import { crowd, csvOf } from '../testing/roster.ts'
import { FILE_URL, World } from '../testing/world.ts'

const SECRET = 's3cret-Zürich-77'
/** The forms in which a secret could appear: in plain text, and encoded for Basic authorization. */
const FORMS = [SECRET, btoa(String.fromCharCode(...new TextEncoder().encode(`muster:${SECRET}`)))]

/** Returns everything that Muster stores, as text. */
async function stored(): Promise<string> {
  const tables = await env.DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'
      AND name NOT LIKE 'contact_search%' AND name NOT LIKE 'd1_%'`,
  ).all<{ name: string }>()
  const parts: string[] = []
  for (const { name } of tables.results) {
    parts.push(JSON.stringify((await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results))
  }
  const { objects } = await env.FILES.list()
  for (const { key } of objects)
    parts.push(key, new TextDecoder().decode(await (await env.FILES.get(key))?.arrayBuffer()))
  return parts.join('\n')
}

it('invariant 9: a secret that was entered never appears in an answer, storage, a message, an e-mail or a log', async () => {
  const world = await World.start()
  const logged: unknown[] = []
  for (const level of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((...parts) => void logged.push(...parts))
  }
  const answers: string[] = []
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await world.request(method, path, body)
    answers.push(JSON.stringify([...response.headers]), new TextDecoder().decode(await response.clone().arrayBuffer()))
    return response
  }
  const connection = { kind: 'https', url: FILE_URL, username: 'muster', password: SECRET }
  const notify = { emails: ['a@example.org'], when: 'always' }
  const created = await ask('POST', '/api/sources', { name: 'Staff', connection, notify })
  const source = await created.json<{ id: string; connection: unknown }>()
  expect(source.connection).toMatchObject({ password: null, hasPassword: true })

  // A server that repeats the secret in its body, status text and headers.
  const echo = (request: Request) => {
    const reported = request.headers.get('Authorization') ?? ''
    expect(reported).toBe(`Basic ${FORMS[1]}`)
    return new Response(`You said ${reported}, ${SECRET}`, {
      status: 403,
      statusText: reported,
      headers: { 'X-Told': reported },
    })
  }
  const answersOfServer = [
    echo,
    () => Promise.reject(new Error(`no route for ${SECRET}`)),
    () =>
      new Response(null, {
        status: 302,
        headers: { Location: `https://muster:${encodeURIComponent(SECRET)}@other.example.org/` },
      }),
    () =>
      new Response(csvOf([...crowd(3), { ID: 'bad', Number: '' }]), {
        headers: { 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(SECRET)}.csv` },
      }),
  ]
  for (const remote of answersOfServer) {
    world.remote = remote
    await ask('POST', `/api/sources/${source.id}/test`, {})
    await ask('POST', '/api/sources/test', { connection })
    await ask('POST', `/api/sources/${source.id}/runs`, {})
    await world.drain()
  }
  await ask('PATCH', `/api/sources/${source.id}`, { name: 'Crew' })
  await ask('PATCH', `/api/sources/${source.id}`, { connection: { url: `ftp://${SECRET}` } })
  await ask('POST', '/api/sources', { name: 1, connection: { ...connection, url: 3 } })
  const { items: runs } = await (await ask('GET', '/api/runs')).json<{ items: { id: string; status: string }[] }>()
  expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'failed', 'failed'])
  for (const path of [
    'sources',
    `sources/${source.id}`,
    'notifications',
    'audit',
    'settings',
    'contacts',
    'health',
    'session',
  ]) {
    await ask('GET', `/api/${path}`)
  }
  for (const { id } of runs) {
    for (const part of ['', '/problems', '/changes', '/report.csv', '/snapshot'])
      await ask('GET', `/api/runs/${id}${part}`)
  }
  // The secret was sent only to the origin for which it was entered.
  for (const request of world.requests) {
    expect(request.headers.has('Authorization')).toBe(new URL(request.url).origin === new URL(FILE_URL).origin)
  }
  const everything = [
    ['answers', answers.join('\n')],
    ['what is stored', await stored()],
    ['queue messages', JSON.stringify(world.sent)],
    ['e-mails', JSON.stringify(world.mails)],
    ['logs', logged.map(String).join('\n')],
  ]
  for (const [where, text] of everything) {
    for (const form of FORMS) expect(text?.includes(form), `${where} hold a secret`).toBe(false)
  }
  expect(world.mails.length).toBeGreaterThan(2)
})

it('invariant 9: a secret is dropped when the host of its connection changes, and kept when only the path changes', async () => {
  const world = await World.start()
  const connection = { kind: 'https', url: FILE_URL, username: 'muster', password: SECRET }
  const source = await world.source({ connection })
  const has = async (url: string) =>
    (
      await world.api<{ connection: { hasPassword: boolean } }>('PATCH', `/api/sources/${source}`, {
        connection: { url },
      })
    ).connection.hasPassword
  expect(await has('https://files.example.org/other.csv')).toBe(true)
  expect(await has('https://elsewhere.example.org/other.csv')).toBe(false)
})
