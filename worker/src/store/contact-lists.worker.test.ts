import { describe, expect, it } from 'vitest'
import type { ContactView, GroupView, Page } from '../api/views.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { listContacts } from './contacts.ts'

const PEOPLE = [
  { ID: 'a1', Name: 'Ana O’Brien', Number: '6045550101', Groups: 'Rope' },
  { ID: 'a2', Name: 'Ben O’Brien', Number: '6045550102', Groups: 'Rope, Search' },
  { ID: 'a3', Name: 'Chloé Roper', Number: '6045550103', Groups: 'Search' },
  { ID: 'a4', Name: 'Dan Tremblay', Number: '6045550104', Groups: 'Rope' },
  { ID: 'a5', Name: 'Search Party', Number: '7785550105', Groups: 'Office' },
  { ID: 'a6', Name: 'Ben Gone', Number: '6045550106', Groups: 'Rope' },
  ...crowd(20),
]

describe('listContacts', () => {
  it('a search within a group returns the contacts that match both, in pages of any size', async () => {
    const world = await World.start()
    const source = await world.source({ limits: { removed: null } })
    await world.import(source, csvOf(PEOPLE))
    await world.import(source, csvOf(PEOPLE.filter(({ ID }) => ID !== 'a6')))
    const groups = (await world.api<Page<GroupView>>('GET', '/api/groups')).items
    const found = new Set<string>()
    for (const group of groups) {
      const members = await keys(world, { group: group.id })
      for (const search of [
        'brien',
        'ben',
        'rope',
        'search',
        'o’b',
        '604 555',
        '16045550102',
        '0103',
        'ana tremblay',
        '#',
      ]) {
        const both = await keys(world, { group: group.id, search })
        const alone = await keys(world, { search })
        expect(both, `${search} in ${group.name}`).toEqual(members.filter((key) => alone.includes(key)))
        for (const key of both) found.add(key)
        expect(await inPages(world, { group: group.id, search }, 1)).toEqual(both)
      }
    }
    expect(found.size).toBeGreaterThan(4)
    const opted = await keys(world, { search: 'ben', smsStatus: 'opted_out' })
    expect(opted).toEqual([])
    expect(await keys(world, { search: 'brien', source, smsStatus: 'unknown' })).toEqual(
      await keys(world, { search: 'brien' }),
    )
  })

  it('a search within a group reads the search index once, in the order of the keys', async () => {
    const world = await World.start()
    const asked: { sql: string; values: unknown[] }[] = []
    const DB = new Proxy(world.env.DB, {
      get: (db, name) =>
        name === 'prepare'
          ? (sql: string) => ({
              bind: (...values: unknown[]) => {
                asked.push({ sql, values })
                return db.prepare(sql).bind(...values)
              },
            })
          : Reflect.get(db, name),
    })
    await listContacts({ ...world.env, DB }, { group: '7', search: 'brien' }, 0, 50)
    const [query] = asked
    const { results } = await world.env.DB.prepare(`EXPLAIN QUERY PLAN ${query?.sql}`)
      .bind(...(query?.values ?? []))
      .all<{ detail: string }>()
    const plan = results.map(({ detail }) => detail)
    expect(plan.filter((step) => step.includes('VIRTUAL TABLE'))).toHaveLength(1)
    expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([])
  })
})

type Filter = Parameters<typeof listContacts>[1]

async function keys(world: World, filter: Filter): Promise<string[]> {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== undefined) as string[][])
  const { items } = await world.api<Page<ContactView>>('GET', `/api/contacts?limit=500&${query}`)
  return items.map(({ key }) => key)
}

async function inPages(world: World, filter: Filter, size: number): Promise<string[]> {
  const all: string[] = []
  for (let after = 0; ; ) {
    const page = await listContacts(world.env, filter, after, size)
    all.push(...page.map(({ key }) => String(key)))
    const last = page.at(-1)
    if (last === undefined) return all
    after = last.key
  }
}
