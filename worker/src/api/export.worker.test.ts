import { beforeEach, expect, it } from 'vitest'
import { csvStream } from '../formats/csv-write.ts'
import { workbookStream } from '../formats/workbook.ts'
import type { ContactFilter } from '../store/contact-query.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { exportedRows } from './export.ts'

/** The most contacts of a source, and the most queries of an invocation that D1 allows. */
const LARGEST = 1_500_000
const MOST_QUERIES = 1000

let world: World
beforeEach(async () => {
  world = await World.start()
})

/** Puts contacts into the directory, each with details of about this length. */
async function fill(count: number, length: number): Promise<void> {
  await world.env.DB.prepare(
    `INSERT INTO contact (key, source, id, seq, details, updated_at)
      WITH RECURSIVE n(key) AS (VALUES (1) UNION ALL SELECT key + 1 FROM n WHERE key < ?1)
      SELECT key, 'own', 'E' || key, key, json_array(printf('Person %d %.*c', key, ?2, 'x')), 0 FROM n`,
  )
    .bind(count, length)
    .run()
}

async function exported(filter: ContactFilter): Promise<{ rows: number; queries: number }> {
  const before = world.faults.queries
  let rows = 0
  for await (const _ of exportedRows(world.env, filter)) rows++
  return { rows, queries: world.faults.queries - before }
}

it.each<[string, ContactFilter]>([
  ['the directory', {}],
  ['a source', { source: 'own' }],
])('an export of %s needs few enough queries for the largest source', async (_, filter) => {
  await fill(6000, 100)
  const some = await exported(filter)
  await world.env.DB.prepare('DELETE FROM contact').run()
  await fill(26_000, 100)
  const more = await exported(filter)
  expect([some.rows, more.rows]).toEqual([6001, 26_001])
  const queriesEach = (more.queries - some.queries) / 20_000
  expect(queriesEach).toBeGreaterThan(0)
  expect(queriesEach * LARGEST + some.queries).toBeLessThan(MOST_QUERIES / 2)
})

it('an export reads fewer contacts at a time if they are large', async () => {
  await fill(1500, 20_000)
  const { rows, queries } = await exported({})
  expect(rows).toBe(1501)
  expect(queries).toBeGreaterThan(6)
})

it.each(['csv', 'xlsx'])(
  'an export as %s begins before it has read the directory, and ends when its client leaves',
  async (type) => {
    await fill(20_000, 100)
    const rows = exportedRows(world.env, {})
    const stream = type === 'csv' ? csvStream(rows) : workbookStream([{ name: 'Contacts', rows }])
    const before = world.faults.queries
    const reader = stream.getReader()
    // The second piece of a workbook has the first of its rows.
    for (let i = 0; i < 4; i++) expect((await reader.read()).done).toBe(false)
    await reader.cancel()
    const asked = world.faults.queries - before
    expect(asked).toBeLessThan(7)
    await scheduler.wait(50)
    expect(world.faults.queries - before).toBe(asked)
  },
)

it('an export takes the filters of the list', async () => {
  const source = await world.source()
  await world.import(
    source,
    csvOf([{ ID: 'a1', Name: 'Ana Lee', Groups: 'Rope' }, { ID: 'a2', Name: 'Ben Roy' }, ...crowd(3)]),
  )
  const ids = async (query: string) => {
    const text = await (await world.request('GET', `/api/contacts.csv?${query}`)).text()
    return text
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[0])
  }
  expect(await ids('')).toEqual(['a1', 'a2', 'P001', 'P002', 'P003'])
  expect(await ids('search=ben')).toEqual(['a2'])
  expect(await ids('search=p0&reach=sms')).toEqual(['P001', 'P002', 'P003'])
  expect(await ids('smsStatus=opted_out')).toEqual([])
  expect((await world.request('GET', '/api/contacts.csv?search=ana&sort=name')).status).toBe(400)
})
