import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ConnectionSettings } from '../connections/schema.ts'
import { settingsHash } from '../store/sources.ts'
import { csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import type { Page } from './views/answer.ts'
import type { SourceView } from './views/source.ts'

const KEY = 'SECRETTOKEN123'
const LINK = `https://files.example.org/staff/lists/contacts.csv?sig=${KEY}&v=2#part-${KEY}`
const SHOWN = 'https://files.example.org/staff/lists/contacts.csv?…'
const S3 = {
  kind: 's3',
  url: `https://s3.example.org/bucket/staff/contacts.csv?X-Amz-Signature=${KEY}`,
  region: 'ca-central-1',
  accessKeyId: 'AK',
  secretAccessKey: 'SK',
  optOuts: { path: 'back/opt-outs.csv' },
}

let world: World
beforeEach(async () => {
  world = await World.start()
})

const storedSource = (id: string) =>
  env.DB.prepare('SELECT connection, secrets, settings_hash FROM source WHERE id = ?').bind(id).first<{
    connection: string
    secrets: string | null
    settings_hash: string
  }>()

async function get<T>(path: string, scope: string): Promise<T> {
  const made = await world.api<{ token: string }>('POST', '/api/tokens', { name: scope, scopes: [scope] })
  const response = await app.request(path, { headers: { Authorization: `Bearer ${made.token}` } }, world.env)
  expect(response.status).toBe(200)
  return response.json<T>()
}

async function patch(id: string, connection: Record<string, unknown>) {
  const response = await world.request('PATCH', `/api/sources/${id}`, { connection })
  return { status: response.status, body: await response.json<SourceView & { code?: string; errors?: unknown }>() }
}

/** Returns the address that an import asks for. */
async function fetched(id: string): Promise<string | undefined> {
  await world.import(id, csvOf([{ ID: 'ana' }]))
  return world.requests.at(-1)?.url
}

describe('the query of an address', () => {
  it('reads back as ?… for every role, and is stored encrypted, while imports use it', async () => {
    const made = await world.api<SourceView>('POST', '/api/sources', {
      name: 'Staff',
      connection: { kind: 'https', url: LINK },
    })
    expect(made.connection).toMatchObject({ url: SHOWN })
    const bucket = await world.api<SourceView>('POST', '/api/sources', { name: 'Bucket', connection: S3 })
    for (const path of ['/api/sources', `/api/sources/${made.id}`, `/api/sources/${bucket.id}`]) {
      for (const scope of ['administrator', 'manager', 'viewer', 'runs:read']) {
        expect(JSON.stringify(await get(path, scope))).not.toContain(KEY)
      }
    }
    expect(JSON.stringify(await storedSource(made.id))).not.toContain(KEY)
    expect(JSON.stringify(await storedSource(bucket.id))).not.toContain(KEY)
    expect(await fetched(made.id)).toBe(LINK)
    await patch(made.id, { url: `https://files.example.org/other.csv?sig=${KEY}` })
    expect(JSON.stringify(await world.api('GET', '/api/audit'))).not.toContain(KEY)
  })

  it('is kept by a PATCH whose address still ends in ?…, and refused if the rest of the address differs', async () => {
    const id = await world.source({ connection: { kind: 'https', url: LINK, username: 'me', password: 'pw' } })
    const whole = await world.api<SourceView>('GET', `/api/sources/${id}`)
    const back = await world.api<SourceView>('PATCH', `/api/sources/${id}`, { ...whole, name: 'Crew' })
    expect(back.connection).toEqual(whole.connection)
    expect(await fetched(id)).toBe(LINK)
    const refused = { status: 400, body: { code: 'invalid', errors: [{ path: 'connection.url' }] } }
    expect(await patch(id, { url: 'https://files.example.org/staff/lists/other.csv?…' })).toMatchObject(refused)
    expect(await patch(id, { url: 'https://other.example.org/staff/lists/contacts.csv?…' })).toMatchObject(refused)
    expect(await patch(id, { kind: 's3', url: SHOWN, region: 'x', accessKeyId: 'a' })).toMatchObject(refused)
    expect(await patch(id, { kind: 's3', region: 'x', accessKeyId: 'a' })).toMatchObject(refused)
    const anew = await world.request('POST', '/api/sources', { name: 'A', connection: { kind: 'https', url: SHOWN } })
    expect(await anew.json()).toMatchObject({ status: 400, errors: [{ path: 'connection.url' }] })
    const tested = await world.request('POST', '/api/sources/test', { connection: { kind: 'https', url: SHOWN } })
    expect(tested.status).toBe(400)
    expect(await fetched(id)).toBe(LINK)
  })

  it('is used by a test of the saved source whose address still ends in ?…', async () => {
    const id = await world.source({ connection: { kind: 'https', url: LINK } })
    world.remote = csvOf([{ ID: 'ana' }])
    const test = (url: string) =>
      world.request('POST', `/api/sources/${id}/test`, { connection: { kind: 'https', url } })
    expect(await (await test(SHOWN)).json()).toMatchObject({ ok: true })
    expect(world.requests.at(-1)?.url).toBe(LINK)
    expect((await test('https://files.example.org/staff/?…')).status).toBe(400)
  })

  it('goes with a new address, and another query is another target without asking for the password', async () => {
    const id = await world.source({ connection: { kind: 'https', url: LINK } })
    const first = (await storedSource(id))?.settings_hash
    expect((await patch(id, { url: LINK.replace('v=2', 'v=3') })).body.connection).toMatchObject({ url: SHOWN })
    expect((await storedSource(id))?.settings_hash).not.toBe(first)
    expect(await fetched(id)).toBe(LINK.replace('v=2', 'v=3'))
    const { items } = await world.api<Page<{ action: string; detail: string }>>('GET', '/api/audit')
    expect(items.find(({ action }) => action === 'source_changed')?.detail).toBe('connection.url: changed')
    expect((await patch(id, { url: 'https://files.example.org/contacts.csv' })).status).toBe(200)
    expect((await storedSource(id))?.secrets).toBeNull()
    expect(await fetched(id)).toBe('https://files.example.org/contacts.csv')
  })

  it('that an older version stored in the connection is encrypted at the next tick', async () => {
    const id = await world.source({ connection: { kind: 'https', url: LINK, username: 'me', password: 'pw' } })
    const before = await storedSource(id)
    const connection: ConnectionSettings = { ...JSON.parse(before?.connection ?? ''), url: LINK }
    const older = await world.source({})
    await env.DB.prepare('UPDATE source SET connection = ?, secrets = NULL WHERE id = ?')
      .bind(JSON.stringify(connection), older)
      .run()
    // It reads back without the query even before.
    expect((await world.api<SourceView>('GET', `/api/sources/${older}`)).connection).toMatchObject({ url: SHOWN })
    await world.tick(1)
    expect(JSON.stringify(await storedSource(older))).not.toContain(KEY)
    expect(await fetched(older)).toBe(LINK)
    expect(JSON.parse((await storedSource(older))?.connection ?? '')).toEqual({ ...connection, url: SHOWN })
  })

  it('counts in the settings of a source whose custom field changes', async () => {
    await world.api('POST', '/api/fields', { key: 'major', label: 'Major', type: 'text', list: false, required: false })
    const mapping = [
      { column: 'ID', to: 'id' },
      { column: 'Name', to: 'name' },
      { column: 'Number', to: 'number' },
      { column: 'Organization Name', to: 'field:major' },
    ]
    const id = await world.source({ connection: { kind: 'https', url: LINK }, mapping })
    await world.api('PATCH', '/api/fields/major', { required: true })
    await world.api('PATCH', '/api/fields/major', { required: false })
    const { settings } = (await env.DB.prepare('SELECT settings FROM source WHERE id = ?')
      .bind(id)
      .first<{ settings: string }>()) ?? { settings: '' }
    const connection = { kind: 'https', url: LINK, username: null, password: null, bearer: null, header: null } as const
    const definition = { key: 'major', label: 'Major', type: 'text', list: false, required: false } as const
    const expected = await settingsHash(connection, JSON.parse(settings), new Map([['major', definition]]))
    expect((await storedSource(id))?.settings_hash).toBe(expected)
  })
})

it.each(['viewer', 'runs:read', 'runs:write'])(
  'of an address a token with %s reads the host and the name of the file only',
  async (scope) => {
    const id = await world.source({ connection: { kind: 'https', url: LINK } })
    const bucket = await world.source({ connection: S3 })
    const sheet = await world.source({
      connection: { kind: 'https', url: 'https://docs.google.com/spreadsheets/d/1AbCdEfGh/edit#gid=0' },
    })
    const answers = [
      await get(`/api/sources/${id}`, scope),
      await get(`/api/sources/${bucket}`, scope),
      await get(`/api/sources/${sheet}`, scope),
      await get(`/api/sources/${bucket}/opt-outs`, scope),
      await get('/api/sources', scope),
    ]
    expect(answers[0]).toMatchObject({ connection: { url: 'https://files.example.org/…/contacts.csv' } })
    expect(answers[1]).toMatchObject({ connection: { optOuts: { path: '…/opt-outs.csv' } } })
    expect(answers[2]).toMatchObject({
      connection: { url: 'https://docs.google.com/…/', fetches: 'https://docs.google.com/…/' },
    })
    expect(answers[3]).toMatchObject({ url: 'https://s3.example.org/…/opt-outs.csv' })
    const text = JSON.stringify(answers)
    for (const part of [KEY, 'lists', 'bucket/', 'staff/', 'back/', '1AbCdEfGh']) expect(text).not.toContain(part)
    expect((await world.api<SourceView>('GET', `/api/sources/${sheet}`)).connection).toMatchObject({
      fetches: 'https://docs.google.com/spreadsheets/d/1AbCdEfGh/export?…',
    })
  },
)
