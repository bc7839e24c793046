import { beforeEach, describe, expect, it } from 'vitest'
import { largestGroups } from '../store/kept-reach.ts'
import { setSms } from '../testing/opted.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import type { OverviewView } from './views/overview.ts'

const MINUTE = 60_000
/** The token of the system that every world has. */
const SYSTEM = 'muster_a-token-of-a-system'

let world: World
beforeEach(async () => {
  world = await World.start()
})

const overview = () => world.api<OverviewView>('GET', '/api/overview')
const kinds = async () => (await overview()).items.map(({ kind, sourceId }) => [kind, sourceId])

/** Asks for the overview with a token of these scopes. */
async function withToken(scopes: string[], sources: string[] | null = null): Promise<OverviewView> {
  const body = { name: 'A token', scopes, sources }
  const { token } = await world.api<{ token: string }>('POST', '/api/tokens', body)
  return (await look(token)).json()
}

function look(token: string) {
  return app.request('/api/overview', { headers: { Authorization: `Bearer ${token}` } }, world.env)
}

/** Returns the D1 queries and the rows that a look at the overview takes. */
async function costs(): Promise<{ queries: number; rows: number }> {
  const { queries, rowsRead } = world.faults
  expect((await look(SYSTEM)).status).toBe(200)
  return { queries: world.faults.queries - queries, rows: world.faults.rowsRead - rowsRead }
}

describe('what needs a person', () => {
  it('a directory without a source needs one, and a source that has never run needs an import', async () => {
    expect(await overview()).toMatchObject({
      items: [{ kind: 'setUp', sourceId: null, runId: null, since: null, message: 'There is no source yet.' }],
      sources: [],
      groups: [],
      countedAt: null,
    })
    const source = await world.source()
    expect(await kinds()).toEqual([['setUp', source]])
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    expect(await kinds()).toEqual([])
  })

  it('a held run is listed with what waits, also after a newer run has failed', async () => {
    const source = await world.source()
    await world.import(source, csvOf(crowd(40)))
    const held = await world.import(source, csvOf(crowd(30)))
    expect(held.status).toBe('held')
    const [item] = (await overview()).items
    expect(item).toMatchObject({ kind: 'held', sourceId: source, runId: held.id, since: expect.any(String) })
    expect(item?.message).toMatch(/^10 contacts wait: 10 of 40 contacts are missing from the file/)
    const failed = await world.import(source, 'no contact file')
    expect(failed.status).toBe('failed')
    const { items, sources } = await overview()
    expect(items.map(({ kind, runId }) => [kind, runId])).toEqual([
      ['held', held.id],
      ['failing', failed.id],
    ])
    expect(items[1]).toMatchObject({ message: failed.failure?.message, since: failed.createdAt })
    expect(sources).toMatchObject([{ health: 'failing', held: { runId: held.id, waiting: { removed: 10 } } }])
  })

  it('a source fails since the first of its failures in a row, until an import succeeds', async () => {
    const source = await world.source()
    await world.import(source, csvOf(crowd(3)))
    const first = await world.import(source, 'no contact file')
    await world.import(source, 'no contact file', 'preview')
    const last = await world.import(source, 'no contact file')
    const failing = (await overview()).items
    expect(failing).toMatchObject([{ kind: 'failing', runId: last.id, since: first.createdAt }])
    await world.import(source, csvOf(crowd(4)))
    expect(await kinds()).toEqual([])
  })

  it('late files, unsent e-mails and conflicts come after held and failing runs', async () => {
    const late = await world.source({ name: 'Late', freshness: { atLeastEveryHours: 168 } })
    await world.import(late, csvOf([{ ID: 'ana' }]))
    const held = await world.source({ name: 'Held' })
    await world.import(held, csvOf(crowd(40)))
    await world.import(held, csvOf(crowd(30)))
    const failing = await world.source({ name: 'Failing' })
    await world.import(failing, 'no contact file')
    await world.tick(8 * 24 * 60)
    const key = (await world.api<{ items: { key: string }[] }>('GET', '/api/contacts?search=ana')).items[0]?.key
    await setSms(world, 'ana', 'opted_out')
    const db = world.env.DB
    await db.prepare(`UPDATE sms_change SET write_back = 'conflict', source = ?`).bind(late).run()
    await db.prepare(`UPDATE notification SET status = 'failed', created_at = ?`).bind(Date.now()).run()
    const { items } = await overview()
    expect(items.map(({ kind, sourceId }) => [kind, sourceId])).toEqual([
      ['held', held],
      ['failing', failing],
      ['late', late],
      ['unsent', null],
      ['conflict', late],
    ])
    expect(items[2]?.message).toBe('The file has not changed for over 7 days.')
    expect(items[3]?.message).toMatch(/^\d+ e-mails could not be sent\.$/)
    expect(items[4]?.message).toBe('The source shows another SMS status than was set here for a contact.')
    // A newer status supersedes the one that the source contradicted.
    await world.api('PUT', `/api/contacts/${key}/sms-status`, { status: 'opted_in' })
    expect((await kinds()).map(([kind]) => kind)).not.toContain('conflict')
  })
})

