import { pathOf } from '../core/attributes.ts'
import { CHANNEL_LACKS, type Channel, type UnreachedReason } from '../core/channels.ts'
import { membersQuery } from '../core/search.ts'
import type { Env } from '../env.ts'
import { REACH_WORDS, type Reach } from './contact-query.ts'
import { all, first, named, whole } from './database.ts'

/** How many members of a group a message can reach by each channel, and how many by none. */
export type GroupReach = Record<Reach, number>

/**
 * As SQL: a contact `s` of the search index has opted out. The plus sign keeps SQLite from asking the index once for each
 * opt-out, which is far slower than to look up each member in the list of opt-outs.
 */
const IS_OUT = `+s.rowid IN (SELECT key FROM contact WHERE sms_status = 'opted_out' AND sms_status <> 'unknown')`

/** Returns, as SQL, how many contacts the index finds by a query; and how many of them have not opted out, in the same pass. */
export const counting = (match: string) =>
  `(SELECT count(*) FROM contact_search s WHERE s.contact_search MATCH ${match})`
export const countingIn = (match: string) =>
  `(SELECT count(*) - coalesce(sum(${IS_OUT}), 0) FROM contact_search s WHERE s.contact_search MATCH ${match})`

/** Returns the index's query for the members of a group that have a number or address for a channel, or those that lack one. */
function having(group: number, reach: Reach): string {
  return `${membersQuery(group)} AND (${wordsOf(reach)})`
}
function lacking(group: number, channel: Channel): string {
  return `${membersQuery(group)} NOT (${wordsOf(channel)})`
}
/** Returns the index's query for the contacts that have a number or address for a channel. */
export function wordsOf(reach: Reach): string {
  return REACH_WORDS[reach].map((word) => `"${word}"`).join(' OR ')
}

/** Counts the members of a group that each channel reaches, from the search index. A contact that has opted out gets no text. */
export async function groupReach(env: Env, group: number): Promise<GroupReach & { contacts: number }> {
  const row = await first<GroupReach & { contacts: number }>(
    env,
    named(
      `SELECT ${counting(':members')} AS contacts, ${counting(':nobody')} AS nobody,
        ${countingIn(':sms')} AS sms,
        ${counting(':voice')} AS voice, ${counting(':pager')} AS pager, ${counting(':email')} AS email`,
      {
        members: membersQuery(group),
        nobody: having(group, 'nobody'),
        sms: having(group, 'sms'),
        voice: having(group, 'voice'),
        pager: having(group, 'pager'),
        email: having(group, 'email'),
      },
    ),
  )
  return row ?? { contacts: 0, nobody: 0, sms: 0, voice: 0, pager: 0, email: 0 }
}

/** A member of a group whom a channel does not reach. */
export interface Unreached {
  key: number
  name: string
  reasons: UnreachedReason[]
}

/** Lists the members of a group whom a channel does not reach, in the order of their keys, after the one with the key `after`. */
export async function unreached(
  env: Env,
  group: number,
  channel: Channel,
  after: number,
  limit: number,
): Promise<Unreached[]> {
  const members = (match: string, condition = '') =>
    all<Member>(
      env,
      named(
        `SELECT c.key, c.details->>'${pathOf('name')}' AS name, c.sms_status AS status
          FROM contact_search s CROSS JOIN contact c ON c.key = s.rowid
          WHERE s.contact_search MATCH :match AND s.rowid > ${whole(':after')} ${condition} ORDER BY s.rowid LIMIT ${whole(':limit')}`,
        { match, after, limit },
      ),
    )
  const isOut = ({ status }: Member) => channel === 'sms' && status === 'opted_out'
  const without = (await members(lacking(group, channel))).map((member): Unreached => {
    return { ...member, reasons: isOut(member) ? [CHANNEL_LACKS[channel], 'opted_out'] : [CHANNEL_LACKS[channel]] }
  })
  const out = channel === 'sms' ? await members(having(group, channel), `AND ${IS_OUT}`) : []
  return [...without, ...out.map((member): Unreached => ({ ...member, reasons: ['opted_out'] }))]
    .sort((one, other) => one.key - other.key)
    .slice(0, limit)
}

interface Member {
  key: number
  name: string
  status: string
}
