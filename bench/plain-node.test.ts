import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { csvBytes } from './files.ts'
import { plainNode } from './plain-node.ts'
import { membershipRows, rosterRows } from './roster.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-plain-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

it('the plain Node program adds, changes and removes the contacts that a file adds, changes and removes', async () => {
  const session = await plainNode.open(folder, false)
  const load = async (rows: Iterable<string[]>) => {
    const bytes = csvBytes(rows)
    const path = join(folder, 'file.csv')
    await writeFile(path, bytes)
    return (await session.load({ path, bytes, etag: '' })).contacts
  }
  expect(await load(rosterRows(1000, 1, 'first'))).toBe(1000)
  // Eight contacts have another title, one has gone and one has come.
  expect(await load(rosterRows(1000, 1, 'changed'))).toBe(10)
  expect(await load(rosterRows(1000, 1, 'changed'))).toBe(0)
  expect(await load(rosterRows(1000, 1, 'thinned'))).toBe(300)
  // The rows of one person that are not next to each other are one contact, in all of its groups.
  expect(await load(membershipRows(50, 3, 1))).toBeGreaterThan(0)
  const db = new DatabaseSync(join(folder, 'contacts.db'))
  const count = (sql: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.n)
  expect(count('contact')).toBe(50)
  expect(count('member')).toBe(150)
  expect(count(`contact_search WHERE contact_search MATCH 'E0000007'`)).toBe(1)
  db.close()
})
