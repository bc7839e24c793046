import { describe, expect, it } from 'vitest'
import { database } from '../store/database.ts'
import { sources } from '../store/sources.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { describeApi } from './openapi.ts'
import { routes } from './routes.ts'
import type { Page } from './views/answer.ts'
import type { SourceView } from './views/source.ts'

interface Schema {
  properties?: Record<string, Schema>
  additionalProperties?: Schema | false
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  const?: unknown
}

interface Operation {
  method: string
  path: string
  body: Schema | undefined
}

/** Returns each described call. */
function operations(): Operation[] {
  const described = JSON.parse(JSON.stringify(describeApi(routes).paths))
  return Object.entries(described).flatMap(([path, methods]) =>
    Object.entries(methods as object).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{\w+\}/g, '1'),
      body: operation.requestBody?.content['application/json']?.schema,
    })),
  )
}
/** A webhook, whose sender may add members of its own. */
const isHook = ({ path }: Operation) => path.startsWith('/hooks/')
/** An upload: the body is a file of any format. */
const isUpload = ({ method, path }: Operation) => method === 'PUT' && path.startsWith('/api/sources/1/file')

/** Yields bodies with the unknown member `zzz`, one for each object that the schema describes, with its path. */
function* misspelt(schema: Schema, at: string[] = []): Generator<{ body: unknown; path: string }> {
  for (const one of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) yield* misspelt(one, at)
  if (schema.items !== undefined) {
    for (const { body, path } of misspelt(schema.items, [...at, '0'])) yield { body: [body], path }
  }
  if (typeof schema.additionalProperties === 'object') {
    for (const { body, path } of misspelt(schema.additionalProperties, [...at, 'any']))
      yield { body: { any: body }, path }
  }
  if (schema.properties === undefined) return
  const consts = Object.entries(schema.properties).flatMap(([name, member]) => {
    const { const: only } = member.anyOf?.[0] ?? member
    return only === undefined ? [] : [[name, only] as const]
  })
  yield { body: { ...Object.fromEntries(consts), zzz: null }, path: [...at, 'zzz'].join('.') }
  for (const [name, member] of Object.entries(schema.properties)) {
    for (const { body, path } of misspelt(member, [...at, name]))
      yield { body: { ...Object.fromEntries(consts), [name]: body }, path }
  }
}

interface Refusal {
  status: number
  code: string
  errors: { path: string; message: string }[]
}

async function refusal(world: World, method: string, path: string, body?: unknown): Promise<Refusal> {
  return (await world.request(method, path, body)).json()
}

describe('invariant 15: what is misspelt is refused', () => {
  it('every call refuses an unknown query parameter, and names it', async () => {
    const world = await World.start()
    for (const one of operations()) {
      const { status, errors } = await refusal(world, one.method, `${one.path}?zzz=`)
      const answer = [one.method, one.path, status, errors?.[0]?.path]
      expect(answer).toEqual([one.method, one.path, ...(isHook(one) ? [401, undefined] : [400, 'zzz'])])
    }
  })

  it('every call refuses an unknown member of its body at every depth, and names it', async () => {
    const world = await World.start()
    const depths = new Map<number, number>()
    for (const one of operations().filter((one) => one.method !== 'GET' && !isUpload(one))) {
      const bodies = one.body === undefined ? [{ body: { zzz: null }, path: 'zzz' }] : [...misspelt(one.body)]
      for (const { body, path } of bodies) {
        const { status, code, errors } = await refusal(world, one.method, one.path, body)
        const answer = { ...one, body, status, errors: errors?.map((error) => error.path) }
        if (isHook(one)) expect({ ...one, code }).toEqual({ ...one, code: 'bad_signature' })
        else expect(answer).toEqual({ ...one, body, status: 400, errors: [path] })
        const depth = path.split('.').length
        depths.set(depth, (depths.get(depth) ?? 0) + 1)
      }
    }
    // The bodies of sources alone have dozens of nested objects.
    expect(depths.get(2)).toBeGreaterThan(20)
    expect(depths.get(3)).toBeGreaterThan(20)
  })

  it('a misspelt preview starts no import, and the answer says what was meant', async () => {
    const world = await World.start()
    const source = await world.source()
    const answer = await refusal(world, 'POST', `/api/sources/${source}/runs`, { mod: 'preview' })
    expect(answer).toMatchObject({ status: 400, code: 'invalid', errors: [{ path: 'mod' }] })
    expect(answer.errors[0]?.message).toContain('“mode”')
    expect((await world.api<Page<unknown>>('GET', '/api/runs')).items).toEqual([])
  })

  it('a misspelt setting makes and changes no source', async () => {
    const world = await World.start()
    const made = { name: 'Staff', connection: { kind: 'https', url: 'https://example.org/a.csv' } }
    expect(await refusal(world, 'POST', '/api/sources', { ...made, removel: 'keep' })).toMatchObject({
      errors: [{ path: 'removel', message: '“removel” is not known here. Did you mean “removal”?' }],
    })
    const { id } = await world.api<SourceView>('POST', '/api/sources', made)
    for (const [patch, path] of [
      [{ Removal: 'keep' }, 'Removal'],
      [{ removel: null }, 'removel'],
      [{ connection: { pasword: 'x' } }, 'connection.pasword'],
      // A member of another kind of connection would be lost without a word.
      [{ connection: { privateKey: 'x' } }, 'connection.privateKey'],
      [{ connection: { hasPasword: true, password: null } }, 'connection.hasPasword'],
      [{ limits: { removed: { percnt: 5 } } }, 'limits.removed.percnt'],
    ] as const) {
      expect(await refusal(world, 'PATCH', `/api/sources/${id}`, patch)).toMatchObject({
        status: 400,
        errors: [{ path }],
      })
    }
    expect((await world.api<Page<SourceView>>('GET', '/api/sources')).items).toMatchObject([{ removal: 'remove' }])
  })

  it('a query parameter that is given twice is refused', async () => {
    const world = await World.start()
    const answer = await refusal(world, 'GET', '/api/runs?status=held&status=failed')
    expect(answer).toMatchObject({ status: 400, errors: [{ path: 'status' }] })
  })

  it('a patch that is nested 100,000 deep is refused', async () => {
    const world = await World.start()
    const { key } = await world.api<{ key: string }>('POST', '/api/contacts', { id: '1', name: 'Ana' })
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    for (const body of [`{"name":${deep}}`, `{"fields":{"a":${deep}}}`, `{"a":${deep}}`]) {
      expect(await refusal(world, 'PATCH', `/api/contacts/${key}`, JSON.parse(body))).toMatchObject({ status: 400 })
    }
  })
})

