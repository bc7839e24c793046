import { and, eq, lt, type SQL, sql } from 'drizzle-orm'
import { pathOf } from '../core/attributes.ts'
import { RETRIED_FOR } from '../core/retry.ts'
import type { Env } from '../env.ts'
import { all, database, first, guard, named, type Statement, statement, write } from './database.ts'
import { addingNotification, type NewNotification } from './notifications.ts'
import { type SmsChangeRow, smsChanges } from './sms-changes.ts'

/** How long an attempt to write back to a source may take before it counts as lost, in milliseconds. */
const LEASE = 3 * 60_000
const AT_ONCE = 100

/**
 * Returns the contacts whose status is due to be sent to their source, apart from sources that have a file for them. `contact`:
 * only this one.
 */
export async function dueWriteBacks(env: Env, now: number, contact: number | null = null): Promise<number[]> {
  const rows = await all<Pick<SmsChangeRow, 'contact'>>(
    env,
    named(
      `SELECT DISTINCT contact FROM sms_change WHERE write_back = 'pending' AND next_at <= :now
          AND (:contact IS NULL OR contact = :contact) AND source NOT IN (SELECT source FROM opt_out_file)
        ORDER BY next_at LIMIT ${AT_ONCE}`,
      { now, contact },
    ),
  )
  return rows.map((row) => row.contact)
}

/** A status that is being sent to the source. `current` and `owner`: the contact's current status and source. */
interface Claimed extends Pick<SmsChangeRow, 'contact' | 'seq' | 'attempts'> {
  id: string
  status: 'opted_in' | 'opted_out'
  source: string
  current: string
  owner: string
}

/**
 * Claims the newest status of a contact that is due, for one attempt. Returns null if none is due, or while an attempt
 * with an older status may still be running.
 */
export function claimWriteBack(env: Env, contact: number, now: number): Promise<Claimed | null> {
  return first(
    env,
    named(
      `UPDATE sms_change SET next_at = :now + ${LEASE}, attempts = attempts + 1, failure = NULL
        WHERE contact = :contact AND write_back = 'pending' AND next_at <= :now
          AND seq = (SELECT max(seq) FROM sms_change WHERE contact = :contact AND write_back = 'pending')
          AND NOT EXISTS (SELECT 1 FROM sms_change older WHERE older.contact = :contact AND older.write_back = 'superseded'
            AND older.attempts > 0 AND older.failure IS NULL AND older.next_at > :now)
        RETURNING contact, seq, status, source, attempts, (SELECT id FROM contact WHERE key = :contact) AS id,
          (SELECT sms_status FROM contact WHERE key = :contact) AS current,
          (SELECT source FROM contact WHERE key = :contact) AS owner`,
      { contact, now },
    ),
  )
}

/** Ends an attempt: the source has received the value, or the value no longer needs to be sent. */
export async function endWriteBack(
  env: Env,
  claimed: Pick<Claimed, 'contact' | 'seq'>,
  end: { writeBack: 'sent'; value: string } | { writeBack: 'superseded' | 'conflict' },
  now: number,
): Promise<void> {
  const unended = sql`${smsChanges.writeBack} IN ('pending', 'given_up')`
  await database(env)
    .update(smsChanges)
    .set({
      nextAt: null,
      writeBack: sql`iif(${unended}, ${end.writeBack}, ${smsChanges.writeBack})`,
      ...('value' in end && { value: end.value, sentAt: now }),
    })
    .where(isChange(claimed))
}

/** Postpones an attempt that failed; `failure` is its code. */
export async function postponeWriteBack(
  env: Env,
  claimed: Pick<Claimed, 'contact' | 'seq'>,
  failure: string,
  nextAt: number,
): Promise<void> {
  await database(env).update(smsChanges).set({ nextAt, failure }).where(isChange(claimed))
}

function isChange({ contact, seq }: Pick<Claimed, 'contact' | 'seq'>): SQL | undefined {
  return and(eq(smsChanges.contact, contact), eq(smsChanges.seq, seq))
}

/**
 * When the next attempt for a status is due, as SQL. A file with the statuses of its source has the attempts for all of them, and
 * no failure while one runs.
 */
