import { expect, it } from 'vitest'
import type { Env } from '../env.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import { loadKnown } from './directory.ts'
import { findSource } from './sources.ts'

/** Loads the known contacts of a source. Returns them, and how many rows D1 read for them. */
async function loaded(env: Env, id: string) {
  let rows = 0
  const counting = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => counting(target.bind(...values))
        if (name !== 'all') return Reflect.get(target, name)
        return async () => {
          const result = await target.all()
          rows += result.meta.rows_read
          return result
        }
      },
    })
  const DB = new Proxy(env.DB, {
    get: (db, name) => (name === 'prepare' ? (sql: string) => counting(db.prepare(sql)) : Reflect.get(db, name)),
  })
  const source = await findSource(env, id)
  if (source === null) throw new Error('There is no such source')
  const { contacts } = await loadKnown({ ...env, DB }, source, source.settingsHash, { seed: 1, anew: false })
  return { rows, contacts: contacts.write() }
}

it('a small source reads no more rows after another source has changed thousands of contacts', async () => {
  const world = await World.start()
  const small = await world.source({ name: 'Small' })
  await world.import(small, csvOf(crowd(20, {}, 'S')))
  const large = await world.source({ name: 'Large', limits: { changed: null } })
  await world.import(large, csvOf(crowd(2000)))
  const before = await loaded(world.env, small)
  await world.import(large, csvOf(crowd(2000, { Title: 'Driver' })))
  const after = await loaded(world.env, small)
  expect(after.contacts).toEqual(before.contacts)
  expect(after.rows).toBeLessThanOrEqual(before.rows)
  expect(after.rows).toBeLessThan(200)
})

it('contacts that left a source or returned to it are found among many changes of another source', async () => {
  const world = await World.start()
  await world.api('POST', '/api/contacts', { id: 'M1', name: 'Manual' })
  const people = [...crowd(20, {}, 'S'), { ID: 'M1' }, { ID: 'L1' }]
  const small = await world.source({ name: 'Small', limits: { identity: null, removed: null } })
  const first = await world.import(small, csvOf(people))
  const second = await world.import(small, csvOf(people.filter(({ ID }) => ID !== 'L1')))
  const large = await world.source({ name: 'Large', limits: { changed: null } })
  await world.import(large, csvOf(crowd(2000)))
  for (const { id } of [second, first]) {
    await world.api('POST', `/api/runs/${id}/undo`)
    await world.drain()
    const few = await loaded(world.env, small)
    await world.import(large, csvOf(crowd(2000, { Title: `After ${id}` })))
    const many = await loaded(world.env, small)
    expect(many.contacts).toEqual(few.contacts)
  }
})

it('a run of a small source reads no more rows after another source has grown and changed', async () => {
  const world = await World.start()
  const small = await world.source({ name: 'Small', limits: NO_LIMITS })
  const large = await world.source({ name: 'Large', limits: NO_LIMITS })
  const people = crowd(20, {}, 'S')
  await world.import(small, csvOf(people))
  await world.import(large, csvOf(crowd(300)))
  /** Imports the small source with a changed contact, a new one and, but for the first time, a missing one. */
  const rowsRead = async (version: string) => {
    const before = world.faults.rowsRead
    const changed = people.map((person, i) => (i === 3 ? { ...person, Title: version } : person))
    expect((await world.import(small, csvOf([...changed, { ID: `new ${version}` }]))).counts).toMatchObject({
      added: 1,
      updated: 1,
    })
    return world.faults.rowsRead - before
  }
  await rowsRead('1')
  const before = await rowsRead('2')
  await world.import(large, csvOf(crowd(3000)))
  await world.import(large, csvOf(crowd(3000, { Title: 'Driver' })))
  const after = await rowsRead('3')
  // Its own contacts are read where another source has changed more.
  expect(after).toBeLessThan(before + 5 * people.length)
})

it('nobody can foresee the places of known contacts, whether they are read from the file or from the directory', async () => {
  const world = await World.start()
  const id = await world.source()
  await world.import(id, csvOf(crowd(20)))
  const source = await findSource(world.env, id)
  if (source === null) throw new Error('There is no such source')
  for (const anew of [false, true]) {
    const load = () => loadKnown(world.env, source, source.settingsHash, { seed: 1, anew })
    const [one, other] = [await load(), await load()]
    expect(one.contacts.salt).not.toBe(other.contacts.salt)
  }
})
