import { createExecutionContext } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { crowd, csvOf } from '../testing/roster.ts'
import { someOf } from '../testing/sample.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import { routes } from './routes.ts'
import type { Page } from './views/answer.ts'
import type { GroupView } from './views/contact.ts'

/** IDs and cursors that Muster never gave. */
const MALFORMED = [
  ...['-1', '1.5', '1e400', '0x10', '1.-1', '9'.repeat(40), 'abc', `'"`, '\0', '💩', '__proto__'],
  ...[
    '1e999',
    '-0',
    'NaN',
    '1_0',
    '%',
    '%00',
    '\u202e',
    '\ufffd',
    'constructor',
    '9007199254740993.1',
    '{"a":1}',
    'x'.repeat(10_240),
  ],
]
/** What `encodeURIComponent` does not give: broken percent-encodings, a lone surrogate, text that is not UTF-8. */
const RAW = ['%ZZ', '%F0', '%ED%A0%80', '%C0%80', '%']
/** Values of a member that no form sends. JSON can hold all of them, a lone surrogate included. */
const VALUES: unknown[] = [
  ...[
    null,
    true,
    -1,
    1.5,
    1e308,
    2 ** 53,
    [],
    [[]],
    {},
    { __proto__: null, constructor: 1 },
    '',
    ' ',
    '\0',
    '\u202e',
    '\ud800',
  ],
  ...['-1', '1e999', '__proto__', 'x'.repeat(10_240), `'"%`, '../..', Array(200).fill('x'), { kind: '__proto__' }],
]

let world: World

beforeEach(async () => {
  world = await World.start()
})

