import { env } from 'cloudflare:workers'
import { type ContactDetails, readDetails, type SmsStatus } from '../core/contact.ts'
import { membersQuery, searchQuery } from '../core/search.ts'

/** A contact as the directory has it, less what differs between two histories with the same outcome. */
export interface Standing {
  source: string
  id: string
  details: ContactDetails
  /** Its groups as they are spelt. */
  groups: string[]
  sms: SmsStatus
}

interface Raw {
  key: number
  source: string
  id: string
  seq: number
  details: string
  sms_status: SmsStatus
  removed_at: number | null
}

const ALL = 'SELECT key, source, id, seq, details, sms_status, removed_at FROM contact ORDER BY source, id'

/**
 * The directory as readers see it, in the order of IDs. Throws where search, groups or the order of changes say
 * something else than the contacts themselves.
 */
export async function directory(): Promise<Standing[]> {
  const { results: contacts } = await env.DB.prepare(ALL).all<Raw>()
  const { results: groups } = await env.DB.prepare('SELECT id, key, name FROM grouping ORDER BY key').all<{
    id: number
    key: string
    name: string
  }>()
  const members = await matching(groups.map(({ id }) => membersQuery(id)))
  const found = await matching(contacts.map(({ id }) => searchQuery(id) ?? ''))
  const standing: Standing[] = []
  for (const [at, row] of contacts.entries()) {
    const details = readDetails(row.details)
    const own = groups.filter((_, i) => members[i]?.has(row.key))
    insist(`groups of ${row.id}`, own.map(({ key }) => key).sort(), row.removed_at === null ? details.groups : [])
    insist(`search for ${row.id}`, found[at]?.has(row.key), row.removed_at === null)
    if (row.removed_at !== null) continue
    standing.push({ source: row.source, id: row.id, details, groups: own.map(({ name }) => name), sms: row.sms_status })
  }
  const last = await env.DB.prepare(`SELECT value FROM counter WHERE name = 'seq'`).first<number>('value')
  insist('the order of changes', Math.max(0, ...contacts.map(({ seq }) => seq)) <= (last ?? 0), true)
  return standing
}

/** The key of every contact, removed ones too, by ID. */
export async function keys(): Promise<Record<string, number>> {
  const { results } = await env.DB.prepare(ALL).all<Raw>()
  return Object.fromEntries(results.map(({ id, key }) => [id, key]))
}

/** The IDs of contacts that have not been removed, in order. */
export async function ids(): Promise<string[]> {
  return (await directory()).map(({ id }) => id)
}

/** The keys that each of the queries finds. */
async function matching(queries: readonly string[]): Promise<Set<number>[]> {
  if (queries.length === 0) return []
  const sql = 'SELECT rowid AS key FROM contact_search WHERE contact_search MATCH ?1'
  const found = await env.DB.batch<{ key: number }>(queries.map((query) => env.DB.prepare(sql).bind(query)))
  return found.map(({ results }) => new Set(results.map(({ key }) => key)))
}

function insist(what: string, is: unknown, ought: unknown): void {
  if (JSON.stringify(is) === JSON.stringify(ought)) return
  throw new Error(`${what}: ${JSON.stringify(is)} and not ${JSON.stringify(ought)}`)
}
