import { pathOf } from '../core/attributes.ts'
import { NUMBER_PATH, NUMBER_TYPE_PATH } from '../core/contact.ts'
import type { Env } from '../env.ts'
import type { ContactRow } from './contacts.ts'
import { all, first, named, type Statement } from './database.ts'
import {
  type ContactDecision,
  DECIDED,
  decidingByPerson,
  decidingByText,
  holdersOf,
  type JointDecision,
  type TextDecision,
} from './deciding.ts'

/**
 * Returns whether the number, in E.164, has opted out by text and the opt-out was not lifted since. `hidden`: the hashed number,
 * under which the opt-out of a person is kept who was erased.
 */
export async function stoppedByText(env: Env, number: string, hidden: string): Promise<boolean> {
  const found = await first(
    env,
    named(
      `SELECT 1 FROM number_opt_out s CROSS JOIN decision d ON d.id = s.decision
        WHERE s.number IN (:number, :hidden) AND d.how = 'text' AND d.number = s.number`,
      { number, hidden },
    ),
  )
  return found !== null
}

/**
 * Returns the statements that record a decision made here and let the statuses follow, with those to send to their sources,
 * for one `write`. They make no plan stale. `telling`: the sources that accept write-backs. They are sent the statuses of the
 * contacts that the decision is about, and of nobody who only shares another number with them: in a source's column the status
 * would count for the whole contact, and would stay when the number goes.
 */
export function decidingHere(decision: TextDecision | JointDecision, telling: readonly string[]): Statement[] {
  const isText = 'number' in decision
  const { sql, values } = isText ? holdersOf(decision.number) : DECIDED
  const { status, at: now } = decision
  const reason = isText ? null : decision.reason
  return [
    ...(isText ? decidingByText(decision) : decidingByPerson(decision)),
    named(
      `UPDATE sms_change SET reason = :reason, source = c.source,
          write_back = iif(c.source IN (SELECT value FROM json_each(:telling)), 'pending', NULL), next_at = :now
        FROM contact c WHERE c.key = sms_change.contact AND c.seq = sms_change.seq AND c.sms_status = :status
          AND sms_change.at = :now AND c.key IN (${sql})`,
      { ...values, reason, telling: JSON.stringify(telling), now, status },
    ),
    // A newer status that says the same and is not to be sent, such as one that is recorded late, leaves the older one to be sent.
    named(
      `UPDATE sms_change SET write_back = 'superseded' WHERE write_back = 'pending' AND contact IN (${sql}) AND EXISTS (
        SELECT 1 FROM sms_change newer WHERE newer.contact = sms_change.contact AND newer.seq > sms_change.seq
          AND (newer.write_back IS NOT NULL OR newer.status <> sms_change.status))`,
      values,
    ),
  ]
}

/** A contact that a decision is to be about. */
interface Decidable extends Pick<ContactRow, 'key' | 'source' | 'id' | 'details'> {
  /** Whether it has the status already, by a decision about it that a person or a system made here. */
  decided: boolean
}

/** Returns those of the contacts that are in the directory. */
export async function decidableContacts(
  env: Env,
  keys: readonly number[],
  status: ContactDecision['status'],
): Promise<Decidable[]> {
  const here = (decision: string) =>
    `EXISTS (SELECT 1 FROM decision d WHERE d.id = ${decision} AND d.how IN ('person', 'system'))`
  const rows = await all<Omit<Decidable, 'decided'> & { decided: number }>(
    env,
    named(
      `SELECT c.key, c.source, c.id, c.details, c.sms_status = :status AND iif(:status = 'opted_in', ${here('c.sms_in')},
          EXISTS (SELECT 1 FROM contact_opt_out o WHERE o.contact = c.key AND o.apart = 0 AND ${here('o.decision')})) AS decided
        FROM json_each(:keys) j CROSS JOIN contact c ON c.key = j.value AND c.removed_at IS NULL`,
      { keys: JSON.stringify(keys), status },
    ),
  )
  return rows.map((row) => ({ ...row, decided: row.decided === 1 }))
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
            AND EXISTS (SELECT 1 FROM decision d WHERE d.id = sms_decision AND d.how <> 'source')
            AND key > :after ORDER BY key LIMIT :contacts) c
          LEFT JOIN json_each(c.details, '${pathOf('numbers')}') t ON t.value->>'${NUMBER_TYPE_PATH}' = 'mobile'
        ORDER BY c.key, t.key`,
      { source, after, contacts },
    ),
  )
}