describe('what is malformed is refused', () => {
  it('a malformed ID finds nothing, in every call', async () => {
    const calls = routes
      .filter(({ path }) => path.startsWith('/api/') && path.includes(':'))
      .flatMap((route) => [...MALFORMED.map(encodeURIComponent), ...RAW].map((id) => ({ ...route, id })))
    expect(calls.length).toBeGreaterThan(500)
    for (const { method, path, id } of someOf(calls)) {
      const asked = `${path.replace(/:\w+/, () => id)}${path.endsWith('/recipients') ? '?channel=sms' : ''}`
      const body = method === 'get' || method === 'delete' ? undefined : {}
      const { status } = await world.request(method.toUpperCase(), asked, body)
      expect([400, 404], `${method} ${asked}`).toContain(status)
    }
  })

  it('a malformed cursor or filter is refused or finds nothing, in every list', async () => {
    const source = await world.source()
    const run = await world.import(source, csvOf([...crowd(20), { ID: 'bad', Name: '' }]))
    const [group] = (await world.api<Page<GroupView>>('GET', '/api/groups')).items
    const ids: Record<string, string> = { '/api/groups': group?.id ?? '', '/api/runs': run.id, '/api/contacts': '1' }
    const lists = routes.flatMap(({ method, path, query }) => {
      if (method !== 'get' || query === undefined) return []
      const parameters = query instanceof z.ZodObject ? Object.keys(query.shape) : []
      const at = path.replace(/:\w+/, ids[path.split('/:')[0] ?? ''] ?? '')
      return parameters.filter((name) => name !== 'channel').map((name) => ({ at, name }))
    })
    const calls = lists.flatMap((list) =>
      [...MALFORMED.map(encodeURIComponent), ...RAW].map((value) => ({ ...list, value })),
    )
    expect(calls.length).toBeGreaterThan(800)
    for (const { at, name, value } of someOf(calls)) {
      const channel = at.endsWith('/recipients') ? '&channel=sms' : ''
      const asked = `${at}?${name}=${value}${channel}`
      const { status } = await world.request('GET', asked)
      expect([200, 400], asked).toContain(status)
    }
  })

  it('a body with an odd value in any of its members, or with another body, is never an error inside Muster', async () => {
    const source = await world.source()
    const run = await world.import(source, csvOf(crowd(3)))
    await world.api('POST', '/api/fields', { key: 'major', label: 'Major', type: 'text', list: false, required: false })
    const [group] = (await world.api<Page<GroupView>>('GET', '/api/groups')).items
    const made: Record<string, string> = {
      sources: source,
      runs: run.id,
      groups: group?.id ?? '',
      contacts: '1',
      fields: 'major',
    }
    const { token } = await world.api<{ token: string }>('POST', '/api/tokens', { name: 'A', scopes: ['admin'] })
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const calls: { method: string; path: string; body: () => string }[] = []
    for (const { method, path, body, raw } of routes) {
      if (method === 'get' || raw === 'stream' || path === '/api/session' || path.startsWith('/api/account/sessions'))
        continue
      const at = path
        .replace(/\/(\w+)\/:\w+/, (_, name) => `/${name}/${made[name] ?? 'admin'}`)
        .replace(/:\w+/, 'a.csv')
      const deep = (open: string, close: string) => `${open.repeat(50_000)}1${close.repeat(50_000)}`
      for (const whole of ['', 'null', '1', '[]', '"x"', '[{}]', '{', deep('[', ']'), deep('{"a":', '}')]) {
        calls.push({ method, path: at, body: () => whole })
      }
      for (const [name, inner] of membersOf(body)) {
        for (const value of [...VALUES, ...inner.flatMap((one) => VALUES.slice(0, 8).map((odd) => ({ [one]: odd })))]) {
          calls.push({ method, path: at, body: () => JSON.stringify({ [name]: value }) })
        }
        calls.push({ method, path: at, body: () => `{${JSON.stringify(name)}:${deep('{"a":', '}')}}` })
      }
    }
    expect(calls.length).toBeGreaterThan(1000)
    for (const { method, path, body: written } of someOf(calls)) {
      const body = written()
      const request = { method: method.toUpperCase(), headers, body }
      const { status } = await app.request(path, request, world.env, createExecutionContext())
      expect(status, `${method} ${path} ${body.slice(0, 100)}`).toBeLessThan(500)
    }
  })

  it('a cursor in the middle of a line of a plan or of its problems is refused', async () => {
    const source = await world.source()
    const broken = Array.from({ length: 3 }, (_, n) => ({ ID: `bad${n}`, Name: '', Number: '12' }))
    const run = await world.import(source, csvOf([...crowd(20), ...broken]))
    for (const list of [`/api/runs/${run.id}/changes`, `/api/runs/${run.id}/problems`]) {
      const whole = await world.api<Page<unknown>>('GET', list)
      const pages: unknown[] = []
      const given = new Set<string>()
      for (let cursor = ''; ; ) {
        const page = await world.api<Page<unknown>>('GET', `${list}?limit=2&cursor=${cursor}`)
        pages.push(...page.items)
        if (page.next === null) break
        cursor = page.next
        given.add(cursor)
      }
      expect(pages).toEqual(whole.items)
      expect(given.size).toBeGreaterThan(1)
      const [first = ''] = given
      const start = Number(first.split('.')[0])
      expect(start).toBeGreaterThan(2)
      for (const position of [1, 2, start - 1, start + 1, start + 2, 99_999_999]) {
        expect((await world.request('GET', `${list}?cursor=${position}`)).status, `${list} ${position}`).toBe(400)
      }
      expect((await world.request('GET', `${list}?cursor=${start}`)).status).toBe(200)
    }
  })
})

/** Returns the members of a body, each with its own members if it is an object. */
function membersOf(schema: z.ZodType | undefined): [name: string, inner: string[]][] {
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape).map(([name, member]) => [name, innerOf(member)])
}

function innerOf(schema: unknown): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape)
  if (schema instanceof z.ZodDiscriminatedUnion) return [...new Set(schema.options.flatMap(innerOf))]
  return schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodPrefault
    ? innerOf(schema.unwrap())
    : []
}
