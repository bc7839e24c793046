import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView, GroupView } from '../api/views/contact.ts'
import { CHANNELS } from '../core/channels.ts'
import { type ContactDetails, detailsWith, SMS_STATUSES, type SmsStatus } from '../core/contact.ts'
import { written } from '../core/plan.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { countContacts, listContacts } from './contact-lists.ts'
import {
  type Bounds,
  type ContactFilter,
  ContactQuery,
  type ListedContacts,
  type Place,
  REACHES,
  SORTS,
  type Sort,
} from './contact-query.ts'
import { listChanges } from './contacts.ts'
import { named, write } from './database.ts'
import { listGroups } from './groups.ts'
import { groupReach, unreached } from './reach.ts'
import { recipients } from './recipients.ts'
import { type KeyedContact, writeChanges } from './writing.ts'

const PEOPLE = [
  { ID: 'a1', Name: 'Ana O’Brien', Number: '6045550101', Groups: 'Rope' },
  { ID: 'a2', Name: 'Ben O’Brien', Number: '6045550102', Groups: 'Rope, Search' },
  { ID: 'a3', Name: 'Chloé Roper', Number: '6045550103', Groups: 'Search' },
  { ID: 'a4', Name: 'Dan Tremblay', Number: '6045550104', Groups: 'Rope' },
  { ID: 'a5', Name: 'Search Party', Number: '7785550105', Groups: 'Office' },
  { ID: 'a6', Name: 'Ben Gone', Number: '6045550106', Groups: 'Rope' },
  ...crowd(20),
]

let world: World
beforeEach(async () => {
  world = await World.start()
})

it('a search within a group returns the contacts that match both, in pages of any size', async () => {
  const source = await world.source({ limits: { removed: null } })
  await world.import(source, csvOf(PEOPLE))
  await world.import(source, csvOf(PEOPLE.filter(({ ID }) => ID !== 'a6')))
  const groups = (await world.api<Page<GroupView>>('GET', '/api/groups')).items
  const found = new Set<string>()
  for (const group of groups) {
    const members = await keys({ group: group.id })
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
      const both = await keys({ group: group.id, search })
      const alone = await keys({ search })
      expect(both, `${search} in ${group.name}`).toEqual(members.filter((key) => alone.includes(key)))
      for (const key of both) found.add(key)
      expect((await inPages({ group: group.id, search }, undefined, 1)).map(({ key }) => String(key))).toEqual(both)
    }
  }
  expect(found.size).toBeGreaterThan(4)
  expect(await keys({ search: 'ben', smsStatus: 'opted_out' })).toEqual([])
  expect(await keys({ search: 'brien', source, smsStatus: 'unknown' })).toEqual(await keys({ search: 'brien' }))
})

const FIRST = ['Ana', 'Zoë', 'Émile', 'Ben', 'O’Neil', 'Eve']
const LAST = ['Tremblay', 'Lee', 'O’Brien', 'Roy', 'Étienne']
const GROUPS = ['air', 'rope', 'search']

interface Known {
  key: number
  id: string
  source: string
  details: ContactDetails
  status: SmsStatus
}

/** A made-up directory: three sources of different sizes, groups, opt-outs, and a tenth of the contacts removed. */
class Directory {
  readonly present: Known[] = []

  static async make(size: number): Promise<Directory> {
    const directory = new Directory()
    const ids = new Map(GROUPS.map((key, i) => [key, i + 1]))
    await world.env.DB.batch(
      GROUPS.map((key, i) =>
        world.env.DB.prepare('INSERT INTO grouping (id, key, name) VALUES (?, ?, ?)').bind(i + 1, key, key),
      ),
    )
    const all = Array.from({ length: size }, (_, i) => contactOf(i + 1, size))
    const apply = async (source: string, changes: KeyedContact[]) => {
      for (let from = 0; from < changes.length; from += 1000)
        await write(world.env, writeChanges({ run: 'r', by: null, source }, changes.slice(from, from + 1000), ids, 1))
    }
    for (const source of ['large', 'middle', 'small']) {
      const own = all.filter((one) => one.source === source)
      const gone = own.filter(({ key }) => key % 10 === 3)
      await apply(
        source,
        own.map(({ key, id, details }) => written({ op: 'add', key, id, before: null, after: details, rows: [] })),
      )
      await apply(
        source,
        gone.map(({ key, id, details }) => written({ op: 'remove', key, id, before: details, after: null, rows: [] })),
      )
      directory.present.push(...own.filter((one) => !gone.includes(one)))
    }
    await write(world.env, [
      named(`UPDATE contact SET sms_status = 'opted_out', sms_at = 1 WHERE key % 9 = 0`),
      named(`UPDATE contact SET sms_status = 'opted_in', sms_at = 1 WHERE key % 9 = 1`),
    ])
    return directory
  }

