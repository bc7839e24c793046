import { pathOf } from '../core/attributes.ts'
import { type ContactNumber, NUMBER_PATH, NUMBER_TYPE_PATH, type Priority, readContactNumber } from '../core/contact.ts'
import { membersQuery } from '../core/search.ts'
import type { Env } from '../env.ts'
import type { ContactRow } from './contacts.ts'
import { all, named } from './database.ts'

export type Channel = 'sms' | 'voice' | 'pager' | 'email'

/** A contact that a message reaches at one number or address, with its place in the order. */
export interface Recipient extends Pick<ContactRow, 'key' | 'id'> {
  name: string
  priority: Priority
  number: ContactNumber | null
  email: string | null
  /** Notification order: rank by priority, then key, then place among the contact's numbers. */
  order: [rank: number, key: number, place: number]
}

const TYPES = { sms: ['mobile'], voice: ['mobile', 'landline'], pager: ['pager'] } as const

/** The condition, as SQL, that neither the number nor anybody in the directory who has it has opted out. */
const NOT_OPTED_OUT = `AND NOT EXISTS (SELECT 1 FROM number_opt_out o WHERE o.number = t.value->>'${NUMBER_PATH}')
  AND NOT EXISTS (
    SELECT 1 FROM contact_number h CROSS JOIN contact other ON other.key = h.contact
      WHERE h.number = t.value->>'${NUMBER_PATH}' AND other.sms_status = 'opted_out')`

/**
 * Lists the recipients of a message to a group, one for each number or address, in notification order after `after`:
 * high priority first (seed: Notification Priority sets the order of calls and texts), then the order of keys. For
 * `sms`, contacts and numbers that have opted out are left out.
 */
export async function recipients(
  env: Env,
  group: number,
  channel: Channel,
  after: readonly number[],
  limit: number,
): Promise<Recipient[]> {
  const ordered = channel === 'sms' || channel === 'voice'
  const rank = ordered
    ? `CASE c.details->>'${pathOf('priority')}' WHEN 'high' THEN 0 WHEN 'low' THEN 2 ELSE 1 END`
    : '0'
  const list = channel === 'email' ? pathOf('emails') : pathOf('numbers')
  const types = channel === 'email' ? '' : `AND t.value->>'${NUMBER_TYPE_PATH}' IN ('${TYPES[channel].join("', '")}')`
  const optedOut = channel === 'sms' ? NOT_OPTED_OUT : ''
  const [rankAfter = -1, keyAfter = 0, placeAfter = 0] = after
  const found = await all<
    Pick<Recipient, 'key' | 'id' | 'name' | 'priority'> & { rank: number; place: number; target: string }
  >(
    env,
    named(
      `SELECT * FROM (
          SELECT c.key, c.id, c.details->>'${pathOf('name')}' AS name, coalesce(c.details->>'${pathOf('priority')}', 'normal') AS priority,
            ${rank} AS rank, t.key AS place, t.value AS target
          FROM contact_search s JOIN contact c ON c.key = s.rowid, json_each(c.details, '${list}') t
          WHERE s.contact_search MATCH :members ${types} ${optedOut})
        WHERE (rank, key, place) > (:rankAfter, :keyAfter, :placeAfter) ORDER BY rank, key, place LIMIT :limit`,
      { members: membersQuery(group), rankAfter, keyAfter, placeAfter, limit },
    ),
  )
  return found.map(({ key, id, name, priority, rank: at, place, target }) => ({
    key,
    id,
    name,
    priority,
    number: channel === 'email' ? null : readContactNumber(target),
    email: channel === 'email' ? target : null,
    order: [at, key, place],
  }))
}
