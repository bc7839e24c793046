import { describe, expect, it } from 'vitest'
import { ROLES } from '../security/roles.ts'
import { SCOPES, type Scope, type TokenScope } from '../security/scopes.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import { routes } from './routes.ts'
import type { Page } from './views/answer.ts'
import type { ContactView } from './views/contact.ts'
import type { TokenView } from './views/person.ts'
import type { RunView } from './views/run.ts'
import type { SourceView } from './views/source.ts'

const FIRST = csvOf([{ ID: 'ana' }, { ID: 'ben' }])
const UPLOAD = { connection: { kind: 'upload' } }

const DIRECTORY = [
  'get /api/changes',
  'get /api/contacts',
  'get /api/contacts.csv',
  'get /api/contacts.xlsx',
  'get /api/contacts/:key',
  'get /api/contacts/:key/consent',
  'get /api/contacts/:key/sms-changes',
  'get /api/fields',
  'get /api/fields/:key',
  'get /api/groups',
  'get /api/groups/:id',
  'get /api/groups/:id/recipients',
  'get /api/groups/:id/unreached',
  'get /api/sources/:id/opt-outs.csv',
]
const RUNS = [
  'get /api/overview',
  'get /api/runs',
  'get /api/runs/:id',
  'get /api/runs/:id/changes',
  'get /api/runs/:id/events',
  'get /api/runs/:id/meaning',
  'get /api/runs/:id/problems',
  'get /api/runs/:id/problems/causes',
  'get /api/sources',
  'get /api/sources/:id',
  'get /api/sources/:id/opt-outs',
  'get /api/sources/:id/webhook',
]

/** The calls that a token with one scope may make; of `admin` all. A run of its own is another matter: see below. */
const ALLOWED: Record<Exclude<Scope, 'admin'>, string[]> = {
  'directory:read': DIRECTORY,
  'runs:read': RUNS,
  'runs:write': [
    ...RUNS,
    'get /api/runs/:id/report.csv',
    'get /api/runs/:id/report.xlsx',
    'get /api/runs/:id/snapshot',
    'post /api/runs/:id/approve',
    'post /api/runs/:id/cancel',
    'post /api/runs/:id/reject',
    'post /api/runs/:id/undo',
    'post /api/sources/:id/runs',
  ],
  'sms:write': ['post /api/contacts/sms-status', 'put /api/contacts/:key/sms-status'],
  'files:write': ['put /api/sources/:id/file', 'put /api/sources/:id/file/:name'],
}

async function tokenWith(world: World, scopes: readonly TokenScope[], more: object = {}): Promise<string> {
  return (await world.api<{ token: string }>('POST', '/api/tokens', { name: scopes.join(' '), scopes, ...more })).token
}

