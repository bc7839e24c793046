import { and, eq } from 'drizzle-orm'
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { pathOf } from '../core/attributes.ts'
import { NUMBER_PATH, NUMBER_TYPE_PATH } from '../core/contact.ts'
import type { Env } from '../env.ts'
import type { ContactRow } from './contacts.ts'
import { counterValue, raise } from './counters.ts'
import { all, database, named, type Statement } from './database.ts'

/**
 * Opt-outs that were made here, by number ('' for none) and by source and ID. They are kept after the contact, the
 * source and retention.
 */
export const optOuts = sqliteTable(
  'opt_out',
  {
    number: text('number').notNull(),
    source: text('source').notNull(),
    id: text('id').notNull(),
    who: text('who').notNull(),
    at: integer('at').notNull(),
  },
  ({ number, source, id }) => [primaryKey({ columns: [number, source, id] })],
)

/** Returns whether the number, in E.164, has opted out by text and the opt-out was not lifted since. */
export async function stoppedByText(env: Env, number: string): Promise<boolean> {
  const [row] = await database(env)
    .select()
    .from(optOuts)
    .where(and(eq(optOuts.number, number), eq(optOuts.source, ''), eq(optOuts.id, ''), eq(optOuts.who, 'contact')))
  return row !== undefined
}

/** An SMS status that is set here by a person or a system (`who` is their label), or by text (`who` is `contact`). */
export interface SmsSetting {
  status: 'opted_in' | 'opted_out'
  who: string
  reason: string | null
  now: number
}

/** The contacts it is set for: one contact by its key, or every contact with the number (E.164) that sent a text. */
export type SmsSubject = { key: number } | { number: string }

/** The contacts that an SMS status is set for, numbered from 1, as SQL with its values. */
interface Chosen {
  sql: string
  values: Record<string, string | number>
}

function chosen(subject: SmsSubject): Chosen {
  if ('key' in subject) {
    return { sql: '(SELECT key, 1 AS n FROM contact WHERE key = :key AND removed_at IS NULL)', values: subject }
  }
  const sql = `(SELECT contact AS key, row_number() OVER (ORDER BY contact) AS n FROM contact_number WHERE number = :number)`
  return { sql, values: subject }
}

/**
 * Returns the statements that set an SMS status here, for one `write`: the contacts with their place in the order of
 * changes, the ledger with the statuses to send to their sources, and the record of opt-outs. They make no plan stale.
 * `telling`: the sources that accept write-backs. Running the statements twice gives the same result.
 */
export function settingSms(
  subject: SmsSubject,
  { status, who, reason, now }: SmsSetting,
  telling: readonly string[],
): Statement[] {
  const { sql, values } = chosen(subject)
  const places = `(SELECT count(*) FROM ${sql})`
  return [
    raise('seq', places, values),
    named(
      `INSERT INTO contact (key, source, id, seq, run, details, sms_status, sms_by, sms_at, sms_here, updated_at, history)
        SELECT c.key, c.source, c.id, ${counterValue('seq')} - ${places} + j.n, NULL, c.details,
          :status, :who, :now, iif(:status = 'opted_out', :now, NULL), :now,
          '[' || json_object('at', :now, 'op', 'sms', 'by', :who, 'changed', json_array('sms'), 'to', :status) ||
            iif(c.history = '[]', ']', ',' || substr(c.history, 2))
        FROM ${sql} j CROSS JOIN contact c ON c.key = j.key WHERE true
        ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, run = NULL, sms_status = excluded.sms_status,
          sms_by = excluded.sms_by, sms_at = excluded.sms_at, sms_here = excluded.sms_here, sms_shown = 0,
          updated_at = excluded.updated_at, history = excluded.history`,
      { ...values, status, who, now },
    ),
    named(
      `UPDATE sms_change SET write_back = 'superseded' WHERE write_back = 'pending' AND contact IN (SELECT key FROM ${sql})`,
      values,
    ),
    named(
      `INSERT INTO sms_change (contact, seq, status, who, at, reason, source, write_back, next_at)
        SELECT c.key, c.seq, c.sms_status, c.sms_by, c.sms_at, :reason, c.source,
          iif(c.source IN (SELECT value FROM json_each(:telling)), 'pending', NULL), :now
        FROM ${sql} j CROSS JOIN contact c ON c.key = j.key WHERE true
        ON CONFLICT DO UPDATE SET reason = excluded.reason, source = excluded.source, write_back = excluded.write_back,
          next_at = excluded.next_at`,
      { ...values, reason, telling: JSON.stringify(telling), now },
    ),
    ...(status === 'opted_out' ? recording(subject, who, now) : lifting(subject)),
  ]
}

