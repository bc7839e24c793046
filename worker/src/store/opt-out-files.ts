import { and, eq, lte, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { FailureCode } from '../core/failure.ts'
import { pauseAfter, RETRIED_FOR } from '../core/retry.ts'
import type { Env } from '../env.ts'
import { all, database, guard, named, type Statement, write } from './database.ts'
import type { WriteBackState } from './sms-changes.ts'

/** The most time that an attempt may take, in milliseconds. */
export const ATTEMPT_WITHIN = 5 * 60_000
/** After this time an attempt counts as lost, in milliseconds. Longer, so that an older file never replaces a newer one. */
const LEASE = ATTEMPT_WITHIN + 60_000
const AT_ONCE = 100
const MOST_OPEN = 10_000

/** The condition, as SQL, for a status to be sent. It names the states of the index that finds the statuses of a source. */
const PENDING = `write_back IN ('pending', 'sent') AND write_back = 'pending'`

/** The file of a source for the SMS statuses that are set here (design: Opt-outs as a file): see the migration. */
export const optOutFiles = sqliteTable('opt_out_file', {
  source: text('source').primaryKey(),
  nextAt: integer('next_at'),
  asks: integer('asks').notNull(),
  askedAt: integer('asked_at'),
  attempts: integer('attempts').notNull(),
  url: text('url'),
  sha256: text('sha256'),
  writtenAt: integer('written_at'),
  seq: integer('seq'),
  failure: text('failure', { mode: 'json' }).$type<{ code: FailureCode; message: string; advice: string }>(),
})
export type OptOutFileRow = typeof optOutFiles.$inferSelect

/**
 * Returns the statement that requests the files of these sources. The next tick sends them, so that many changes in a short
 * time write one file. `changedAfter`: only of the sources with a contact that changed after this place in the order of
 * changes. `atOnce`: without waiting for the next attempt after a failure.
 */
export function requestingOptOutFiles(
  sources: readonly string[],
  now: number,
  { changedAfter = null, atOnce = false }: { changedAfter?: number | null; atOnce?: boolean } = {},
): Statement {
  return named(
    `INSERT INTO opt_out_file (source, next_at, asks, asked_at, attempts)
      SELECT id, :now, 1, :now, 0 FROM source WHERE id IN (SELECT value FROM json_each(:sources)) AND (:changedAfter IS NULL
        OR EXISTS (SELECT 1 FROM contact c INDEXED BY contact_seq WHERE c.seq > :changedAfter AND c.source = source.id))
      ON CONFLICT DO UPDATE SET asks = asks + 1, asked_at = coalesce(asked_at, excluded.asked_at),
        next_at = iif(:atOnce AND failure IS NOT NULL, :now, coalesce(next_at, :now))`,
    { sources: JSON.stringify(sources), now, changedAfter, atOnce },
  )
}

/** Returns the sources whose file is due to be written or read back. */
export async function dueOptOutFiles(env: Env, now: number): Promise<string[]> {
  const due = await database(env)
    .select({ source: optOutFiles.source })
    .from(optOutFiles)
    .where(lte(optOutFiles.nextAt, now))
    .orderBy(optOutFiles.nextAt)
    .limit(AT_ONCE)
  return due.map(({ source }) => source)
}

/** Returns the file of a source; null if it was never requested. */
export async function findOptOutFile(env: Env, source: string): Promise<OptOutFileRow | null> {
  const [row] = await database(env).select().from(optOutFiles).where(eq(optOutFiles.source, source))
  return row ?? null
}

/**
 * Claims a file that is due for one attempt, and forgets the failure of the last one: a file with a failure has no attempt
 * that runs. Returns null if it is not due, or while another attempt may be running.
 */
export async function claimOptOutFile(env: Env, source: string, now: number): Promise<OptOutFileRow | null> {
  const [row] = await database(env)
    .update(optOutFiles)
    .set({ nextAt: now + LEASE, attempts: sql`${optOutFiles.attempts} + 1`, failure: null })
    .where(and(eq(optOutFiles.source, source), lte(optOutFiles.nextAt, now)))
    .returning()
  return row ?? null
}

/** Forgets the file of a source that no longer has one. */
export async function forgetOptOutFile(env: Env, source: string): Promise<void> {
  await database(env).delete(optOutFiles).where(eq(optOutFiles.source, source))
}

/** What becomes of a status: of a contact, by its place in the order of changes. */
export interface Outcome {
  contact: number
  seq: number
  writeBack: Exclude<WriteBackState, 'pending' | 'given_up'> | 'superseded'
}

/**
 * Ends an attempt that succeeded. `file` is as it was written or found, and `outcomes` are the statuses that change; with
 * `more` there are further ones for another attempt. A
 * status that was set again in the meantime stays as it is, and so does everything if the attempt counts as lost.
 */
export async function endOptOutFile(
  env: Env,
  claimed: OptOutFileRow,
  file: Pick<OptOutFileRow, 'url' | 'sha256' | 'writtenAt' | 'seq'>,
  { outcomes, more }: { outcomes: readonly Outcome[]; more: boolean },
  now: number,
): Promise<void> {
  const { source, asks } = claimed
  await write(
    env,
    [
      claims(claimed),
      named(
        `UPDATE opt_out_file SET next_at = iif(asks = :asks AND NOT :more, NULL, :now), asked_at = iif(asks = :asks AND NOT :more, NULL, :now),
            attempts = 0, failure = NULL, url = :url, sha256 = :sha256, written_at = :writtenAt, seq = :seq
          WHERE source = :source`,
        { source, asks, more, now, ...file },
      ),
      named(
        `UPDATE sms_change SET write_back = j.state, next_at = NULL, failure = NULL,
            sent_at = iif(j.state = 'sent', :now, sent_at)
          FROM (SELECT value->>'contact' AS contact, value->>'seq' AS seq, value->>'writeBack' AS state
            FROM json_each(:outcomes)) j
          WHERE sms_change.contact = j.contact AND sms_change.seq = j.seq
            AND sms_change.write_back IN ('pending', 'sent', 'given_up') AND (j.state = 'superseded' OR j.seq = (
              SELECT max(n.seq) FROM sms_change n WHERE n.contact = j.contact AND n.write_back IS NOT NULL))`,
        { outcomes: JSON.stringify(outcomes), now },
      ),
    ],
    'guard',
  )
}

/**
 * Postpones an attempt that failed. After a day without success there is none until the next request, unless a status is
 * still to be sent: each is tried for a day. `failure` is null, with a code for the statuses, if nothing was tried.
 */
export async function postponeOptOutFile(
  env: Env,
  claimed: OptOutFileRow,
  code: string,
  failure: OptOutFileRow['failure'],
  now: number,
): Promise<void> {
  const { source, attempts } = claimed
  const goesOn = `(asked_at > :now - ${RETRIED_FOR} OR EXISTS (
    SELECT 1 FROM sms_change WHERE source = :source AND ${PENDING}))`
  await write(
    env,
    [
      claims(claimed),
      named(
        `UPDATE sms_change SET failure = :code
          WHERE source = :source AND ${PENDING} AND failure IS NOT :code`,
        { source, code },
      ),
      named(
        `UPDATE opt_out_file SET failure = :failure, next_at = iif(${goesOn}, :next, NULL),
            attempts = iif(${goesOn}, attempts, 0), asked_at = iif(${goesOn}, asked_at, NULL) WHERE source = :source`,
        { source, failure: failure && JSON.stringify(failure), now, next: now + pauseAfter(attempts) },
      ),
    ],
    'guard',
  )
}

/** Returns the statement that fails its batch if the attempt counts as lost, so that another one may be running. */
function claims({ source, nextAt }: OptOutFileRow): Statement {
  return guard('EXISTS (SELECT 1 FROM opt_out_file WHERE source = :source AND next_at = :nextAt)', { source, nextAt })
}

/**
 * A status that was set here, and whose way to its source has not ended. `id` and `current` are the
 * contact's own ID and status. `newest`: no newer status is
 * on its way. `here`: the contact is one of the source's.
 */
export interface OpenWriteBack {
  contact: number
  seq: number
  status: string
  writeBack: 'pending' | 'sent' | 'given_up'
  id: string
  current: string
  newest: 0 | 1
  here: 0 | 1
}

/** Returns the statuses of a source's contacts whose way to the source has not ended, the oldest first, up to a limit. */
export async function openWriteBacks(env: Env, source: string): Promise<{ open: OpenWriteBack[]; more: boolean }> {
  const ofStates = (states: string) =>
    `SELECT contact, seq, status, write_back, source FROM sms_change WHERE source = :source AND ${states}`
  const found = await all<OpenWriteBack>(
    env,
    named(
      `SELECT s.contact, s.seq, s.status, s.write_back AS writeBack, c.id, c.sms_status AS current,
          s.seq = (SELECT max(n.seq) FROM sms_change n WHERE n.contact = s.contact AND n.write_back IS NOT NULL) AS newest,
          c.source = s.source AND c.removed_at IS NULL AS here
        FROM (${ofStates(`write_back IN ('pending', 'sent')`)} UNION ALL ${ofStates(`write_back = 'given_up'`)}) s
          JOIN contact c ON c.key = s.contact
        ORDER BY s.seq LIMIT ${MOST_OPEN}`,
      { source },
    ),
  )
  return { open: found, more: found.length === MOST_OPEN }
}
