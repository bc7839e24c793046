import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { routes } from './routes.ts'
import type { GroupView, Page } from './views.ts'

/** IDs and cursors that Muster never gave. */
const MALFORMED = ['-1', '1.5', '1e400', '0x10', '1.-1', '9'.repeat(40), 'abc', `'"`, '\0', '💩', '__proto__']

let world: World

beforeEach(async () => {
  world = await World.start()
})

describe('what is malformed is refused', () => {
  it('a malformed ID finds nothing, in every call', async () => {
    const calls = routes.filter(({ path }) => path.startsWith('/api/') && path.includes(':'))
    for (const { method, path } of calls) {
      for (const id of [...MALFORMED.map(encodeURIComponent), '%ZZ', '%F0']) {
        const asked = `${path.replace(/:\w+/, () => id)}${path.endsWith('/recipients') ? '?channel=sms' : ''}`
        const body = method === 'get' || method === 'delete' ? undefined : {}
        const { status } = await world.request(method.toUpperCase(), asked, body)
        expect([400, 404], `${method} ${asked}`).toContain(status)
      }
    }
    expect(calls.length).toBeGreaterThan(20)
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
    for (const { at, name } of lists) {
      for (const value of MALFORMED) {
        const channel = at.endsWith('/recipients') ? '&channel=sms' : ''
        const asked = `${at}?${name}=${encodeURIComponent(value)}${channel}`
        const { status } = await world.request('GET', asked)
        expect([200, 400], asked).toContain(status)
      }
    }
    expect(lists.length).toBeGreaterThan(30)
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
