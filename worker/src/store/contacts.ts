import { and, eq, or } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { pathOf } from '../core/attributes.ts'
import { type ContactDetails, readDetails, type SmsStatus } from '../core/contact.ts'
import { membersQuery, searchQuery } from '../core/search.ts'
import type { Env } from '../env.ts'
import { all, columnsOf, database, named, whole } from './database.ts'
import type { WriteBackState } from './sms-changes.ts'

/**
 * Contacts. A removed contact keeps its row until retention deletes it, so that it returns under the same key. The
 * search words of a contact are in `contact_search`, an index that drizzle cannot describe.
 */
export const contacts = sqliteTable('contact', {
  key: integer('key').primaryKey(),
  /** '' for a manual contact. */
  source: text('source').notNull(),
  id: text('id').notNull(),
  /** The contact's place in the order of changes. */
  seq: integer('seq').notNull(),
  run: text('run'),
  /** The JSON text that `writeDetails` wrote. */
  details: text('details').notNull(),
  smsStatus: text('sms_status').$type<SmsStatus>().notNull().default('unknown'),
  smsBy: text('sms_by'),
  smsAt: integer('sms_at'),
  /** The opt-in that stands, the status by the decisions about the contact alone, and the decision that gives the status. */
  smsIn: integer('sms_in'),
  smsOwn: text('sms_own').$type<SmsStatus>().notNull().default('unknown'),
  smsDecision: integer('sms_decision'),
  /** When the newest opt-out of the contact was made in Muster; null if none stands. */
  smsHere: integer('sms_here'),
  /** The source's value for the SMS status at the last import; null if no import has read one. */
  smsSeen: text('sms_seen'),
  /** 1 if the source has shown the opt-out that was made here, in an import fetched after it. */
  smsShown: integer('sms_shown').notNull().default(0),
  updatedAt: integer('updated_at').notNull(),
  removedAt: integer('removed_at'),
  /** The latest changes as JSON, newest first. */
  history: text('history').notNull().default('[]'),
})
export type ContactRow = typeof contacts.$inferSelect

/** A contact as the directory stores it, with its JSON parsed. */
export interface StoredRow
  extends Pick<ContactRow, 'key' | 'source' | 'id' | 'seq' | 'run' | 'updatedAt' | 'removedAt'> {
  details: ContactDetails
  sms: { status: SmsStatus; by: string | null; at: number | null; writeBack: WriteBackState | null }
  history: {
    at: number
    op: 'add' | 'update' | 'rekey' | 'remove' | 'sms'
    run?: string | null
    by?: string | null
    changed?: string[]
    /** The ID before the contact got a new one. */
    from?: string
    /** The new SMS status; the oldest entries do not have it. */
    to?: SmsStatus
    /** The values before a manual change and after it: details with only the changed members, as they are stored. */
    was?: unknown[] | null
    is?: unknown[] | null
  }[]
}

/** The state of writing the SMS status back to the contact's source. Only a contact with a status was given one. */
const WRITE_BACK = `iif(c.sms_at IS NULL, NULL, (SELECT nullif(s.write_back, 'superseded') FROM sms_change s
  WHERE s.contact = c.key ORDER BY s.seq DESC LIMIT 1)) AS writeBack`

const COLUMNS = `${columnsOf(contacts, 'c')}, ${WRITE_BACK}`

async function read(env: Env, sql: string, values: Record<string, string | number>): Promise<StoredRow[]> {
  const rows = await all<ContactRow & { writeBack: WriteBackState | null }>(
    env,
    named(`SELECT ${COLUMNS} FROM ${sql}`, values),
  )
  return rows.map(({ details, history, smsStatus, smsBy, smsAt, writeBack, ...row }) => ({
    ...row,
    details: readDetails(details),
    sms: { status: smsStatus, by: smsBy, at: smsAt, writeBack },
    history: JSON.parse(history),
  }))
}

export interface ContactFilter {
  search?: string | undefined
  source?: string | undefined
  /** The only sources whose contacts are listed; null for all. */
  sources?: readonly string[] | null | undefined
  /** A group's ID. */
  group?: string | undefined
  smsStatus?: SmsStatus | undefined
  assignedUser?: string | undefined
}

/** Returns the contact with the key; null if there is none or it was removed. */
export async function findContact(env: Env, key: string): Promise<StoredRow | null> {
  if (!/^\d{1,15}$/.test(key)) return null
  const [row] = await read(env, 'contact c WHERE c.key = :key AND c.removed_at IS NULL', { key: Number(key) })
  return row ?? null
}

/**
 * Searches the index once for all words together. The index returns the keys in order, and each contact is looked up
 * once.
 */
const FOUND = 'contact_search s CROSS JOIN contact c ON c.key = s.rowid'

/** As SQL: the User ID of the contact's assigned user. */
const ASSIGNED = `json_extract(c.details, '${pathOf('assignedUser')}')`

/** Lists contacts in the order of their keys, after the one with the key `after`. Every filter uses an index. */
export async function listContacts(
  env: Env,
  { search, group, source, sources, smsStatus, assignedUser }: ContactFilter,
  after: number,
  limit: number,
): Promise<StoredRow[]> {
  const words: string[] = []
  if (search !== undefined && search.trim() !== '') {
    const query = searchQuery(search)
    if (query === null) return []
    words.push(query)
  }
  if (group !== undefined) words.push(membersQuery(Number(group)))
  const conditions = ['c.removed_at IS NULL']
  const values: Record<string, string | number> = { after, limit }
  if (words.length > 0) {
    conditions.push('s.contact_search MATCH :words')
    values.words = words.map((query) => `(${query})`).join(' AND ')
  }
  const key = words.length > 0 ? 's.rowid' : 'c.key'
  conditions.push(`${key} > ${whole(':after')}`)
  if (source !== undefined) {
    conditions.push('c.source = :source')
    values.source = source
  }
  if (sources != null) {
    conditions.push('c.source IN (SELECT value FROM json_each(:sources))')
    values.sources = JSON.stringify(sources)
  }
  if (smsStatus !== undefined) {
    // SQLite uses the partial index only for a literal.
    conditions.push('c.sms_status = :smsStatus', ...(smsStatus === 'unknown' ? [] : [`c.sms_status <> 'unknown'`]))
    values.smsStatus = smsStatus
  }
  if (assignedUser !== undefined) {
    conditions.push(`${ASSIGNED} = :assignedUser`, `${ASSIGNED} IS NOT NULL`)
    values.assignedUser = assignedUser
  }
  const from = words.length > 0 ? FOUND : 'contact c'
  return read(env, `${from} WHERE ${conditions.join(' AND ')} ORDER BY ${key} LIMIT :limit`, values)
}

/** Returns the contacts with a key, or with a source and ID; removed ones, too. */
export function contactsUnder(env: Env, key: number, { source, id }: Pick<ContactRow, 'source' | 'id'>) {
  return database(env)
    .select()
    .from(contacts)
    .where(or(eq(contacts.key, key), and(eq(contacts.source, source), eq(contacts.id, id))))
}

/** Lists changes in the order they were committed, removed contacts included, after the change `after`. */
export function listChanges(env: Env, after: number, limit: number): Promise<StoredRow[]> {
  return read(env, 'contact c WHERE c.seq > :after ORDER BY c.seq LIMIT :limit', { after, limit })
}
