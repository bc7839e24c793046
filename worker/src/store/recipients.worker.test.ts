import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView, GroupView, RecipientView } from '../api/views/contact.ts'
import type { Channel } from '../core/channels.ts'
import { setSms } from '../testing/opted.ts'
import { csvOf, type Person } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import { listContacts } from './contact-lists.ts'
import { ContactQuery } from './contact-query.ts'
import { recipients } from './recipients.ts'

let world: World
beforeEach(async () => {
  world = await World.start()
})

/** Imports the people as the only contacts of a source. */
async function imported(rows: readonly Person[]): Promise<void> {
  const source = await world.source({ limits: NO_LIMITS })
  expect((await world.import(source, csvOf(rows))).status).toBe('succeeded')
}

async function groupNamed(name: string): Promise<string> {
  const { items } = await world.api<Page<GroupView>>('GET', '/api/groups')
  return items.find((group) => group.name === name)?.id ?? ''
}

/** Returns all recipients of a message to a group, read in pages of `limit`. None but the last page may be empty. */
async function recipientsOf(group: string, channel: Channel, limit = 500): Promise<RecipientView[]> {
  const found: RecipientView[] = []
  const path = `/api/groups/${await groupNamed(group)}/recipients?channel=${channel}&limit=${limit}`
  for (let cursor = ''; ; ) {
    const { items, next } = await world.api<Page<RecipientView>>('GET', `${path}&cursor=${cursor}`)
    found.push(...items)
    if (next === null) return found
    expect(items.length).toBe(limit)
    cursor = next
  }
}

/** Returns each number or address with the IDs of its contacts. */
async function reached(group: string, channel: Channel, limit?: number): Promise<[string, ...string[]][]> {
  const items = await recipientsOf(group, channel, limit)
  return items.map(({ number, email, extension, contacts }) => [
    `${number?.slice(-4) ?? email}${extension === null ? '' : `x${extension}`}`,
    ...contacts.map(({ id }) => id),
  ])
}

const HIGH = { 'Notification Priority': 'High' }
const LOW = { 'Notification Priority': 'Low' }
const LANDLINE = { 'Number Type': 'landline' }

describe('a number that several contacts have', () => {
  it('a household on one number gets one text, in the place of its member who comes first', async () => {
    await imported([
      { ID: 'child', Number: '6045550101', ...LOW },
      { ID: 'other', Number: '6045550102' },
      { ID: 'mother', Number: '6045550101', ...HIGH },
      { ID: 'father', Number: '6045550101' },
    ])
    expect(await reached('Everybody', 'sms')).toEqual([
      ['0101', 'mother', 'father', 'child'],
      ['0102', 'other'],
    ])
    const [first] = await recipientsOf('Everybody', 'sms')
    expect(first).toMatchObject({ id: 'mother', name: 'Person mother', priority: 'high', number: '+16045550101' })
    expect(first?.contacts[2]).toEqual({ key: expect.any(String), id: 'child', name: 'Person child' })
  })

  it('twins on different pages get one text and one e-mail', async () => {
    const twin = { Number: '6045550101', 'Email Address': 'Twins@example.org' }
    await imported([
      { ID: 'first', ...twin },
      { ID: 'a' },
      { ID: 'b' },
      { ID: 'second', ...twin, 'Email Address': 'twins@example.org' },
      { ID: 'c', 'Email Address': 'c@example.org' },
    ])
    for (const limit of [1, 2, 3, 500]) {
      const texts = await reached('Everybody', 'sms', limit)
      expect(texts.map(([, ...ids]) => ids)).toEqual([['first', 'second'], ['a'], ['b'], ['c']])
      expect(await reached('Everybody', 'email', limit)).toEqual([
        ['Twins@example.org', 'first', 'second'],
        ['c@example.org', 'c'],
      ])
    }
  })

  it('a contact with the same number in another group is not among the recipients', async () => {
    await imported([
      { ID: 'in', Number: '6045550101' },
      { ID: 'out', Number: '6045550101', Groups: 'Others', ...HIGH },
    ])
    expect(await reached('Everybody', 'sms')).toEqual([['0101', 'in']])
  })

  it('two extensions of one number are both called, and one extension once', async () => {
    await imported([
      { ID: 'ana', Number: '6045550101 ext. 12', ...LANDLINE },
      { ID: 'ben', Number: '6045550101 ext. 13', ...LANDLINE },
      { ID: 'eva', Number: '6045550101 ext. 12', ...LANDLINE },
    ])
    expect(await reached('Everybody', 'voice', 1)).toEqual([
      ['0101x12', 'ana', 'eva'],
      ['0101x13', 'ben'],
    ])
  })
})

