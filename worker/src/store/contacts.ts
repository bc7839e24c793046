import { type ContactDetails, DETAIL_PATHS, readDetails, type SmsStatus } from '../core/contact.ts'
import { membersQuery, searchQuery } from '../core/search.ts'
import type { Env } from '../env.ts'
import type { WriteBackState } from './schema.ts'

/** A contact as the directory keeps it. */
export interface StoredRow {
  key: number
  source: string
  id: string
  seq: number
  run: string | null
  details: ContactDetails
  sms: { status: SmsStatus; by: string | null; at: number | null; writeBack: WriteBackState | null }
  updatedAt: number
  removedAt: number | null
  history: {
    at: number
    op: 'add' | 'update' | 'remove' | 'sms'
    run?: string | null
    by?: string | null
    changed?: string[]
    /** What the SMS status became; the first entries did not tell it. */
    to?: SmsStatus
    /** What a change by hand replaced, and with what: details with nothing else in them, as they are stored. */
    was?: unknown[] | null
    is?: unknown[] | null
  }[]
}

interface Raw {
  key: number
  source: string
  id: string
  seq: number
  run: string | null
  details: string
  sms_status: SmsStatus
  sms_by: string | null
  sms_at: number | null
  write_back: WriteBackState | null
  updated_at: number
  removed_at: number | null
  history: string
}

/** What became of telling the contact's source its SMS status, as SQL; only who has a status has a ledger. */
const WRITE_BACK = `iif(c.sms_at IS NULL, NULL, (SELECT s.write_back FROM sms_change s
  WHERE s.contact = c.key ORDER BY s.seq DESC LIMIT 1)) AS write_back`

export interface ContactFilter {
  search?: string | undefined
  source?: string | undefined
  /** A group's ID. */
  group?: string | undefined
  smsStatus?: SmsStatus | undefined
  assignedUser?: string | undefined
}

/** One contact that has not been removed. */
export async function findContact(env: Env, key: string): Promise<StoredRow | null> {
  if (!/^\d{1,15}$/.test(key)) return null
  const row = await env.DB.prepare(`SELECT c.*, ${WRITE_BACK} FROM contact c WHERE key = ?1 AND removed_at IS NULL`)
    .bind(Number(key))
    .first<Raw>()
  return row === null ? null : parsed(row)
}

/** One look at the search index for all words together: it gives the keys in their order, and each contact is looked up once. */
const FOUND = 'contact_search s CROSS JOIN contact c ON c.key = s.rowid'

/** Contacts in the order of their keys, after the one with the key `after`. Every filter goes through an index. */
export async function listContacts(
  env: Env,
  filter: ContactFilter,
  after: number,
  limit: number,
): Promise<StoredRow[]> {
  const words: string[] = []
  if (filter.search !== undefined && filter.search.trim() !== '') {
    const query = searchQuery(filter.search)
    if (query === null) return []
    words.push(query)
  }
  if (filter.group !== undefined) words.push(membersQuery(Number(filter.group)))
  const conditions = ['c.removed_at IS NULL']
  const values: (string | number)[] = []
  if (words.length > 0) {
    conditions.push('s.contact_search MATCH ?')
    values.push(words.map((query) => `(${query})`).join(' AND '))
  }
  const key = words.length > 0 ? 's.rowid' : 'c.key'
  conditions.push(`${key} > ?`)
  values.push(after)
  if (filter.source !== undefined) {
    conditions.push('c.source = ?')
    values.push(filter.source)
  }
  if (filter.smsStatus !== undefined) {
    conditions.push('c.sms_status = ?', ...(filter.smsStatus === 'unknown' ? [] : ["c.sms_status <> 'unknown'"]))
    values.push(filter.smsStatus)
  }
  if (filter.assignedUser !== undefined) {
    conditions.push(
      `json_extract(c.details, '${DETAIL_PATHS.assignedUser}') = ?`,
      `json_extract(c.details, '${DETAIL_PATHS.assignedUser}') IS NOT NULL`,
    )
    values.push(filter.assignedUser)
  }
  const { results } = await env.DB.prepare(
    `SELECT c.*, ${WRITE_BACK} FROM ${words.length > 0 ? FOUND : 'contact c'}
      WHERE ${conditions.join(' AND ')} ORDER BY ${key} LIMIT ?`,
  )
    .bind(...values, limit)
    .all<Raw>()
  return results.map(parsed)
}

/** Changes in the order they were committed, removed contacts too, after the change `after`. */
export async function listChanges(env: Env, after: number, limit: number): Promise<StoredRow[]> {
  const { results } = await env.DB.prepare(
    `SELECT c.*, ${WRITE_BACK} FROM contact c WHERE seq > ?1 ORDER BY seq LIMIT ?2`,
  )
    .bind(after, limit)
    .all<Raw>()
  return results.map(parsed)
}

function parsed(row: Raw): StoredRow {
  return {
    key: row.key,
    source: row.source,
    id: row.id,
    seq: row.seq,
    run: row.run,
    details: readDetails(row.details),
    sms: { status: row.sms_status, by: row.sms_by, at: row.sms_at, writeBack: row.write_back },
    updatedAt: row.updated_at,
    removedAt: row.removed_at,
    history: JSON.parse(row.history),
  }
}
