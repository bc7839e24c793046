import { and, eq, lt, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { RETRIED_FOR } from '../core/retry.ts'
import type { Env } from '../env.ts'
import { database } from './database.ts'
import { type NotificationRow, smsChanges } from './schema.ts'

/** For how long an attempt to tell a source may take before it is taken for lost, in milliseconds. */
const LEASE = 3 * 60_000
const AT_ONCE = 100

/** Contacts whose source is to be told now. */
export async function dueWriteBacks(env: Env, now: number): Promise<number[]> {
  const { results } = await env.DB.prepare(
    `SELECT DISTINCT contact FROM sms_change WHERE write_back = 'pending' AND next_at <= ?1 ORDER BY next_at LIMIT ${AT_ONCE}`,
  )
    .bind(now)
    .all<{ contact: number }>()
  return results.map(({ contact }) => contact)
}

/** A status on its way to the source. `current` and `owner`: the contact's status and source as they stand. */
interface Claimed {
  contact: number
  seq: number
  id: string
  status: 'opted_in' | 'opted_out'
  source: string
  attempts: number
  current: string
  owner: string
}

/**
 * Takes the newest status of a contact that is due, for one attempt; null where there is none, or while an attempt with an
 * older one may still be under way.
 */
export async function claimWriteBack(env: Env, contact: number, now: number): Promise<Claimed | null> {
  return env.DB.prepare(
    `UPDATE sms_change SET next_at = ?2 + ${LEASE}, attempts = attempts + 1, failure = NULL
      WHERE contact = ?1 AND write_back = 'pending' AND next_at <= ?2
        AND seq = (SELECT max(seq) FROM sms_change WHERE contact = ?1 AND write_back = 'pending')
        AND NOT EXISTS (SELECT 1 FROM sms_change older WHERE older.contact = ?1 AND older.write_back = 'superseded'
          AND older.attempts > 0 AND older.failure IS NULL AND older.next_at > ?2)
      RETURNING contact, seq, status, source, attempts, (SELECT id FROM contact WHERE key = ?1) AS id,
        (SELECT sms_status FROM contact WHERE key = ?1) AS current, (SELECT source FROM contact WHERE key = ?1) AS owner`,
  )
    .bind(contact, now)
    .first<Claimed>()
}

/** Ends an attempt: the source has been told the value, or there is nothing to tell it any more. */
export async function endWriteBack(
  env: Env,
  { contact, seq }: Pick<Claimed, 'contact' | 'seq'>,
  end: { writeBack: 'sent'; value: string } | { writeBack: 'superseded' | 'conflict' },
  now: number,
): Promise<void> {
  await env.DB.prepare(
    `UPDATE sms_change SET next_at = NULL, write_back = iif(write_back IN ('pending', 'given_up'), ?3, write_back),
        value = coalesce(?4, value), sent_at = iif(?4 IS NULL, sent_at, ?5)
      WHERE contact = ?1 AND seq = ?2`,
  )
    .bind(contact, seq, end.writeBack, 'value' in end ? end.value : null, now)
    .run()
}

/** Puts an attempt that failed off; `failure` is its code. */
export async function postponeWriteBack(
  env: Env,
  { contact, seq }: Pick<Claimed, 'contact' | 'seq'>,
  failure: string,
  nextAt: number,
): Promise<void> {
  await env.DB.prepare('UPDATE sms_change SET next_at = ?3, failure = ?4 WHERE contact = ?1 AND seq = ?2')
    .bind(contact, seq, nextAt, failure)
    .run()
}

/** Gives up the statuses that a source could not be told for a day, once they are due again. */
export async function giveUpWriteBacks(env: Env, now: number): Promise<void> {
  await env.DB.prepare(
    `UPDATE sms_change SET write_back = 'given_up' WHERE write_back = 'pending' AND next_at <= ?2 AND at < ?1`,
  )
    .bind(now - RETRIED_FOR, now)
    .run()
}

/** Sources with a conflict, or something given up, that nobody has been told of. */
export async function untoldWriteBacks(env: Env): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT DISTINCT source FROM sms_change
      WHERE write_back IN ('conflict', 'given_up') AND notification IS NULL LIMIT 20`,
  ).all<{ source: string }>()
  return results.map(({ source }) => source)
}

/** Stores the e-mail that tells of them, null for none, unless somebody else just did. Gives whether it is to be sent. */
export async function tellWriteBacks(
  env: Env,
  source: string,
  email: Pick<NotificationRow, 'id' | 'kind' | 'recipients' | 'subject' | 'createdAt'> | null,
): Promise<boolean> {
  const untold = `source = ?1 AND write_back IN ('conflict', 'given_up') AND notification IS NULL`
  const mark = env.DB.prepare(`UPDATE sms_change SET notification = ?2 WHERE ${untold}`).bind(source, email?.id ?? '')
  if (email === null) {
    await mark.run()
    return false
  }
  const [stored] = await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO notification (id, source, kind, recipients, subject, status, created_at)
        SELECT ?2, ?1, ?3, ?4, ?5, 'pending', ?6 WHERE EXISTS (SELECT 1 FROM sms_change WHERE ${untold})`,
    ).bind(source, email.id, email.kind, JSON.stringify(email.recipients), email.subject, email.createdAt),
    mark,
  ])
  return stored?.meta.changes === 1
}

/** What an e-mail tells of. */
export interface ToldWriteBack {
  id: string
  name: string
  status: 'opted_in' | 'opted_out'
  writeBack: 'conflict' | 'given_up'
  failure: string | null
}

/** What an e-mail tells of, as it stands, some of it where it is much. */
export async function toldWriteBacks(env: Env, notification: string, source: string): Promise<ToldWriteBack[]> {
  const { results } = await env.DB.prepare(
    `SELECT c.id, c.details->>'$[0]' AS name, s.status, s.write_back AS writeBack, s.failure
      FROM sms_change s JOIN contact c ON c.key = s.contact
      WHERE s.notification = ?1 AND s.source = ?2 AND s.write_back IN ('conflict', 'given_up') ORDER BY c.id LIMIT ${AT_ONCE}`,
  )
    .bind(notification, source)
    .all<ToldWriteBack>()
  return results
}

/**
 * Compares what a source was told with what it shows, for the transaction of the end of a run that read it: what it shows
 * is confirmed; where everything was read and it shows something else, that is a conflict.
 */
export function readBack(
  env: Env,
  { source, fetchedAt, all }: { source: string; fetchedAt: number; all: boolean },
): BatchItem<'sqlite'>[] {
  const db = database(env.DB)
  const shown = sql`(SELECT lower(sms_seen) FROM contact WHERE key = ${smsChanges.contact} AND removed_at IS NULL)`
  const becomes = (writeBack: 'confirmed' | 'conflict', compared: SQL) =>
    db
      .update(smsChanges)
      .set({ writeBack })
      .where(
        and(
          eq(smsChanges.source, source),
          eq(smsChanges.writeBack, 'sent'),
          lt(smsChanges.sentAt, fetchedAt),
          sql`lower(trim(${smsChanges.value})) ${compared} ${shown}`,
        ),
      )
  return [becomes('confirmed', sql`=`), ...(all ? [becomes('conflict', sql`<>`)] : [])]
}