/** Returns the status and the code of a call with a token. */
async function call(
  world: World,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<[number, string]> {
  const response = await send(world, token, method, path, body)
  const json = response.headers.get('Content-Type')?.includes('json') === true
  const { code = '' } = json ? await response.json<{ code?: string }>() : {}
  if (!json) await response.body?.cancel()
  return [response.status, code]
}

async function send(world: World, token: string, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const init = { method: method.toUpperCase(), headers }
  return app.request(path, body === undefined ? init : { ...init, body: JSON.stringify(body) }, world.env)
}

/** The routes that need a sign-in, as `method path`. */
const GUARDED = routes.filter(({ role }) => role !== null).map(({ method, path }) => `${method} ${path}`)
/** The calls about a person's own account. No token may make them. */
const PERSONAL = routes.filter(({ personal }) => personal === true).map(({ method, path }) => `${method} ${path}`)

/** Returns the routes that refuse a token for its rights. The paths name nothing that exists. */
async function refusedTo(world: World, token: string): Promise<string[]> {
  const refused: string[] = []
  for (const one of GUARDED) {
    const [method = '', path = ''] = one.split(' ')
    const [status, code] = await call(world, token, method, path.replace(/:\w+/g, 'nothing'))
    if (status === 403 && code === 'forbidden') refused.push(one)
  }
  return refused.sort()
}

describe('the scopes of a token', () => {
  it.each(Object.entries(ALLOWED))('a token with %s may make its calls and no others', async (scope, allowed) => {
    const world = await World.start()
    const token = await tokenWith(world, [scope as Scope])
    expect(await refusedTo(world, token)).toEqual(GUARDED.filter((one) => !allowed.includes(one)).sort())
  })

  it.each(['admin', 'administrator'] as const)('a token with %s may make every call', async (scope) => {
    const world = await World.start()
    expect(await refusedTo(world, await tokenWith(world, [scope]))).toEqual(PERSONAL.toSorted())
  })

  it.each(['manager', 'viewer'] as const)('a token with the role %s keeps the rights of the role', async (role) => {
    const world = await World.start()
    const rank = ROLES.indexOf(role)
    const ought = routes.filter((route) => route.role !== null && ROLES.indexOf(route.role) < rank)
    const refused = await refusedTo(world, await tokenWith(world, [role]))
    expect(refused).toEqual([...ought.map(({ method, path }) => `${method} ${path}`), ...PERSONAL].sort())
  })

  it('a token has the rights of all its scopes', async () => {
    const world = await World.start()
    const token = await tokenWith(world, ['sms:write', 'directory:read'])
    const allowed = [...ALLOWED['sms:write'], ...DIRECTORY]
    expect(await refusedTo(world, token)).toEqual(GUARDED.filter((one) => !allowed.includes(one)).sort())
  })

  it('every scope is in the table', () => {
    expect([...Object.keys(ALLOWED), 'admin'].sort()).toEqual([...SCOPES].sort())
  })
})

describe('a token that uploads', () => {
  it('a token with files:write uploads a file and follows its run, and sees no other run and no person', async () => {
    const world = await World.start()
    const source = await world.source({ ...UPLOAD, limits: { sameNumber: { atLeast: 2 } }, hold: 'whole' })
    const [token, other] = [await tokenWith(world, ['files:write']), await tokenWith(world, ['files:write'])]
    const people = csvOf(crowd(5, { Number: '6045550100' }))
    const response = await world.upload(source, people, { as: { token } })
    const { runId } = await response.json<{ runId: string }>()
    const waiting = await world.upload(source, FIRST, { as: { token: other } })
    const second = (await waiting.json<{ runId: string }>()).runId
    await world.deliver({ step: 'fetch', run: runId })
    await world.deliver({ step: 'plan', run: runId })
    world.messages = []
    const full = await world.run(runId)
    expect(full.hold?.reasons[0]?.examples.length).toBeGreaterThan(0)
    const shown = await (await send(world, token, 'get', `/api/runs/${runId}`)).json<RunView>()
    expect(shown).toMatchObject({ id: runId, status: 'held', requestedBy: null })
    expect(shown.hold?.reasons).toMatchObject([{ limit: 'sameNumber', examples: [] }])
    const events = await (await send(world, token, 'get', `/api/runs/${runId}/events`)).text()
    expect(events).toContain('"held"')
    expect(events).not.toContain('Person P001')
    const elsewhere = [
      `/api/runs/${second}`,
      '/api/runs/nothing',
      `/api/runs/${runId}/changes`,
      `/api/sources/${source}`,
    ]
    for (const path of elsewhere)
      expect([path, ...(await call(world, token, 'get', path))]).toEqual([path, 403, 'forbidden'])
    expect(await call(world, other, 'get', `/api/runs/${second}`)).toEqual([200, ''])
  })

  it('two tokens that upload during a run may both follow the run of the newest file', async () => {
    const world = await World.start()
    const source = await world.source(UPLOAD)
    await world.upload(source, FIRST, { as: 'person' })
    const tokens = [await tokenWith(world, ['files:write']), await tokenWith(world, ['files:write'])]
    const ids: string[] = []
    for (const token of [...tokens, ...tokens]) {
      ids.push((await (await world.upload(source, FIRST, { as: { token } })).json<{ runId: string }>()).runId)
    }
    expect(new Set(ids).size).toBe(1)
    for (const token of tokens) expect(await call(world, token, 'get', `/api/runs/${ids[0]}`)).toEqual([200, ''])
  })
})

describe('a token that is limited to some sources', () => {
  it('a token that is limited to a source sees and touches only that one', async () => {
    const world = await World.start()
    const [own, foreign] = [await world.source(UPLOAD), await world.source(UPLOAD)]
    const runs: string[] = []
    for (const source of [own, foreign]) {
      runs.push((await (await world.upload(source, FIRST)).json<{ runId: string }>()).runId)
      await world.drain()
    }
    const scopes = ['runs:write', 'files:write'] as const
    const token = await tokenWith(world, scopes, { sources: [own] })
    const paths = GUARDED.filter((one) => one.includes('/:id') && /\/(sources|runs)\//.test(one))
    const allowed = [...ALLOWED['runs:write'], ...ALLOWED['files:write']]
    for (const one of paths) {
      const [method = '', pattern = ''] = one.split(' ')
      const pathOf = (i: number, id: string) =>
        pattern.replace(':id', pattern.includes('/runs/:id') ? (runs[i] ?? '') : id).replace(':name', 'a.csv')
      expect([one, ...(await call(world, token, method, pathOf(1, foreign)))]).toEqual([one, 403, 'forbidden'])
      if (!allowed.includes(one)) continue
      const [status] = await call(world, token, method, pathOf(0, own))
      expect([one, status]).not.toEqual([one, 403])
      expect([one, status]).not.toEqual([one, 404])
    }
    const list = async <T>(path: string) => (await (await send(world, token, 'get', path)).json<Page<T>>()).items
    expect((await list<SourceView>('/api/sources')).map(({ id }) => id)).toEqual([own])
    expect(new Set((await list<RunView>('/api/runs')).map(({ sourceId }) => sourceId))).toEqual(new Set([own]))
    expect(await list(`/api/runs?source=${foreign}`)).toEqual([])
    const outside = GUARDED.filter(
      (one) => !paths.includes(one) && !['get /api/overview', 'get /api/sources', 'get /api/runs'].includes(one),
    )
    const refused = await refusedTo(world, token)
    expect(refused).toEqual(expect.arrayContaining(outside))
    expect(await world.api<SourceView>('GET', `/api/sources/${foreign}`)).toMatchObject({ enabled: true })
  })

  it('a token that may read the directory of one source reads no contact of another', async () => {
    const world = await World.start()
    const [own, foreign] = [await world.source(UPLOAD), await world.source(UPLOAD)]
    for (const [source, prefix] of [
      [own, 'O'],
      [foreign, 'F'],
    ] as const) {
      await world.upload(source, csvOf(crowd(3, {}, prefix)))
      await world.drain()
    }
    const token = await tokenWith(world, ['directory:read'], { sources: [own] })
    const all = (await world.api<Page<ContactView>>('GET', '/api/contacts')).items
    expect(all).toHaveLength(6)
    for (const path of ['/api/contacts', '/api/contacts?search=Person', `/api/contacts?source=${foreign}`]) {
      const { items } = await (await send(world, token, 'get', path)).json<Page<ContactView>>()
      expect(new Set(items.map(({ sourceId }) => sourceId)), path).toEqual(new Set(path.includes(foreign) ? [] : [own]))
    }
    const csv = await (await send(world, token, 'get', '/api/contacts.csv')).text()
    expect([csv.includes('O001'), csv.includes('F001')]).toEqual([true, false])
    for (const { key, sourceId } of all) {
      for (const path of [`/api/contacts/${key}`, `/api/contacts/${key}/consent`, `/api/contacts/${key}/sms-changes`]) {
        expect(await call(world, token, 'get', path)).toEqual(sourceId === own ? [200, ''] : [403, 'forbidden'])
      }
    }
    expect(await call(world, token, 'get', '/api/fields')).toEqual([200, ''])
    for (const path of [
      '/api/changes',
      '/api/groups',
      '/api/groups/1',
      '/api/groups/1/unreached?channel=sms',
      '/api/groups/1/recipients?channel=sms',
      '/api/sources',
      '/api/runs',
    ])
      expect([path, ...(await call(world, token, 'get', path))]).toEqual([path, 403, 'forbidden'])
  })

  it.each([
    [{ scopes: ['directory:read', 'sms:write'], sources: ['own'] }, 'sources'],
    [{ scopes: ['files:write', 'manager'], sources: ['own'] }, 'sources'],
    [{ sources: ['own'] }, 'sources'],
    [{ scopes: ['files:write'], sources: [] }, 'sources'],
    [{ scopes: ['files:write'], sources: ['own', 'nothing'] }, 'sources.1'],
    [{ scopes: ['files:read'] }, 'scopes.0'],
    [{ scopes: ['files:write'], expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ scopes: ['files:write'], expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ scopes: ['files:write'], source: 'own' }, 'source'],
  ])('a token with %j is refused, and %s is named', async (settings, path) => {
    const world = await World.start()
    const own = await world.source(UPLOAD)
    const text = JSON.stringify({ name: 'A', ...settings }).replaceAll('"own"', JSON.stringify(own))
    const refused = await world.request('POST', '/api/tokens', JSON.parse(text))
    expect(await refused.json()).toMatchObject({ status: 400, code: 'invalid', errors: [{ path }] })
  })
})

describe('the life of a token', () => {
  it('a token that has expired is refused', async () => {
    const world = await World.start()
    const expiresAt = new Date(Date.now() + 60 * 60_000).toISOString()
    const token = await tokenWith(world, ['runs:read'], { expiresAt })
    expect(await call(world, token, 'get', '/api/runs')).toEqual([200, ''])
    world.passTime(61 * 60_000)
    expect(await call(world, token, 'get', '/api/runs')).toEqual([401, 'unauthorized'])
  })

  it('the list shows the rights, the end and the last use of each token, and never the token', async () => {
    const world = await World.start()
    const source = await world.source(UPLOAD)
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
    const token = await tokenWith(world, ['files:write', 'files:write'], { sources: [source, source], expiresAt })
    const shown = async () =>
      (await world.api<Page<TokenView>>('GET', '/api/tokens')).items.find(({ id }) => id !== 'system')
    expect(await shown()).toMatchObject({ scopes: ['files:write'], sources: [source], expiresAt, lastUsedAt: null })
    await world.upload(source, FIRST, { as: { token } })
    const first = (await shown())?.lastUsedAt ?? ''
    expect(Date.parse(first)).toBeGreaterThan(Date.now() - 60_000)
    world.passTime(60_000)
    await world.upload(source, FIRST, { as: { token } })
    expect((await shown())?.lastUsedAt).toBe(first)
    world.passTime(5 * 60_000)
    await world.upload(source, FIRST, { as: { token } })
    expect(Date.parse((await shown())?.lastUsedAt ?? '')).toBeGreaterThan(Date.parse(first))
    expect(JSON.stringify(await shown())).not.toContain(token)
  })
})
