import { expect, it } from 'vitest'
import { crowd, csvOf, type Person } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const PEOPLE = 200
const BEFORE = crowd(PEOPLE, { Title: 'Searcher', Groups: 'Search, Rope' })

/** Returns the rows written for one of `PEOPLE` contacts, less those of a run that changes no contact. */
async function rowsEach(before: Person[], after: Person[]): Promise<number> {
  const world = await World.start()
  const source = await world.source({ limits: NO_LIMITS })
  const rows = async (people: Person[], ending = '') => {
    const written = world.faults.rowsWritten
    expect(
      (await world.import(source, csvOf([{ ID: 'first', Groups: 'Search, Rope, Air' }, ...people]) + ending)).status,
    ).toBe('succeeded')
    return world.faults.rowsWritten - written
  }
  await rows(before)
  const idle = await rows(before, '\r\n')
  return ((await rows(after)) - idle) / PEOPLE
}

const changed = (change: Partial<Person>) => BEFORE.map((person) => ({ ...person, ...change }))

// The figures of docs/architecture.md, "What a change costs", search and groups included.
it.each<[what: string, before: Person[], after: Person[], rows: number]>([
  ['a contact that is added', [], BEFORE, 5],
  ['a contact that is added with an e-mail address', [], changed({ 'Email Address': 'a@example.org' }), 6],
  ['a contact that is unchanged', BEFORE, BEFORE, 0],
  ['a title that changes', BEFORE, changed({ Title: 'Team Lead' }), 3],
  ['a number that changes', BEFORE, changed({ Number: '6045550100' }), 7],
  ['a priority that changes', BEFORE, changed({ 'Notification Priority': 'High' }), 5],
  ['a name that changes', BEFORE, changed({ Name: 'Somebody Else' }), 5],
  ['a group that changes', BEFORE, changed({ Groups: 'Search, Air' }), 5],
  ['a contact that is removed', BEFORE, [], 5],
])('%s costs about so many rows written', async (_, before, after, rows) => {
  const each = await rowsEach(before, after)
  expect(Math.abs(each - rows)).toBeLessThan(0.15)
})
