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
/** Everybody with this many numbers: a row for each. */
const withNumbers = (count: number, change: Partial<Person> = {}) =>
  BEFORE.flatMap((person) =>
    Array.from({ length: count }, (_, i) => ({ ...person, ...change, Number: `604555010${i}` })),
  )
const EMAILS = { 'Email Address': 'a@example.org; b@example.org' }

// The figures of docs/architecture.md, "What a change costs", search and groups included. A contact that is added costs 4
// and one that is removed 3, and each number one more.
it.each<[what: string, before: Person[], after: Person[], rows: number]>([
  ['a contact that is added', [], BEFORE, 5],
  ['a contact that is added with e-mail addresses', [], changed(EMAILS), 5],
  ['a contact that is added with three numbers and e-mail addresses', [], withNumbers(3, EMAILS), 7],
  ['a contact that is unchanged', BEFORE, BEFORE, 0],
  ['a title that changes', BEFORE, changed({ Title: 'Team Lead' }), 2],
  ['a number that changes', BEFORE, changed({ Number: '6045550100' }), 5],
  ['an e-mail address that changes', changed(EMAILS), changed({ 'Email Address': 'c@example.org' }), 3],
  ['a priority that changes', BEFORE, changed({ 'Notification Priority': 'High' }), 3],
  ['a name that changes', BEFORE, changed({ Name: 'Somebody Else' }), 3],
  ['a group that changes', BEFORE, changed({ Groups: 'Search, Air' }), 3],
  ['a contact that is removed', BEFORE, [], 4],
  ['a contact that is removed with three numbers and e-mail addresses', withNumbers(3, EMAILS), [], 6],
])('%s costs about so many rows written', async (_, before, after, rows) => {
  const each = await rowsEach(before, after)
  expect(Math.abs(each - rows)).toBeLessThan(0.15)
})
