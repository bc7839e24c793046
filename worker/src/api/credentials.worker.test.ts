import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { FILE_URL, World } from '../testing/world.ts'

let world: World
beforeEach(async () => {
  world = await World.start()
})

interface Problem {
  errors?: { path: string }[]
}

async function connectionOf(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  return (await world.api<{ connection: Record<string, unknown> }>(method, path, body)).connection
}

/** Returns the paths that a refusal names. */
async function refusedPaths(method: string, path: string, body: unknown): Promise<string[]> {
  const response = await world.request(method, path, body)
  expect(response.status).toBe(400)
  return (await response.json<Problem>()).errors?.map((error) => error.path) ?? []
}

/** Returns the headers that the next import of a source sends. */
async function sentBy(source: string): Promise<Headers> {
  world.requests.length = 0
  await world.import(source, 'ID,Name\n')
  return world.requests[0]?.headers ?? new Headers()
}

const TOKEN = { kind: 'https', url: FILE_URL, bearer: 't0ken-77' }
const HEADER = { kind: 'https', url: FILE_URL, header: { name: 'X-Api-Key', value: 'k3y-77' } }

describe('a bearer token and a header', () => {
  it('they are sent, stored encrypted, and never read back', async () => {
    const token = await world.source({ connection: TOKEN })
    const header = await world.source({ connection: HEADER })
    expect((await sentBy(token)).get('Authorization')).toBe('Bearer t0ken-77')
    expect((await sentBy(header)).get('X-Api-Key')).toBe('k3y-77')
    expect(await connectionOf('GET', `/api/sources/${token}`)).toEqual({
      ...{ kind: 'https', url: FILE_URL, fetches: null, username: null, password: null, hasPassword: false },
      ...{ bearer: null, hasBearer: true, header: null },
    })
    expect(await connectionOf('GET', `/api/sources/${header}`)).toMatchObject({
      bearer: null,
      hasBearer: false,
      header: { name: 'X-Api-Key', value: null, hasValue: true },
    })
    const { results } = await env.DB.prepare('SELECT * FROM source').all()
    expect(JSON.stringify(results)).not.toMatch(/t0ken-77|k3y-77/)
  })

  it('a patch keeps them, also if it sends back what was read, and null clears them', async () => {
    const source = await world.source({ connection: HEADER })
    const path = `/api/sources/${source}`
    await world.api('PATCH', path, { name: 'Crew' })
    await world.api('PATCH', path, { connection: await connectionOf('GET', path) })
    await world.api('PATCH', path, { connection: { header: { name: 'X-Other' } } })
    expect((await sentBy(source)).get('X-Other')).toBe('k3y-77')
    const cleared = await connectionOf('PATCH', path, { connection: { header: { value: null } } })
    expect(cleared.header).toEqual({ name: 'X-Other', value: null, hasValue: false })

    await world.api('PATCH', path, { connection: { header: { value: 'n3w' } } })
    expect(await connectionOf('PATCH', path, { connection: { header: null } })).toMatchObject({ header: null })
    // The value went with the header.
    const again = await connectionOf('PATCH', path, { connection: { header: { name: 'X-Api-Key' } } })
    expect(again.header).toEqual({ name: 'X-Api-Key', value: null, hasValue: false })
  })

  it('a change of host drops them', async () => {
    for (const connection of [TOKEN, HEADER]) {
      const source = await world.source({ connection })
      const url = 'https://elsewhere.example.org/contacts.csv'
      await world.api('PATCH', `/api/sources/${source}`, { connection: { url } })
      const headers = await sentBy(source)
      expect([headers.get('Authorization'), headers.get('X-Api-Key')]).toEqual([null, null])
    }
  })

  it('a share link has the host of what it fetches: another link to it keeps the token', async () => {
    const url = 'https://github.com/o/r/blob/main/a.csv'
    const source = await world.source({ connection: { ...TOKEN, url } })
    const path = `/api/sources/${source}`
    const raw = 'https://raw.githubusercontent.com/o/r/main/b.csv'
    expect(await connectionOf('GET', path)).toMatchObject({
      url,
      fetches: 'https://raw.githubusercontent.com/o/r/main/a.csv',
    })
    expect(await connectionOf('PATCH', path, { connection: { url: raw } })).toMatchObject({
      url: raw,
      fetches: null,
      hasBearer: true,
    })
    const sheet = 'https://docs.google.com/spreadsheets/d/1AbC/edit?gid=7'
    expect(await connectionOf('PATCH', path, { connection: { url: sheet } })).toMatchObject({
      url: 'https://docs.google.com/spreadsheets/d/1AbC/edit?…',
      fetches: 'https://docs.google.com/spreadsheets/d/1AbC/export?…',
      hasBearer: false,
    })
    // What was read back may be sent back.
    const read = await connectionOf('GET', path)
    expect(await connectionOf('PATCH', path, { connection: read })).toEqual(read)
  })

  it('at most one of user name, token and header is accepted, saved secrets included', async () => {
    const source = await world.source({ connection: TOKEN })
    const path = `/api/sources/${source}`
    const { header } = HEADER
    expect(await refusedPaths('POST', '/api/sources', { name: 'A', connection: { ...TOKEN, header } })).toEqual([
      'connection.header',
    ])
    for (const call of [path, `${path}/test`]) {
      const method = call === path ? 'PATCH' : 'POST'
      expect(await refusedPaths(method, call, { connection: { header } })).toEqual(['connection.header'])
      expect(await refusedPaths(method, call, { connection: { username: 'ana' } })).toEqual(['connection.bearer'])
    }
    const changed = await connectionOf('PATCH', path, { connection: { bearer: null, header } })
    expect(changed).toMatchObject({ hasBearer: false, header: { hasValue: true } })
  })

  it('a misspelt member of a header is refused', async () => {
    const connection = { kind: 'https', url: FILE_URL, header: { name: 'X-Key', valu: 'a' } }
    expect(await refusedPaths('POST', '/api/sources', { name: 'A', connection })).toEqual(['connection.header.valu'])
  })

  it('a link that gives no file is refused where it is entered', async () => {
    const connection = { kind: 'https', url: 'https://1drv.ms/x/s!AbC' }
    expect(await refusedPaths('POST', '/api/sources', { name: 'A', connection })).toEqual(['connection.url'])
    expect(await refusedPaths('POST', '/api/sources/test', { connection })).toEqual(['connection.url'])
  })
})
