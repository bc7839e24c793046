import { and, eq, or } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { type ContactDetails, readDetails, type SmsStatus } from '../core/contact.ts'
import type { Env } from '../env.ts'
import { all, columnsOf, database, named } from './database.ts'
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
const LISTED_COLUMNS = [
  'key',
  'source',
  'id',
  'seq',
  'run',
  'details',
  'smsStatus',
  'smsBy',
  'smsAt',
  'updatedAt',
  'removedAt',
] as const

type Values = Record<string, string | number>
type Read = ContactRow & { writeBack: WriteBackState | null }

async function read(env: Env, sql: string, values: Values): Promise<StoredRow[]> {
  return (await all<Read>(env, named(`SELECT ${COLUMNS} FROM ${sql}`, values))).map(storedRow)
}

function storedRow({ details, history, smsStatus, smsBy, smsAt, writeBack, ...row }: Read): StoredRow {
  return {
    ...row,
    details: readDetails(details),
    sms: { status: smsStatus, by: smsBy, at: smsAt, writeBack },
    history: JSON.parse(history),
  }
}

/** Returns the contact with the key; null if there is none or it was removed. */
export async function findContact(env: Env, key: string): Promise<StoredRow | null> {
  if (!/^\d{1,15}$/.test(key)) return null
  const [row] = await read(env, 'contact c WHERE c.key = :key AND c.removed_at IS NULL', { key: Number(key) })
  return row ?? null
}

/** The columns of a contact in a list, which shows no history. */
const LISTED = `${columnsOf(contacts, 'c', LISTED_COLUMNS)}, '[]' AS history, ${WRITE_BACK}`

/** A contact of a list, with its place in the order of the list and the characters that its details take. */
export interface ListedRow {
  row: StoredRow
  at: string | number
  size: number
}

/** Reads contacts for a list, without their history. `sql`: what follows FROM, in which the contact is `c`. `at`: its place, as SQL. */
export async function readListed(env: Env, sql: string, values: Values, at: string): Promise<ListedRow[]> {
  const rows = await all<Read & Pick<ListedRow, 'at'>>(env, named(`SELECT ${LISTED}, ${at} AS at FROM ${sql}`, values))
  return rows.map(({ at, ...row }) => ({ row: storedRow(row), at, size: row.details.length }))
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