const NEXT_ATTEMPT = `coalesce((SELECT iif(f.failure IS NULL AND sms_change.failure IS NOT 'not_writable', 0, f.next_at)
  FROM opt_out_file f WHERE f.source = sms_change.source), next_at)`

/**
 * Gives up the statuses that could not be sent to a source for a day, once they are due again. The last attempt was about a day
 * after the decision: a status that nobody tried to send meanwhile, since nothing ran, is tried first.
 */
export async function giveUpWriteBacks(env: Env, now: number): Promise<void> {
  await write(env, [
    named(
      `UPDATE sms_change SET write_back = 'given_up'
        WHERE write_back = 'pending' AND next_at <= :now AND ${NEXT_ATTEMPT} BETWEEN at + ${RETRIED_FOR} AND :now`,
      { now },
    ),
  ])
}

/** The condition, as SQL, for a conflict or a given-up status that no e-mail has reported. */
const UNREPORTED = `write_back IN ('conflict', 'given_up') AND notification IS NULL`

/** Returns the sources with a conflict or a given-up status that no e-mail has reported. */
export async function unreportedWriteBacks(env: Env): Promise<string[]> {
  const rows = await all<{ source: string }>(
    env,
    named(`SELECT DISTINCT source FROM sms_change WHERE ${UNREPORTED} LIMIT 20`),
  )
  return rows.map(({ source }) => source)
}

/**
 * Stores the e-mail that reports them, null for none, unless another call just did. Returns whether the e-mail is to be
 * sent.
 */
export async function tellWriteBacks(env: Env, source: string, email: NewNotification | null): Promise<boolean> {
  const { failed } = await write(
    env,
    [
      guard(`EXISTS (SELECT 1 FROM sms_change WHERE source = :source AND ${UNREPORTED})`, { source }),
      ...(email === null ? [] : [addingNotification(env, email)]),
      named(`UPDATE sms_change SET notification = :email WHERE source = :source AND ${UNREPORTED}`, {
        source,
        email: email?.id ?? '',
      }),
    ],
    'guard',
  )
  return failed === null && email !== null
}

/** One conflict or given-up status in an e-mail. */
export interface ReportedWriteBack extends Pick<SmsChangeRow, 'failure'> {
  id: string
  name: string
  status: 'opted_in' | 'opted_out'
  writeBack: 'conflict' | 'given_up'
}

/** Returns the conflicts and given-up statuses that an e-mail reports, in their current state and up to a limit. */
export function reportedWriteBacks(env: Env, notification: string, source: string): Promise<ReportedWriteBack[]> {
  return all(
    env,
    named(
      `SELECT c.id, c.details->>'${pathOf('name')}' AS name, s.status, s.write_back AS writeBack, s.failure
        FROM sms_change s JOIN contact c ON c.key = s.contact
        WHERE s.notification = :notification AND s.source = :source AND s.write_back IN ('conflict', 'given_up')
        ORDER BY c.id LIMIT ${AT_ONCE}`,
      { notification, source },
    ),
  )
}

/**
 * Returns the statements that compare the last status sent to a source for each contact with the one it shows, for the
 * transaction that ends the run that read them. A status that the source shows is confirmed. If the run read everything and the source shows
 * another status, that is a conflict.
 */
export function readBack(
  env: Env,
  { source, fetchedAt, all }: { source: string; fetchedAt: number; all: boolean },
): Statement[] {
  const db = database(env)
  const shown = sql`(SELECT lower(sms_seen) FROM contact WHERE key = ${smsChanges.contact} AND removed_at IS NULL)`
  const newer = sql`(SELECT 1 FROM sms_change n
    WHERE n.contact = ${smsChanges.contact} AND n.seq > ${smsChanges.seq} AND n.sent_at IS NOT NULL)`
  const becomes = (writeBack: 'confirmed' | 'conflict', compared: SQL) =>
    statement(
      db
        .update(smsChanges)
        .set({ writeBack })
        .where(
          and(
            eq(smsChanges.source, source),
            eq(smsChanges.writeBack, 'sent'),
            lt(smsChanges.sentAt, fetchedAt),
            sql`NOT EXISTS ${newer}`,
            sql`lower(trim(${smsChanges.value})) ${compared} ${shown}`,
          ),
        ),
    )
  return [becomes('confirmed', sql`=`), ...(all ? [becomes('conflict', sql`<>`)] : [])]
}
