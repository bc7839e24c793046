import { env } from 'cloudflare:workers'
import { type ContactDetails, readDetails, type SmsStatus } from '../core/contact.ts'
import { membersQuery, searchPrefixes } from '../core/search.ts'
import { contacts } from '../store/contacts.ts'
import { currentValue } from '../store/counters.ts'
import { all, database, named } from '../store/database.ts'
import { groups } from '../store/groups.ts'
import { insistOnNumbers } from './kept-numbers.ts'

/** A contact in the directory, without the fields that differ between two histories with the same outcome. */
export interface Current {
  source: string
  id: string
  details: ContactDetails
  /** The names of its groups, as spelt. */
  groups: string[]
  sms: SmsStatus
}

/** Returns every contact, including removed ones, in the order of IDs. */
const everybody = () => database(env).select().from(contacts).orderBy(contacts.source, contacts.id)

/**
 * Returns the directory as readers see it, in the order of IDs. Throws if search, numbers, groups or the order of
 * changes contradict the contacts.
 */
export async function directory(): Promise<Current[]> {
  await insistOnNumbers(env)
  const rows = await everybody()
  const known = await database(env).select().from(groups).orderBy(groups.key)
  const members = await matching(known.map(({ id }) => membersQuery(id)))
  const found = await matching(rows.map(({ id }) => prefixQuery(id)))
  const current: Current[] = []
  for (const [at, row] of rows.entries()) {
    const details = readDetails(row.details)
    const own = known.filter((_, i) => members[i]?.has(row.key))
    insist(`groups of ${row.id}`, own.map(({ key }) => key).sort(), row.removedAt === null ? details.groups : [])
    insist(`search for ${row.id}`, found[at]?.has(row.key), row.removedAt === null)
    if (row.removedAt !== null) continue
    current.push({ source: row.source, id: row.id, details, groups: own.map(({ name }) => name), sms: row.smsStatus })
  }
  const last = await currentValue(env, 'seq')
  insist('the order of changes', Math.max(0, ...rows.map(({ seq }) => seq)) <= last, true)
  return current
}

/** Returns the key of every contact, including removed ones, by ID. */
export async function keys(): Promise<Record<string, number>> {
  return Object.fromEntries((await everybody()).map(({ id, key }) => [id, key]))
}

/** Returns the IDs of contacts that are not removed, in order. */
export async function ids(): Promise<string[]> {
  return (await directory()).map(({ id }) => id)
}

/** Returns the index's query for the beginnings of words in a text. */
function prefixQuery(text: string): string {
  const alternatives = (searchPrefixes(text) ?? []).map((words) => words.map((word) => `"${word}"*`).join(' AND '))
  return alternatives.map((query) => `(${query})`).join(' OR ')
}

/** Returns the keys that each query finds. */
async function matching(queries: readonly string[]): Promise<Set<number>[]> {
  const found = queries.map(() => new Set<number>())
  const rows = await all<{ query: number; key: number }>(
    env,
    named(
      `SELECT q.key AS query, s.rowid AS key FROM json_each(:queries) q CROSS JOIN contact_search s
        WHERE s.contact_search MATCH q.value`,
      { queries: JSON.stringify(queries) },
    ),
  )
  for (const { query, key } of rows) found[query]?.add(key)
  return found
}

function insist(what: string, is: unknown, ought: unknown): void {
  if (JSON.stringify(is) === JSON.stringify(ought)) return
  throw new Error(`${what}: ${JSON.stringify(is)} and not ${JSON.stringify(ought)}`)
}
