import { expect, it } from 'vitest'
import { emptyDatabase } from '../testing/light-storage.ts'

/*
 * What the tables refuse. The code checks each of these too, but two messages at the same moment can both pass its check.
 */

const CONTACT = 'INSERT INTO contact (key, source, id, seq, details, updated_at) VALUES'
const DECISION = 'INSERT INTO decision (name, status, how, who, at) VALUES'
const RUN = 'INSERT INTO run (id, source, "trigger", mode, fetch, status, follow_up, created_at, stale_at) VALUES'

it.each([
  [
    'two contacts of a source with one ID',
    `${CONTACT} (1, 's', 'ana', 1, '[]', 0)`,
    `${CONTACT} (2, 's', 'ana', 2, '[]', 0)`,
  ],
  [
    'two contacts with one place in the feed',
    `${CONTACT} (1, 's', 'ana', 1, '[]', 0)`,
    `${CONTACT} (2, 's', 'ben', 1, '[]', 0)`,
  ],
  [
    'a text that is two decisions',
    `${DECISION} ('text 7', 'opted_out', 'text', '', 0)`,
    `${DECISION} ('text 7', 'opted_in', 'text', '', 1)`,
  ],
  [
    'two active runs of a source',
    `${RUN} ('a', 's', 'manual', 'apply', 'all', 'queued', 0, 0, 0)`,
    `${RUN} ('b', 's', 'manual', 'apply', 'all', 'applying', 0, 0, 0)`,
  ],
  [
    'two runs that follow the active one',
    `${RUN} ('a', 's', 'manual', 'apply', 'all', 'queued', 1, 0, 0)`,
    `${RUN} ('b', 's', 'manual', 'apply', 'all', 'queued', 1, 0, 0)`,
  ],
])('the database refuses %s', (_, first, second) => {
  const database = emptyDatabase()
  database.exec(first)
  expect(() => database.exec(second)).toThrow('UNIQUE')
})