describe('what Muster returned can be sent back', () => {
  it('each resource accepts its own answer as a patch, and stays as it was', async () => {
    const world = await World.start()
    const connection = { kind: 'https', url: 'https://example.org/a.csv', username: 'a', password: 'b' }
    const source = await world.source({ connection, limits: { removed: null } })
    await world.import(source, csvOf(crowd(3)))
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    const field = await world.api<{ key: string }>('POST', '/api/fields', { key: 'major', label: 'Major' })
    const user = await world.api<{ id: string }>('POST', '/api/users', { email: 'a@example.org', name: 'Ana' })
    const group = await world.api<{ id: string }>('POST', '/api/groups', { name: 'Rope' })
    const numbers = [{ number: '+16045550100' }]
    const person = { id: '1', name: 'Ana', numbers, groups: ['Rope'], fields: { major: ['Biology'] } }
    const contact = await world.api<{ key: string }>('POST', '/api/contacts', person)
    await world.api('PATCH', `/api/contacts/${contact.key}`, { title: 'Lead' })
    for (const path of [
      `/api/sources/${source}`,
      `/api/fields/${field.key}`,
      `/api/users/${user.id}`,
      `/api/contacts/${contact.key}`,
      '/api/settings',
    ]) {
      const before = await world.api<object>('GET', path)
      await world.api('PATCH', path, before)
      expect(await world.api('GET', path)).toEqual(before)
    }
    const { items } = await world.api<Page<{ id: string }>>('GET', '/api/groups')
    const shown = items.find(({ id }) => id === group.id)
    expect(await world.api('PATCH', `/api/groups/${group.id}`, shown)).toMatchObject({ name: 'Rope' })
  })

  it('a source’s answer with another name makes a second source', async () => {
    const world = await World.start()
    const source = await world.source({ schedule: { kind: 'nightly' } })
    await world.import(source, csvOf(crowd(3)))
    const shown = await world.api<SourceView>('GET', `/api/sources/${source}`)
    const copy = await world.api<SourceView>('POST', '/api/sources', { ...shown, name: 'Copy' })
    expect(copy).toMatchObject({ name: 'Copy', schedule: shown.schedule, lastRun: null })
    expect(copy.id).not.toBe(source)
  })

  it('settings that an older version stored with further members are read, shown without them and can be changed', async () => {
    const world = await World.start()
    const id = await world.source()
    const [stored] = await database(world.env).select().from(sources)
    if (stored === undefined) throw new Error('No source is stored')
    const settings = { ...stored.settings, sinceRemoved: 1, notify: { ...stored.settings.notify, sms: ['x'] } }
    const connection = { ...stored.connection, proxy: 'x' }
    await database(world.env).update(sources).set({ settings, connection })
    const shown = await world.api<SourceView>('GET', `/api/sources/${id}`)
    expect(JSON.stringify(shown)).not.toMatch(/sinceRemoved|"sms":|proxy/)
    await world.api('PATCH', `/api/sources/${id}`, { ...shown, name: 'Crew' })
    expect(await world.import(id, csvOf(crowd(3)))).toMatchObject({ status: 'succeeded' })
  })
})