  matching(filter: ContactFilter): Known[] {
    return this.present.filter((one) =>
      Object.entries(filter).every(([name, value]) => FITS[name as keyof ContactFilter](one, value as never)),
    )
  }
}

function contactOf(key: number, size: number): Known {
  const number = { number: `+1604${5_550_000 + key}`, description: null, extension: null }
  const details = detailsWith({
    name: `${FIRST[(key * 7) % 6]} ${LAST[(key * 3) % 5]}`,
    emails: key % 3 === 0 ? [] : [`p${key}@example.org`],
    numbers: key % 4 === 0 ? [] : [{ ...number, type: key % 5 === 0 ? 'landline' : 'mobile' }],
    groups: key % 2 === 1 ? ['air'] : key % 14 === 0 ? ['rope', 'search'] : [],
    assignedUser: key % 10 === 0 ? `u${key % 3}` : null,
    fields: key % 6 === 0 ? { cohort: [`Year ${key % 4}`] } : {},
  })
  const source = key <= size * 0.8 ? 'large' : key <= size * 0.95 ? 'middle' : 'small'
  const status = key % 9 === 0 ? 'opted_out' : key % 9 === 1 ? 'opted_in' : 'unknown'
  return { key, id: `E${String(key).padStart(5, '0')}`, source, details, status }
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
const wordsOf = (text: string) => folded(text).match(/[a-z0-9]+/g) ?? []

const FITS: { [K in keyof Required<ContactFilter>]: (one: Known, value: NonNullable<ContactFilter[K]>) => boolean } = {
  search: ({ id, details: { name, emails, numbers } }, typed) => {
    const words = wordsOf([name, id, ...emails, ...numbers.map(({ number }) => number.slice(2))].join(' '))
    return wordsOf(typed).every((begin) => words.some((word) => word.startsWith(begin)))
  },
  source: (one, source) => one.source === source,
  sources: (one, sources) => sources.includes(one.source),
  group: ({ details }, group) => details.groups.includes(GROUPS[Number(group) - 1] ?? ''),
  smsStatus: ({ status }, asked) => status === asked,
  assignedUser: ({ details }, user) => details.assignedUser === user,
  fields: ({ details }, fields) => Object.entries(fields).every(([key, value]) => details.fields[key]?.includes(value)),
  reach: ({ details: { numbers, emails }, status }, reach) => {
    const has = (...types: string[]) => numbers.some(({ type }) => types.includes(type))
    if (reach === 'sms') return has('mobile') && status !== 'opted_out'
    if (reach === 'voice') return has('mobile', 'landline')
    if (reach === 'pager') return has('pager')
    return reach === 'email' ? emails.length > 0 : numbers.length === 0 && emails.length === 0
  },
}

/** Values of each filter; undefined leaves it out. */
const VALUES: { [K in keyof Required<ContactFilter>]: readonly ContactFilter[K][] } = {
  search: [undefined, 'trembl', 'e', 'ana e', 'E0001', '6045550107'],
  source: [undefined, 'large', 'small'],
  sources: [undefined, ['large', 'small']],
  group: [undefined, '1'],
  smsStatus: [undefined, ...SMS_STATUSES],
  assignedUser: [undefined, 'u1'],
  reach: [undefined, ...REACHES],
  fields: [undefined, { cohort: 'Year 2' }],
}

/** All combinations of the filters and orders that the API takes. */
function* combinations(
  of: Record<string, readonly unknown[]> = VALUES,
): Generator<{ filter: ContactFilter; sort: Sort | undefined }> {
  let filters: ContactFilter[] = [{}]
  for (const [name, values] of Object.entries(of))
    filters = filters.flatMap((filter) =>
      values.map((value) => (value === undefined ? filter : { ...filter, [name]: value })),
    )
  for (const filter of filters) for (const sort of [undefined, ...SORTS]) yield { filter, sort }
}

/** Fewer values, with which the queries take all of their forms. */
const FORMS = {
  ...VALUES,
  search: [undefined, 'ana e'],
  source: [undefined, 'large'],
  reach: [undefined, 'sms', 'voice'],
}

/** Bounds that a small directory goes over, as a large one goes over the usual ones. */
const TIGHT: Bounds = { counted: 100, walked: 200, terms: 8, entries: 50, window: 50, smallSource: 20 }

/** Expects each matching contact once, in order, and counted. */
async function expectListed(directory: Directory, filter: ContactFilter, sort: Sort | undefined, bounds?: Bounds) {
  const what = JSON.stringify({ filter, sort })
  const expected = directory.matching(filter)
  const found = await inPages(filter, sort, 23, bounds)
  expect(
    found.map(({ key }) => key).sort((a, b) => a - b),
    what,
  ).toEqual(expected.map(({ key }) => key))
  const places = found.map(({ seq, details }) =>
    sort === 'updated' ? -seq : sort === 'name' ? wordsOf(details.name).join(' ') : 0,
  )
  expect(places, what).toEqual(places.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
  const { count, more } = await countContacts(world.env, await ContactQuery.of(world.env, filter, bounds))
  if (more) expect(count, what).toBeLessThanOrEqual(expected.length)
  else expect(count, what).toBe(expected.length)
}

describe('lists of contacts', () => {
  it.each([
    ['usual', undefined],
    ['tight', TIGHT],
  ])('a list gives each matching contact once and in order, and counts them, within %s bounds', async (_, bounds) => {
    const directory = await Directory.make(600)
    // A share of the combinations, another one for each bound.
    let nth = bounds === undefined ? 0 : 7
    for (const { filter, sort } of combinations()) {
      if (nth++ % 211 !== 0) continue
      await expectListed(directory, filter, sort, bounds)
    }
  })

  it('many contacts are listed in order, whether they come first, last or everywhere in it', async () => {
    const directory = await Directory.make(600)
    // The walk along the names, and along the changes, ends after a seventh of the directory.
    const bounds = { ...TIGHT, counted: 400, walked: 80, window: 20 }
    const filters: ContactFilter[] = [
      { group: '1' },
      { group: '2', reach: 'sms' },
      { group: '1', smsStatus: 'opted_out' },
      { group: '1', smsStatus: 'opted_in', source: 'large' },
      { search: 'ana' },
      { search: 'zoe' },
      { fields: { cohort: 'Year 2' } },
    ]
    for (const filter of filters) for (const sort of SORTS) await expectListed(directory, filter, sort, bounds)
  })

  it('every query of a list goes along an index, without sorting', async () => {
    await Directory.make(60)
    const asked = new Map<string, unknown[]>()
    const env = { ...world.env, DB: recording(world.env.DB, asked) }
    for (const bounds of [undefined, { ...TIGHT, counted: 5, walked: 5, window: 5, entries: 5, smallSource: 1 }]) {
      for (const { filter, sort } of combinations(FORMS)) {
        const query = await ContactQuery.of(env, filter, bounds)
        await listContacts(env, query, { sort, limit: 3 })
        await countContacts(env, query)
      }
    }
    expect(asked.size).toBeGreaterThan(50)
    await listGroups(env, false, '', 50)
    await listChanges(env, 0, 50)
    await groupReach(env, 1)
    for (const channel of CHANNELS) await unreached(env, 1, channel, 0, 50)
    for (const [sql, values] of asked) {
      const { results } = await world.env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...values)
        .all<{ detail: string }>()
      const steps = results.map(({ detail }) => detail)
      // A scan of the search index without a query, or of its terms without a bound, has the plan 0 or 512.
      const wrong =
        /^SCAN (c|o|contact|grouping)\b|^SCAN (s|contact_search) VIRTUAL TABLE INDEX 0:$|^SCAN (t|w|contact_term) VIRTUAL TABLE INDEX (0|512):|TEMP B-TREE FOR (ORDER|GROUP|DISTINCT)/
      expect([sql, steps.filter((step) => wrong.test(step))]).toEqual([sql, []])
    }
    await recipients(env, { id: 1, key: 'air', name: 'air' }, 'sms', [], 5)
  })
})

describe('what a page reads', () => {
  let sizes: number[]
  beforeAll(() => {
    sizes = [500, 4000]
  })

  it('a page reads rows in proportion to its contacts, and not to the directory', async () => {
    const read: Record<string, number[]> = {}
    for (const size of sizes) {
      await world.env.DB.batch(
        ['contact', 'contact_number', 'grouping', 'sms_change'].map((table) =>
          world.env.DB.prepare(`DELETE FROM ${table}`),
        ),
      )
      await world.env.DB.prepare(`INSERT INTO contact_search (contact_search) VALUES ('delete-all')`).run()
      await Directory.make(size)
      const measured: Record<string, () => Promise<unknown>> = {
        contacts: () => page({}),
        search: () => page({ search: 'trembl' }),
        'a word of most': () => page({ search: 'example' }),
        group: () => page({ group: '1' }),
        'search in a group': () => page({ group: '1', search: 'trembl' }),
        source: () => page({ source: 'large' }),
        'opted out': () => page({ smsStatus: 'opted_out' }),
        reach: () => page({ reach: 'email' }),
        field: () => page({ fields: { cohort: 'Year 2' } }),
        'by name': () => page({}, 'name'),
        'by change': () => page({}, 'updated'),
        changes: () => listChanges(world.env, 0, 20),
        unreached: () => unreached(world.env, 1, 'email', 0, 20),
      }
      for (const [name, ask] of Object.entries(measured)) {
        const before = world.faults.rowsRead
        await ask()
        read[name] = [...(read[name] ?? []), world.faults.rowsRead - before]
      }
    }
    for (const [name, [few = 0, many = 0]] of Object.entries(read)) {
      expect([name, few > 0, many <= few + 40, many < 20 * 15], `${few}, ${many}`).toEqual([name, true, true, true])
    }
  })
})

async function page(filter: ContactFilter, sort?: Sort): Promise<ListedContacts> {
  const found = await listContacts(world.env, await ContactQuery.of(world.env, filter), { sort, limit: 20 })
  expect(found.rows).toHaveLength(20)
  return found
}

async function keys(filter: ContactFilter): Promise<string[]> {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== undefined) as string[][])
  const { items } = await world.api<Page<ContactView>>('GET', `/api/contacts?limit=500&${query}`)
  return items.map(({ key }) => key)
}

