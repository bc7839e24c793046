import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { pageOf, pageQuery } from '../../worker/src/api/page.ts'
import type { SettingsView } from '../../worker/src/api/settings.ts'
import type { RunView } from '../../worker/src/api/views/run.ts'
import type { SourceView } from '../../worker/src/api/views/source.ts'
import { addressOf, del, get, getAll, getPage, onSessionOver, onWritten, patch, post } from './client.ts'
import { ApiProblem } from './problem.ts'

interface Sent {
  method: string
  url: string
  body: unknown
}

/** Answers every call with `respond` and returns the calls. */
function serve(respond: (url: URL) => Response): Sent[] {
  const sent: Sent[] = []
  vi.stubGlobal('fetch', async (url: string, { method, body }: { method: string; body: string | null }) => {
    sent.push({ method, url, body: body === null ? null : JSON.parse(body) })
    return respond(new URL(url, 'https://muster.example.org'))
  })
  return sent
}

const nothing = () => new Response(null, { status: 204 })

afterEach(() => vi.unstubAllGlobals())

describe('a call of the API', () => {
  it('a call has its parameters in the path, its query without blank parameters, and its body as JSON', async () => {
    const sent = serve(() => Response.json({ items: [], next: null }))
    await getPage('/api/runs/:id/changes', { id: 'a/b', query: { id: 'é&1', op: '' } }, '')
    await patch('/api/fields/:key', { key: 'major', body: { label: 'Major' } })
    await del('/api/sources/:id', { id: '1', query: { contacts: 'remove' } })
    expect(sent).toEqual([
      { method: 'GET', url: '/api/runs/a%2Fb/changes?id=%C3%A9%261', body: null },
      { method: 'PATCH', url: '/api/fields/major', body: { label: 'Major' } },
      { method: 'DELETE', url: '/api/sources/1?contacts=remove', body: null },
    ])
    expect(addressOf('/api/runs/:id/report.csv', { id: '1 2' })).toBe('/api/runs/1%202/report.csv')
  })

  it('a refused call throws what the API says, with the path of each field', async () => {
    const errors = [{ path: 'connection.url', message: 'Use https://' }]
    serve(() => Response.json({ code: 'invalid', detail: 'The body is not valid.', errors }, { status: 400 }))
    const refused = post('/api/sources', { body: { name: 'Staff', connection: { kind: 'https', url: 'ftp://x' } } })
    const problem = await refused.catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(ApiProblem)
    expect(problem).toMatchObject({ status: 400, code: 'invalid', errors })
  })

  it('calls that a 401 refuses ask once for the password, and are made again', async () => {
    let signedIn = false
    serve(() =>
      signedIn ? Response.json({ items: [], next: null }) : Response.json({ code: 'unauthorized' }, { status: 401 }),
    )
    const asked = vi.fn(async () => {
      signedIn = true
      return true
    })
    const stop = onSessionOver(asked)
    await expect(get('/api/session', {})).rejects.toThrow(ApiProblem)
    expect(asked).not.toHaveBeenCalled()
    expect(await Promise.all([getAll('/api/groups', {}), getAll('/api/fields', {})])).toEqual([[], []])
    expect(asked).toHaveBeenCalledOnce()
    stop()
    signedIn = false
    await expect(get('/api/settings', {})).rejects.toThrow(ApiProblem)
  })

  it('a successful write makes earlier reads stale; a read or a refused write does not', async () => {
    const stale = vi.fn()
    const stop = onWritten(stale)
    serve(() => Response.json({ items: [], next: null }))
    await getAll('/api/groups', {})
    serve(() => Response.json({ code: 'name_taken' }, { status: 409 }))
    await expect(post('/api/groups', { body: { name: 'Rope' } })).rejects.toThrow(ApiProblem)
    expect(stale).not.toHaveBeenCalled()
    serve(nothing)
    await del('/api/groups/:id', { id: '1' })
    expect(stale).toHaveBeenCalledOnce()
    stop()
    await del('/api/groups/:id', { id: '2' })
    expect(stale).toHaveBeenCalledOnce()
  })
})

describe('a list that is read whole', () => {
  const ids = Array.from({ length: 1200 }, (_, at) => `source-${at}`)

  it('a list of 1,200 sources is read to its end, although a page has at most 500', async () => {
    const sent = serve(({ searchParams }) => {
      const { cursor, limit } = pageQuery.parse(Object.fromEntries(searchParams))
      const from = cursor === '' ? 0 : ids.indexOf(cursor) + 1
      const rows = ids.slice(from, from + limit + 1)
      return Response.json(
        pageOf(
          rows,
          limit,
          (id) => id,
          (id) => ({ id }),
        ),
      )
    })
    const sources = await getAll('/api/sources', {})
    expect(sources.map(({ id }) => id)).toEqual(ids)
    expect(sent).toHaveLength(3)
  })
})

describe('the types of the client', () => {
  // Nothing here is called. The type check (`npm run check`) fails if one of these types changes.
  it('the client returns the types of the routes', () => {
    expectTypeOf(get<'/api/runs/:id'>).returns.resolves.toEqualTypeOf<RunView>()
    expectTypeOf(get<'/api/settings'>).returns.resolves.toEqualTypeOf<SettingsView>()
    expectTypeOf(getAll<'/api/sources'>).returns.resolves.toEqualTypeOf<SourceView[]>()
    expectTypeOf(del<'/api/session'>).returns.resolves.toBeUndefined()
  })

  it("the client's types refuse a misspelt path, parameter, or member of a query or a body", () => {
    const id = '1'
    const refused = [
      // @ts-expect-error: no such path
      () => get('/api/rnus/:id', { id }),
      // @ts-expect-error: a path of another method
      () => post('/api/runs/:id', { id }),
      // @ts-expect-error: a file is not JSON
      () => get('/api/runs/:id/snapshot', { id }),
      // @ts-expect-error: not a list
      () => getPage('/api/runs/:id', { id }, ''),
      // @ts-expect-error: a misspelt parameter
      () => get('/api/runs/:id', { di: id }),
      // @ts-expect-error: a missing parameter
      () => get('/api/runs/:id', {}),
      // @ts-expect-error: a misspelt member of a query
      () => get('/api/runs', { query: { sorce: id } }),
      // @ts-expect-error: a value that the query does not take
      () => get('/api/runs', { query: { status: 'done' } }),
      // @ts-expect-error: a query on a route without one
      () => get('/api/runs/:id', { id, query: { source: id } }),
      // @ts-expect-error: a misspelt member of a body
      () => post('/api/groups', { body: { nmae: 'Rope' } }),
      // @ts-expect-error: a missing required member
      () => post('/api/sources', { body: { name: 'Staff' } }),
      // @ts-expect-error: a missing required body
      () => post('/api/users', {}),
      // @ts-expect-error: a body on a route without one
      () => post('/api/runs/:id/cancel', { id, body: {} }),
      // @ts-expect-error: a misspelt member deep in a patch
      () => patch('/api/sources/:id', { id, body: { limits: { remvoed: null } } }),
      // @ts-expect-error: a misspelt member of a connection
      () => patch('/api/sources/:id', { id, body: { connection: { kind: 'https', adress: '' } } }),
      // @ts-expect-error: a misspelt attribute of a contact
      () => post('/api/contacts', { body: { id, name: 'Ana', titel: 'Lead' } }),
    ]
    expect(refused.every((call) => typeof call === 'function')).toBe(true)
  })
})