describe('a number of somebody who has opted out', () => {
  it('a person who opted out gets no text on a number that somebody else has too, but calls', async () => {
    await imported([
      { ID: 'ana', Number: '6045550101' },
      { ID: 'ben', Number: '6045550102' },
      { ID: 'eva', Number: '6045550101', ...LANDLINE, Groups: 'Others' },
    ])
    await setSms(world, 'eva', 'opted_out')
    expect(await reached('Everybody', 'sms')).toEqual([['0102', 'ben']])
    expect(await reached('Everybody', 'voice')).toEqual([
      ['0101', 'ana'],
      ['0102', 'ben'],
    ])
    await setSms(world, 'eva', 'opted_in')
    expect((await reached('Everybody', 'sms')).length).toBe(2)
  })

  it('the other numbers of a group are on the first page however many members before have opted out', async () => {
    const people = Array.from({ length: 30 }, (_, i) => ({ ID: `P${i}`, Number: `60455501${10 + i}` }))
    await imported([...people, { ID: 'last', Number: '6045550199' }])
    for (const { ID } of people) await setSms(world, ID, 'opted_out')
    expect(await reached('Everybody', 'sms', 1)).toEqual([['0199', 'last']])
  })
})

describe('any group', () => {
  it('each channel lists every number once, at its best place, in pages of any size', async () => {
    const random = numbers(7)
    const rows: Person[] = []
    for (let i = 0; i < 120; i++) {
      const person = {
        ID: `P${i}`,
        Groups: random(3) === 0 ? 'Others' : random(2) === 0 ? 'Search, Others' : 'Search',
        'Notification Priority': ['', '', '', 'High', 'Low'][random(5)] ?? '',
        'Email Address': random(3) === 0 ? '' : `${random(2) === 0 ? 'A' : 'a'}${random(40)}@example.org`,
      }
      for (let n = 0; n <= random(3); n++) {
        const extension = random(4) === 0 ? ` ext. ${random(2) + 1}` : ''
        const type = ['mobile', 'landline', 'pager'][random(3)] ?? ''
        rows.push({ ...person, Number: `60455501${10 + random(60)}${extension}`, 'Number Type': type })
      }
    }
    await imported(rows)
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
    for (const [channel, types] of Object.entries(TYPES)) {
      const ought = expected(items, types)
      expect(ought.length).toBeGreaterThan(20)
      for (const limit of [1, 7, 500]) expect(await reached('Search', channel as Channel, limit)).toEqual(ought)
    }
  })

  const TYPES = { sms: ['mobile'], voice: ['mobile', 'landline'], pager: ['pager'], email: [] }

  /** Returns what `reached` ought to be, from all of the contacts in memory. */
  function expected(contacts: readonly ContactView[], types: readonly string[]): [string, ...string[]][] {
    const rank = ({ priority }: ContactView) =>
      types.includes('mobile') ? ['high', 'normal', 'low'].indexOf(priority) : 0
    const members = contacts.filter(({ groups }) => groups.includes('Search'))
    const ordered = [...members].sort((a, b) => rank(a) - rank(b) || Number(a.key) - Number(b.key))
    const found = new Map<string, [string, ...string[]]>()
    for (const { id, numbers: own, emails } of ordered) {
      const values =
        types.length === 0
          ? emails
          : own
              .filter(({ type }) => types.includes(type))
              .map(({ number, extension }) => `${number.slice(-4)}${extension === null ? '' : `x${extension}`}`)
      for (const value of values) {
        const known = found.get(value.toLowerCase())
        if (known === undefined) found.set(value.toLowerCase(), [value, id])
        else if (!known.includes(id)) known.push(id)
      }
    }
    return [...found.values()]
  }

  function numbers(seed: number): (bound: number) => number {
    let state = seed
    return (bound) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
      return (state >> 8) % bound
    }
  }
})