async function inPages(
  filter: ContactFilter,
  sort: Sort | undefined,
  limit: number,
  bounds?: Bounds,
): Promise<ListedContacts['rows']> {
  const all: ListedContacts['rows'] = []
  const query = await ContactQuery.of(world.env, filter, bounds)
  for (let from: Place | null = null; ; ) {
    const found: ListedContacts = await listContacts(world.env, query, { sort, from, limit })
    all.push(...found.rows)
    if (found.next === null) return all
    from = found.next
  }
}

/** Returns the database with each statement noted. It answers what it was asked before without asking again. */
function recording(db: D1Database, asked: Map<string, unknown[]>): D1Database {
  const answers = new Map<string, unknown>()
  const statement = (sql: string, values: unknown[]): D1PreparedStatement => {
    const real = db.prepare(sql)
    return new Proxy(real, {
      get(_, name) {
        if (name === 'bind') return (...bound: unknown[]) => statement(sql, bound)
        return () => {
          asked.set(sql, values)
          const key = JSON.stringify([sql, values, String(name)])
          const bound = real.bind(...values)
          const answer =
            answers.get(key) ?? (name === 'all' ? bound.all() : name === 'raw' ? bound.raw() : bound.first())
          answers.set(key, answer)
          return answer
        }
      },
    })
  }
  return new Proxy(db, { get: (_, name) => (name === 'prepare' ? (sql: string) => statement(sql, []) : undefined) })
}
