import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { ContactView } from '../api/views/contact.ts'
import { detailsWith, writeDetails } from '../core/contact.ts'
import { directory, keys } from '../testing/current.ts'
import { csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { write } from './database.ts'
import { type KeyedContact, writeChanges } from './writing.ts'

it.each<[what: string, ids: string[]]>([
  ['plain', ['007', '7', 'a,b', 'Zoë', '日本-🧗', "O'Brien", '[1]']],
  ['escaped by JSON, and plain', ['a"b', 'b"', '","', '\\', 'c\\"d', '007', '\\u0041']],
])('new contacts keep their IDs and details, with IDs that are %s', async (_, ids) => {
  const world = await World.start()
  const source = await world.source()
  const people = ids.map((ID, i) => ({ ID, Name: `Person "x${i}", \\n`, Title: `No. ${i}` }))
  expect((await world.import(source, csvOf(people))).counts?.added).toBe(ids.length)
  const { items } = await world.api<{ items: ContactView[] }>('GET', '/api/contacts?limit=100')
  const found = new Map(items.map(({ id, name, title }) => [id, [name, title]]))
  expect(found).toEqual(new Map(people.map(({ ID, Name, Title }) => [ID, [Name, Title]])))
  const [first] = items.filter(({ title }) => title === 'No. 3')
  const search = await world.api<{ items: ContactView[] }>(
    'GET',
    `/api/contacts?search=${encodeURIComponent('person x3')}`,
  )
  expect(search.items.map(({ key }) => key)).toEqual([first?.key])
})

// Invariant 3. No plan asks for this; the statements themselves refuse it, should a plan ever do.
it.each(['update', 'rekey', 'remove'] as const)(
  'the statements of a source that %s a contact leave another source’s contact as it is',
  async (op) => {
    const world = await World.start()
    const [own, other] = [await world.source(), await world.source()]
    await world.import(own, csvOf([{ ID: 'own' }]))
    await world.import(other, csvOf([{ ID: 'other' }]))
    const before = await directory()
    const known = await keys()
    const change = (id: string): KeyedContact => {
      const key = known[id] ?? 0
      const [was, is] = ['Before', 'After'].map((title) => writeDetails(detailsWith({ name: id, title })))
      const both = { key, id, before: was ?? '', after: is ?? '', changed: ['title' as const], rows: [] }
      if (op === 'remove') return { op, key, id, before: was ?? '', after: null, rows: [] }
      return op === 'update' ? { op, ...both } : { op, ...both, id: `${id}-new`, fromId: id, otherwise: null }
    }
    const writer = { run: 'a run', by: null, source: own }
    await write(env, writeChanges(writer, [change('own'), change('other')], new Map(), 1))
    const rows = await env.DB.prepare('SELECT id, source, run, removed_at AS removed FROM contact ORDER BY source = ?1')
      .bind(own)
      .all<{ id: string; source: string; run: string; removed: number | null }>()
    const [foreign, changed] = rows.results
    expect(foreign).toMatchObject({ id: 'other', source: other, removed: null })
    expect(foreign?.run).not.toBe('a run')
    expect(changed).toMatchObject({ run: 'a run', source: own })
    const details = before.find(({ id }) => id === 'other')?.details
    const stored = await env.DB.prepare(`SELECT details FROM contact WHERE source = ?1`).bind(other).first('details')
    expect(stored).toBe(details === undefined ? '' : writeDetails(details))
  },
)
