import { pathOf } from '../core/attributes.ts'
import { CHANNEL_NUMBERS, type Channel } from '../core/channels.ts'
import {
  type ContactNumber,
  NUMBER_EXTENSION_PATH,
  NUMBER_PATH,
  NUMBER_TYPE_PATH,
  PRIORITIES,
  type Priority,
  readContactNumber,
} from '../core/contact.ts'
import { membersQuery } from '../core/search.ts'
import type { Env } from '../env.ts'
import type { ContactRow } from './contacts.ts'
import { all, named, whole } from './database.ts'
import type { GroupRow } from './groups.ts'

/** A contact of a group that has a number or address. */
interface Holder extends Pick<ContactRow, 'key' | 'id'> {
  name: string
}

/** A number or address that a message reaches, with the contact that has it at the best place in the order. */
export interface Recipient extends Holder {
  priority: Priority
  number: ContactNumber | null
  email: string | null
  /** Every member of the group that has the number or address for the channel, in order. */
  contacts: Holder[]
  /** Notification order: rank by priority, then key, then place among the contact's numbers or addresses. */
  order: Order
}

type Order = [rank: number, key: number, place: number]

/** The condition, as SQL, that the number, or anybody in the directory who has it, has opted out. */
const IS_OUT = `(EXISTS (SELECT 1 FROM number_opt_out o WHERE o.number = w.value)
  OR EXISTS (SELECT 1 FROM contact_number h CROSS JOIN contact p ON p.key = h.contact
    WHERE h.number = w.value AND p.sms_status = 'opted_out'))`

/** How the numbers or addresses of a channel are read, as SQL. */
interface Reading {
  /** The priorities that are read one after the other; only undefined if the priority does not matter. */
  priorities: readonly (Priority | undefined)[]
  /** The rank of a contact: the place of its priority in `priorities`. */
  rank: (contact: string) => string
  /** The contacts `o` that have a value, whose entries it may be found in. */
  holders: (value: string) => string
  /** The place of the values in a contact's details. */
  path: string
  /** The compared value of an entry, its extension, and whether the channel uses it. */
  value: (entry: string) => string
  extension: (entry: string) => string
  isUsed: (entry: string) => string
}

/** The priority sets the order of calls and texts (seed: Notification Priority). */
const BY_PRIORITY: Pick<Reading, 'priorities' | 'rank'> = {
  priorities: PRIORITIES,
  rank: (contact) =>
    `CASE ${contact}.details->>'${pathOf('priority')}' WHEN 'high' THEN 0 WHEN 'low' THEN 2 ELSE 1 END`,
}
const BY_KEY: typeof BY_PRIORITY = { priorities: [undefined], rank: () => '0' }

function numbers(channel: keyof typeof CHANNEL_NUMBERS): Omit<Reading, keyof typeof BY_KEY> {
  const types = CHANNEL_NUMBERS[channel].map((type) => `'${type}'`).join(', ')
  return {
    holders: (value) => `contact_number h CROSS JOIN contact o ON o.key = h.contact AND h.number = ${value}`,
    path: pathOf('numbers'),
    value: (entry) => `${entry}.value->>'${NUMBER_PATH}'`,
    extension: (entry) => `${entry}.value->>'${NUMBER_EXTENSION_PATH}'`,
    isUsed: (entry) => `${entry}.value->>'${NUMBER_TYPE_PATH}' IN (${types})`,
  }
}

const READINGS: Record<Channel, Reading> = {
  sms: { ...BY_PRIORITY, ...numbers('sms') },
  voice: { ...BY_PRIORITY, ...numbers('voice') },
  pager: { ...BY_KEY, ...numbers('pager') },
  email: {
    ...BY_KEY,
    holders: (value) =>
      `contact_search h CROSS JOIN contact o ON o.key = h.rowid AND h.contact_search MATCH '"#email' || hex(${value}) || '"'`,
    path: pathOf('emails'),
    value: (entry) => `lower(${entry}.value)`,
    extension: () => 'NULL',
    isUsed: (entry) => `${entry}.value IS NOT NULL`,
  },
}

/** The most numbers or addresses that one query reads. */
const MOST = 8000

/**
 * Lists the recipients of a message to a group in notification order after `after`: high priority first (seed:
 * Notification Priority sets the order of calls and texts), then the order of keys. Each number, with its extension, or
 * address is listed once, at its best place in the order, however many contacts have it (design: invariant 14). For
 * `sms`, a number is left out if it or anybody in the directory who has it has opted out.
 */
