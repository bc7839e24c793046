import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ContactDetails, detailsWith, NUMBER_TYPES, PRIORITIES, writeDetails } from '../core/contact.ts'
import { searchWords } from '../core/search.ts'

const MIGRATION = '0024_words.sql'
const sql = (name: string) => readFileSync(`migrations/${name}`, 'utf8')
const GROUPS = ['air', 'rope', '#7 search']

interface Person {
  id: string
  source: string
  removed: boolean
  details: ContactDetails
}

const text = fc.string({ unit: fc.constantFrom(...'aZé#7 .@ß日𝒜') })
const optional = fc.option(text)
const number = fc.record({
  number: fc.constantFrom('+16045550101', '+16045550102', '+442079460958', '+1', '+49301234'),
  type: fc.constantFrom(...NUMBER_TYPES),
  description: optional,
  extension: optional,
})
const details = fc
  .record({
    name: text,
    organization: optional,
    numbers: fc.array(number, { maxLength: 3 }),
    emails: fc.array(fc.constantFrom('ana@example.org', 'Ana.O-B@Example.org', 'josÉ+x@bücher.example')),
    priority: fc.constantFrom(...PRIORITIES),
    groups: fc.subarray(GROUPS),
    fields: fc.dictionary(
      fc.constantFrom('station', 'badgeNo', 'n_1'),
      fc.array(fc.oneof(text, fc.constant('x'.repeat(99))), { minLength: 1, maxLength: 3 }),
    ),
  })
  .map(detailsWith)
const person = fc.record({ id: text, source: fc.constantFrom('', 'abcdefghijklm'), removed: fc.boolean(), details })

/** Returns the words of a search index, each with the contact that has it. */
function indexed(db: DatabaseSync, table: string): unknown[] {
  db.exec(`CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, '${table}', 'instance')`)
  const words = db.prepare('SELECT term, doc FROM vocabulary ORDER BY 1, 2').all()
  db.exec('DROP TABLE vocabulary')
  return words
}

it('the update gives contacts the words that they would get if they were written anew', () => {
  const before = new DatabaseSync(':memory:')
  for (const name of readdirSync('migrations').sort()) if (name < MIGRATION) before.exec(sql(name))
  for (const [at, name] of GROUPS.entries())
    before.prepare('INSERT INTO grouping (id, key, name) VALUES (?, ?, ?)').run(at + 1, name, name)
  const empty = before.serialize()
  const same = (people: readonly Person[]) => {
    const db = new DatabaseSync(':memory:')
    db.deserialize(empty)
    const { sql: made } = db.prepare(`SELECT sql FROM sqlite_master WHERE name = 'contact_search'`).get() ?? {}
    db.exec(String(made).replace('contact_search', 'expected'))
    db.exec(`INSERT INTO contact_search (rowid, words) VALUES (1, 'old')`)
    for (const [at, { id, source, removed, details }] of people.entries()) {
      // Keys of all parts of the update.
      const key = 1 + at * 470_000
      db.prepare(
        'INSERT INTO contact (key, source, id, seq, details, updated_at, removed_at) VALUES (?, ?, ?, ?, ?, 0, ?)',
      ).run(key, source, `${id} ${key}`, key, writeDetails(details), removed ? 1 : null)
      const groups = details.groups.map((group) => GROUPS.indexOf(group) + 1)
      const words = removed
        ? `#removed${Buffer.from(source).toString('hex')}`
        : searchWords(`${id} ${key}`, details, groups)
      db.prepare('INSERT INTO expected (rowid, words) VALUES (?, ?)').run(key, words)
    }
    db.exec(sql(MIGRATION))
    expect(indexed(db, 'contact_search')).toEqual(indexed(db, 'expected'))
    db.close()
  }
  fc.assert(fc.property(fc.array(person, { maxLength: 12 }), same), { numRuns: 200 })
})
