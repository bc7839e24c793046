import type { SmsStatus } from '../core/contact.ts'
import type { Env } from '../env.ts'
import type { WriteBackState } from './schema.ts'

/** A status that a contact was given. */
export interface LedgerRow {
  seq: number
  status: SmsStatus
  who: string | null
  at: number
  run: string | null
  reason: string | null
  write_back: WriteBackState | 'superseded' | null
  failure: string | null
}

/** A contact's ledger, newest first, before the place `before` in the order of changes; 0 for the newest. */
export async function listLedger(env: Env, contact: number, before: number, limit: number): Promise<LedgerRow[]> {
  const { results } = await env.DB.prepare(
    `SELECT seq, status, who, at, run, reason, write_back, failure FROM sms_change
      WHERE contact = ?1 AND (?2 = 0 OR seq < ?2) ORDER BY seq DESC LIMIT ?3`,
  )
    .bind(contact, before, limit)
    .all<LedgerRow>()
  return results
}

/** A contact whose SMS status was set here and not by its source, with one of its mobile numbers or none. */
export interface SetHere {
  key: number
  id: string
  name: string
  number: string | null
  status: SmsStatus
  at: number
}

/** A source's contacts whose SMS status was set here, a row a mobile number, after the contact with the key `after`. */
export async function listSetHere(env: Env, source: string, after: number, contacts: number): Promise<SetHere[]> {
  const { results } = await env.DB.prepare(
    `SELECT c.key, c.id, c.details->>'$[0]' AS name, t.value->>'$[0]' AS number, c.sms_status AS status, c.sms_at AS at
      FROM (SELECT * FROM contact WHERE sms_status <> 'unknown' AND source = ?1 AND removed_at IS NULL
          AND sms_by IS NOT 'source' AND key > ?2 ORDER BY key LIMIT ?3) c
        LEFT JOIN json_each(c.details, '$[1]') t ON t.value->>'$[1]' = 'mobile'
      ORDER BY c.key, t.key`,
  )
    .bind(source, after, contacts)
    .all<SetHere>()
  return results
}