describe('the sources of the overview', () => {
  it('a source shows its last runs, oldest first, at most 30 of them', async () => {
    const source = await world.source({ name: 'Team' })
    const first = await world.import(source, csvOf(crowd(3)))
    // The runs before, as copies of one.
    const columns = 'source, "trigger", mode, fetch, status, counts, finished_at, stale_at'
    await world.env.DB.prepare(
      `INSERT INTO run (id, created_at, ${columns})
        SELECT 'before' || value, created_at - value, ${columns} FROM run, json_each(?) WHERE run.id = ?`,
    )
      .bind(JSON.stringify(Array.from({ length: 40 }, (_, i) => i + 1)), first.id)
      .run()
    await world.import(source, csvOf(crowd(4)))
    const [team] = (await overview()).sources
    expect(team).toMatchObject({ id: source, name: 'Team', enabled: true, health: 'ok', contacts: 4, nextRun: null })
    expect(team?.runs.map(({ id }) => id).slice(0, 2)).toEqual(['before28', 'before27'])
    expect(team?.runs).toHaveLength(30)
    expect(team?.runs.at(-1)).toMatchObject({ status: 'succeeded', mode: 'apply', counts: { matched: 4, added: 1 } })
  })

  it('a token that is limited to sources sees only these, and a token for runs sees no groups', async () => {
    const own = await world.source({ name: 'Own' })
    const other = await world.source({ name: 'Other' })
    for (const source of [own, other]) {
      await world.import(source, csvOf(crowd(40, {}, source)))
      await world.import(source, csvOf(crowd(30, {}, source)))
    }
    const limited = await withToken(['runs:read', 'directory:read'], [own])
    expect(limited.sources.map(({ id }) => id)).toEqual([own])
    expect(limited.items.map(({ sourceId }) => sourceId)).toEqual([own])
    expect(limited.groups).toEqual([])
    const runs = await withToken(['runs:read'])
    expect(runs.sources).toHaveLength(2)
    expect(runs.groups).toEqual([])
    expect((await withToken(['runs:read', 'directory:read'])).groups).toHaveLength(1)
  })
})

describe('the reach of the groups', () => {
  it('the largest groups come first, each with how many contacts each channel reaches', async () => {
    const source = await world.source()
    await world.import(
      source,
      csvOf([
        { ID: 'ana', Groups: 'Rope, Team', 'Email Address': 'ana@example.org' },
        { ID: 'ben', Groups: 'Team', 'Number Type': 'landline', Number: '6045550101' },
        { ID: 'cy', Groups: 'Team', Number: '6045550102' },
      ]),
    )
    await setSms(world, 'cy', 'opted_out')
    const { groups, countedAt } = await overview()
    expect(groups).toMatchObject([
      { name: 'Team', contacts: 3, reach: { sms: 1, voice: 3, email: 1, nobody: 0 } },
      { name: 'Rope', contacts: 1, reach: { sms: 1, voice: 1, email: 1, nobody: 0 } },
    ])
    expect(countedAt).not.toBeNull()
  })

  it('a large directory is counted again after some minutes, and then only after the answer', async () => {
    const source = await world.source()
    await world.import(source, csvOf(crowd(3)))
    const later: (() => Promise<void>)[] = []
    const look = async (now: number) => {
      const { groups } = await largestGroups(world.env, now, (work) => later.push(work), 2)
      return groups.map(({ contacts }) => contacts)
    }
    const now = Date.now()
    expect(await look(now)).toEqual([3])
    await world.import(source, csvOf(crowd(4)))
    expect(await look(now + MINUTE)).toEqual([3])
    expect(later).toHaveLength(0)
    expect(await look(now + 6 * MINUTE)).toEqual([3])
    expect(later).toHaveLength(1)
    for (const work of later) await work()
    expect(await look(now + 6 * MINUTE)).toEqual([4])
  })
})

describe('what the overview costs', () => {
  it('the number of queries and of rows does not depend on the contacts, nor that of queries on the sources', async () => {
    const source = await world.source()
    await world.import(source, csvOf(crowd(10)))
    await costs()
    const few = await costs()
    await world.import(source, csvOf(crowd(400)))
    const other = await world.source({ name: 'Other' })
    await world.import(other, csvOf(crowd(300, {}, 'Q')))
    // The groups are counted at the first look after a change.
    await costs()
    const many = await costs()
    expect(many.queries).toBeLessThanOrEqual(10)
    expect(many.queries).toBe(few.queries)
    expect(many.rows).toBeLessThan(few.rows + 60)
  })

  it('every query of the overview goes along an index', async () => {
    const source = await world.source({ freshness: { atLeastEveryHours: 168 } })
    await world.import(source, csvOf(crowd(40)))
    await world.import(source, csvOf(crowd(30)))
    await world.import(source, 'no contact file')
    await overview()
    const asked = new Map<string, unknown[]>()
    const { DB } = world.env
    const recording = new Proxy(DB, {
      get(target, name) {
        if (name !== 'prepare') return Reflect.get(target, name)
        return (sql: string) => {
          const statement = target.prepare(sql)
          asked.set(sql, [])
          const bind = (...values: unknown[]) => {
            asked.set(sql, values)
            return statement.bind(...values)
          }
          return new Proxy(statement, {
            get: (_, member) => (member === 'bind' ? bind : Reflect.get(statement, member)),
          })
        }
      },
    })
    const headers = { Authorization: `Bearer ${SYSTEM}` }
    await app.request('/api/overview', { headers }, { ...world.env, DB: recording })
    expect(asked.size).toBeGreaterThan(7)
    for (const [sql, values] of asked) {
      const { results } = await DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...values)
        .all<{ detail: string }>()
      const wrong = results
        .map(({ detail }) => detail)
        .filter((step) => /^SCAN (run|c|contact|s|sms_change|n|notification|contact_search)\b/.test(step))
      expect([sql, wrong]).toEqual([sql, []])
    }
  })
})
