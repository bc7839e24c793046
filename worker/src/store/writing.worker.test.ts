import { expect, it } from 'vitest'
import type { ContactView } from '../api/views.ts'
import { csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

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