export async function recipients(
  env: Env,
  group: GroupRow,
  channel: Channel,
  after: readonly number[],
  limit: number,
): Promise<Recipient[]> {
  const reading = READINGS[channel]
  const { priorities } = reading
  let [rank = 0, key = 0, place = -1] = after
  const found: Walked[] = []
  let size = limit
  while (rank < priorities.length && found.length < limit) {
    const values = { members: membersQuery(group.id, priorities[rank]), group: group.key, key, place, size }
    const rows = await all<Omit<Walked, 'rank'>>(env, named(walking(reading, channel === 'sms'), values))
    for (const row of rows) if (row.listed === 1) found.push({ ...row, rank })
    const last = rows.at(-1)
    if (last === undefined || rows.length < size) [rank, key, place] = [rank + 1, 0, -1]
    else {
      ;[key, place] = [last.key, last.place]
      // Many numbers in a row may be out, or those of contacts before.
      size = Math.min(size * 2, MOST)
    }
  }
  const listed = found.slice(0, limit)
  const contacts = await holders(env, group, reading, listed)
  return listed.map((row, at) => ({
    key: row.key,
    id: row.id,
    name: row.name,
    priority: row.priority,
    number: channel === 'email' ? null : readContactNumber(row.entry),
    email: channel === 'email' ? row.entry : null,
    contacts: contacts[at] ?? [],
    order: [row.rank, row.key, row.place],
  }))
}

/** A number or address of a member. `listed`: 1 if this is its best place in the order, and it is not out. */
interface Walked extends Pick<Recipient, 'key' | 'id' | 'name' | 'priority'> {
  rank: number
  place: number
  entry: string
  value: string
  extension: string | null
  listed: number
}

/**
 * Returns the query for numbers or addresses of members, in the order of keys and places. Of a number that several of
 * these members have, only the first is looked up, so that the work does not grow with the square of their number.
 * `json_each` gives the entries of a contact in order; a second term of ORDER BY would sort the whole group.
 */
function walking({ holders, path, value, extension, isUsed, rank }: Reading, sms: boolean): string {
  return `WITH walked AS MATERIALIZED (
      SELECT c.key, c.id, c.details->>'${pathOf('name')}' AS name, coalesce(c.details->>'${pathOf('priority')}', 'normal') AS priority,
        ${rank('c')} AS rank, t.key AS place, t.value AS entry, ${value('t')} AS value, ${extension('t')} AS extension
      FROM contact_search s CROSS JOIN contact c ON c.key = s.rowid CROSS JOIN json_each(c.details, '${path}') t
      WHERE s.contact_search MATCH :members AND s.rowid >= ${whole(':key')} AND (s.rowid > :key OR t.key > :place) AND ${isUsed('t')}
      ORDER BY s.rowid LIMIT :size),
    numbered AS (SELECT *, row_number() OVER (PARTITION BY value, extension ORDER BY key, place) AS nth FROM walked)
    SELECT w.key, id, name, priority, place, entry, value, extension,
      iif(nth = 1 AND NOT EXISTS (
        SELECT 1 FROM ${holders('w.value')} CROSS JOIN json_each(o.details, '${path}') u
          WHERE (${rank('o')}, o.key) <= (w.rank, w.key) AND ${value('u')} = w.value
            AND ${extension('u')} IS w.extension AND ${isUsed('u')} AND (${rank('o')}, o.key, u.key) < (w.rank, w.key, w.place)
            AND ${IS_MEMBER}) ${sms ? `AND NOT ${IS_OUT}` : ''}, 1, 0) AS listed
    FROM numbered w ORDER BY w.key, place`
}

const IS_MEMBER = `EXISTS (SELECT 1 FROM json_each(o.details, '${pathOf('groups')}') g WHERE g.value = :group)`

/** Returns for each number or address the members of the group that have it for the channel, in notification order. */
async function holders(
  env: Env,
  group: GroupRow,
  { holders: having, path, value, extension, isUsed, rank }: Reading,
  listed: readonly Walked[],
): Promise<Holder[][]> {
  const found = listed.map((): Holder[] => [])
  const rows = await all<Holder & { at: number; rank: number }>(
    env,
    named(
      `SELECT j.key AS at, o.key, o.id, o.details->>'${pathOf('name')}' AS name, ${rank('o')} AS rank
        FROM json_each(:listed) j CROSS JOIN ${having('j.value->>0')}
        WHERE EXISTS (SELECT 1 FROM json_each(o.details, '${path}') u WHERE ${value('u')} = j.value->>0
          AND ${extension('u')} IS j.value->>1 AND ${isUsed('u')}) AND ${IS_MEMBER}
        ORDER BY j.key, rank, o.key`,
      { listed: JSON.stringify(listed.map((row) => [row.value, row.extension])), group: group.key },
    ),
  )
  for (const { at, key, id, name } of rows) found[at]?.push({ key, id, name })
  return found
}
