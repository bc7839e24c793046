import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { insistOnNumbers } from '../testing/kept-numbers.ts'
import { csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import { database } from './database.ts'
import { contactNumbers } from './numbers.ts'

const PEOPLE = [
  { ID: 'ana', Number: '6045550101' },
  { ID: 'ana', Number: '6045550102', 'Number Type': 'landline' },
  { ID: 'eva', Number: '6045550101' },
  { ID: 'ben', Number: '6045550103' },
]

let world: World
let source: string
beforeEach(async () => {
  world = await World.start()
  source = await world.source({ limits: NO_LIMITS })
  await world.import(source, csvOf(PEOPLE))
})

const numbers = async () =>
  (await database(env).select().from(contactNumbers)).map(({ number }) => number.replace('+160455501', ''))

it('a number that two contacts share and a second number of one of them are all found', async () => {
  expect(await numbers()).toEqual(['01', '01', '02', '03'])
})

it('the update fills the table with the numbers of the contacts that are in the directory', async () => {
  await world.import(source, csvOf(PEOPLE.slice(0, 3)))
  await database(env).delete(contactNumbers)
  const queries = env.MIGRATIONS.find(({ name }) => name === '0016_numbers.sql')?.queries ?? []
  for (const query of queries.filter((one) => one.includes('INSERT'))) await env.DB.exec(query.replace(/\s+/g, ' '))
  expect(await numbers()).toEqual(['01', '01', '02'])
  await insistOnNumbers(env)
})

it('contacts that are kept after their source is deleted keep their numbers, and removed contacts lose them', async () => {
  const other = await world.source({ limits: NO_LIMITS })
  await world.import(other, csvOf([{ ID: 'ben', Number: '6045550103' }]))
  await world.api('DELETE', `/api/sources/${source}?contacts=keep`)
  expect(await numbers()).toEqual(['01', '01', '02', '03', '03'])
  await world.api('DELETE', `/api/sources/${other}?contacts=remove`)
  expect(await numbers()).toEqual(['01', '01', '02', '03'])
  await insistOnNumbers(env)
})
