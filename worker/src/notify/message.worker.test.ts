import { expect, it } from 'vitest'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const reader = { limits: NO_LIMITS, notify: { emails: ['a@example.org'], when: 'always' } }

it('the figures of a report add up, and rows that are no contact are counted apart', async () => {
  const world = await World.start()
  const source = await world.source(reader)
  await world.import(source, csvOf(crowd(6)))
  const people = [...crowd(4), { ID: 'P005', Number: '12' }, { ID: 'NEW' }]
  const run = await world.import(source, `${csvOf(people)}Total,6\r\n`)
  expect(run.counts).toMatchObject({ rows: 7, leftOut: 1, matched: 6, contactsWithErrors: 1, removed: 1 })
  const lines = world.mails.at(-1)?.text.split('\n') ?? []
  expect(lines).toEqual(
    expect.arrayContaining([
      'Contacts that met the criteria: 6',
      'Imported: 5 (added 1, updated 0, unchanged 4)',
      'Left as they are, because of errors: 1',
      'Removed: 1',
      'Rows that are no contact, such as a total or a note: 1',
    ]),
  )
})

it('the e-mail about removals that wait says why the file is in doubt', async () => {
  const world = await World.start()
  const source = await world.source(reader)
  await world.import(source, csvOf(crowd(6)))
  const run = await world.import(source, `${csvOf(crowd(4))}PHP Fatal error: Out of memory\n`)
  expect(run).toMatchObject({ status: 'held', counts: { removed: 2 } })
  expect(world.mails.at(-1)?.text).toMatch(/2 contacts are missing .* such as an error message of the export/)
})
