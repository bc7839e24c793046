import { numberQuery } from '../core/search.ts'
import type { Env } from '../env.ts'

/** An SMS status that is set here: by a person or a system (`who` is their label), or by text (`who` is `contact`). */
export interface SmsSetting {
  status: 'opted_in' | 'opted_out'
  who: string
  reason: string | null
  now: number
}

/** Whom it is set for: one contact by its key, or everyone with the number (E.164), whom a text came from. */
export type SmsSubject = { key: number } | { number: string }

/** Contacts with the SMS status, numbered; `?1`: the key, or the search index's query, with the number as `?2`. */
function chosen(subject: SmsSubject): { sql: string; values: [number] | [string, string] } {
  if ('key' in subject) {
    return { sql: '(SELECT key, 1 AS n FROM contact WHERE key = ?1 AND removed_at IS NULL)', values: [subject.key] }
  }
  const { number } = subject
  const sql = `(SELECT c.key, row_number() OVER (ORDER BY c.key) AS n
    FROM contact_search s CROSS JOIN contact c ON c.key = s.rowid
    WHERE s.contact_search MATCH ?1 AND c.removed_at IS NULL AND EXISTS (
      SELECT 1 FROM json_each(c.details, '$[1]') t WHERE t.value->>'$[0]' = ?2))`
  return { sql, values: [numberQuery(number), number] }
}

/**
 * The statements that set an SMS status here, for one D1 batch: the contacts with their place in the order of changes,
 * the ledger with what is to be told to their sources, and the record of opt-outs. They make no plan stale. `telling`:
 * the sources that can be told. Sent twice they give the same result.
 */
export function settingSms(
  env: Env,
  subject: SmsSubject,
  { status, who, reason, now }: SmsSetting,
  telling: readonly string[],
): D1PreparedStatement[] {
  const { sql, values } = chosen(subject)
  const first = values.length + 1
  const at = (place: number) => `?${first + place}`
  const prepare = (text: string, ...more: (string | number | null)[]) => env.DB.prepare(text).bind(...values, ...more)
  const places = `(SELECT count(*) FROM ${sql})`
  return [
    prepare(`UPDATE counter SET value = value + ${places} WHERE name = 'seq'`),
    prepare(
      `INSERT INTO contact (key, source, id, seq, run, details, sms_status, sms_by, sms_at, sms_here, updated_at, history)
        SELECT c.key, c.source, c.id, (SELECT value FROM counter WHERE name = 'seq') - ${places} + j.n, NULL, c.details,
          ${at(0)}, ${at(1)}, ${at(2)}, iif(${at(0)} = 'opted_out', ${at(2)}, NULL), ${at(2)},
          '[' || json_object('at', ${at(2)}, 'op', 'sms', 'by', ${at(1)}, 'changed', json_array('sms'), 'to', ${at(0)}) ||
            iif(c.history = '[]', ']', ',' || substr(c.history, 2))
        FROM ${sql} j CROSS JOIN contact c ON c.key = j.key WHERE true
        ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, run = NULL, sms_status = excluded.sms_status,
          sms_by = excluded.sms_by, sms_at = excluded.sms_at, sms_here = excluded.sms_here, sms_shown = 0,
          updated_at = excluded.updated_at, history = excluded.history`,
      status,
      who,
      now,
    ),
    prepare(
      `UPDATE sms_change SET write_back = 'superseded' WHERE write_back = 'pending' AND contact IN (SELECT key FROM ${sql})`,
    ),
    prepare(
      `INSERT INTO sms_change (contact, seq, status, who, at, reason, source, write_back, next_at)
        SELECT c.key, c.seq, c.sms_status, c.sms_by, c.sms_at, ${at(0)}, c.source,
          iif(c.source IN (SELECT value FROM json_each(${at(1)})), 'pending', NULL), ${at(2)}
        FROM ${sql} j CROSS JOIN contact c ON c.key = j.key WHERE true
        ON CONFLICT DO UPDATE SET reason = excluded.reason, source = excluded.source, write_back = excluded.write_back,
          next_at = excluded.next_at`,
      reason,
      JSON.stringify(telling),
      now,
    ),
    ...(status === 'opted_out' ? recording(prepare, subject, sql, at, who, now) : lifting(prepare, subject, sql)),
  ]
}

type Prepare = (text: string, ...more: (string | number)[]) => D1PreparedStatement

/** What outlives the contact: its source and ID, and the number that asked, or else each of its mobile numbers. */
function recording(
  prepare: Prepare,
  subject: SmsSubject,
  sql: string,
  at: (place: number) => string,
  who: string,
  now: number,
): D1PreparedStatement[] {
  const numbers =
    'number' in subject
      ? `SELECT ?2, '', '', ${at(0)}, ${at(1)} WHERE true`
      : `SELECT t.value->>'$[0]', '', '', ${at(0)}, ${at(1)} FROM ${sql} j CROSS JOIN contact c ON c.key = j.key,
          json_each(c.details, '$[1]') t WHERE t.value->>'$[1]' = 'mobile'`
  const again = 'ON CONFLICT DO UPDATE SET who = excluded.who, at = excluded.at'
  return [
    prepare(
      `INSERT INTO opt_out SELECT '', c.source, c.id, ${at(0)}, ${at(1)}
        FROM ${sql} j CROSS JOIN contact c ON c.key = j.key WHERE true ${again}`,
      who,
      now,
    ),
    prepare(`INSERT INTO opt_out ${numbers} ${again}`, who, now),
  ]
}

/** A text lifts the record of its own number alone; a person who opts a contact in lifts those of all its numbers. */
function lifting(prepare: Prepare, subject: SmsSubject, sql: string): D1PreparedStatement[] {
  const numbers =
    'number' in subject
      ? '?2'
      : `SELECT t.value->>'$[0]' FROM ${sql} j CROSS JOIN contact c ON c.key = j.key, json_each(c.details, '$[1]') t`
  return [
    prepare(
      `DELETE FROM opt_out WHERE number = '' AND (source, id) IN (
        SELECT c.source, c.id FROM ${sql} j CROSS JOIN contact c ON c.key = j.key)`,
    ),
    prepare(`DELETE FROM opt_out WHERE source = '' AND id = '' AND number IN (${numbers})`),
  ]
}