/**
 * Returns the statements that record an opt-out by the contact's source and ID, and by the number that sent the text or
 * else by each of its mobile numbers. The record is kept after the contact is deleted.
 */
function recording(subject: SmsSubject, who: string, now: number): Statement[] {
  const { sql, values } = chosen(subject)
  const again = 'ON CONFLICT DO UPDATE SET who = excluded.who, at = excluded.at'
  return [
    named(
      `INSERT INTO opt_out SELECT '', c.source, c.id, :who, :now
        FROM ${sql} j CROSS JOIN contact c ON c.key = j.key WHERE true ${again}`,
      { ...values, who, now },
    ),
    'number' in subject
      ? named(`INSERT INTO opt_out VALUES (:number, '', '', :who, :now) ${again}`, { ...subject, who, now })
      : named(
          `INSERT INTO opt_out SELECT t.value->>'${NUMBER_PATH}', '', '', :who, :now
            FROM ${sql} j CROSS JOIN contact c ON c.key = j.key, json_each(c.details, '${pathOf('numbers')}') t
            WHERE t.value->>'${NUMBER_TYPE_PATH}' = 'mobile' ${again}`,
          { ...values, who, now },
        ),
  ]
}

/**
 * Returns the statements that lift opt-outs. A text lifts only the record of its own number; a person who opts a
 * contact in lifts the records of all its numbers.
 */
function lifting(subject: SmsSubject): Statement[] {
  const { sql, values } = chosen(subject)
  return [
    named(
      `DELETE FROM opt_out WHERE number = '' AND (source, id) IN (
        SELECT c.source, c.id FROM ${sql} j CROSS JOIN contact c ON c.key = j.key)`,
      values,
    ),
    'number' in subject
      ? named(`DELETE FROM opt_out WHERE source = '' AND id = '' AND number = :number`, { ...subject })
      : named(
          `DELETE FROM opt_out WHERE source = '' AND id = '' AND number IN (
            SELECT t.value->>'${NUMBER_PATH}'
            FROM ${sql} j CROSS JOIN contact c ON c.key = j.key, json_each(c.details, '${pathOf('numbers')}') t)`,
          values,
        ),
  ]
}

/** A contact whose SMS status was set here and not by its source, with one of its mobile numbers or none. */
export type SetHere = Pick<ContactRow, 'key' | 'id' | 'smsStatus'> & {
  name: string
  number: string | null
  smsAt: number
}

/**
 * Lists a source's contacts whose SMS status was set here, one row for each mobile number, after the contact with the
 * key `after`.
 */
export function listSetHere(env: Env, source: string, after: number, contacts: number): Promise<SetHere[]> {
  return all(
    env,
    named(
      `SELECT c.key, c.id, c.details->>'${pathOf('name')}' AS name, t.value->>'${NUMBER_PATH}' AS number,
          c.sms_status AS smsStatus, c.sms_at AS smsAt
        FROM (SELECT * FROM contact WHERE sms_status <> 'unknown' AND source = :source AND removed_at IS NULL
            AND sms_by IS NOT 'source' AND key > :after ORDER BY key LIMIT :contacts) c
          LEFT JOIN json_each(c.details, '${pathOf('numbers')}') t ON t.value->>'${NUMBER_TYPE_PATH}' = 'mobile'
        ORDER BY c.key, t.key`,
      { source, after, contacts },
    ),
  )
}