describe('a group of 100,000 members', () => {
  const MEMBERS = 100_000
  const LIMIT = 100

  /** Every 2,000th contact has high priority, and every tenth low priority. */
  async function crowd(number: string): Promise<void> {
    const priority = `CASE WHEN i % 2000 = 7 THEN 'high' WHEN i % 10 = 3 THEN 'low' END`
    await env.DB.batch(
      [
        `INSERT INTO contact (key, source, id, seq, details, updated_at)
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MEMBERS})
          SELECT i, '', 'E' || i, i, json_array('Person', json_array(json_array(${number}, 'mobile')), json_array('all'),
            json_array('e' || i || '@example.org'), NULL, NULL, ${priority}), 0 FROM n`,
        "INSERT INTO contact_number SELECT details->>'$[1][0][0]', key FROM contact",
        "INSERT INTO grouping (id, key, name) VALUES (1, 'all', 'All')",
        `INSERT INTO contact_search (rowid, words)
          SELECT key, '#1 #email' || hex(details->>'$[3][0]') || coalesce(' #' || (details->>'$[6]'), '') FROM contact`,
      ].map((sql) => env.DB.prepare(sql)),
    )
  }

  async function page(channel: Channel, ...after: number[]) {
    const before = world.faults.rowsRead
    const items = await recipients(world.env, { id: 1, key: 'all', name: 'All' }, channel, after, LIMIT)
    return { ids: items.map(({ id }) => id), next: items.at(-1)?.order, rowsRead: world.faults.rowsRead - before }
  }

  it('a page of its recipients or contacts costs what it holds and not what the group holds', async () => {
    await crowd(`'+1604' || (2000000 + i)`)
    // The first page has the end of those of high priority, and the last page has the end of the rest.
    const ranked = [[], [0, 50_007, 0], [1, 50_000, 0], [1, 99_950, 0], [2, 50_000, 0], [2, 99_900, 0]]
    for (const [channel, from] of [
      ['sms', ranked],
      ['voice', ranked],
      ['email', [[], [0, 50_000, 0], [0, 99_950, 0]]],
    ] as const) {
      for (const after of from) {
        const { ids, rowsRead } = await page(channel, ...after)
        expect(ids.length).toBeGreaterThan(9)
        expect([channel, after, rowsRead > 0, rowsRead < LIMIT * 30]).toEqual([channel, after, true, true])
      }
    }
    const { ids, next } = await page('sms')
    expect(ids.slice(0, 2)).toEqual(['E7', 'E2007'])
    expect(ids.slice(49, 52)).toEqual(['E98007', 'E1', 'E2'])
    expect([ids.at(-1), (await page('sms', ...(next ?? []))).ids[0]]).toEqual(['E57', 'E58'])
    const before = world.faults.rowsRead
    const query = await ContactQuery.of(world.env, { group: '1' })
    const from = { order: 'key', at: 90_000, key: 90_000 } as const
    const [contact] = (await listContacts(world.env, query, { from, limit: LIMIT })).rows
    expect([contact?.id, world.faults.rowsRead - before < LIMIT * 30]).toEqual(['E90001', true])
  })

  it('members who all have one number cost no more than once each', async () => {
    await crowd(`'+16045550100'`)
    const { ids, rowsRead } = await page('sms')
    expect(ids).toEqual(['E7'])
    expect(rowsRead).toBeLessThan(MEMBERS * 30)
  })
})
