import type { Page, RecipientView } from '../api/views.ts'
import { type ContactNumber, groupKey, type Priority } from '../core/contact.ts'
import type { Env } from '../env.ts'

/** The ID of every group, by group key. */
export async function groupIds(env: Env): Promise<Map<string, number>> {
  const { results } = await env.DB.prepare('SELECT key, id FROM grouping').all<{ key: string; id: number }>()
  return new Map(results.map(({ key, id }) => [key, id]))
}

/** The name of every group, by group key. */
export async function groupNames(env: Env): Promise<Map<string, string>> {
  const { results } = await env.DB.prepare('SELECT key, name FROM grouping').all<{ key: string; name: string }>()
  return new Map(results.map(({ key, name }) => [key, name]))
}

export interface GroupRow {
  id: number
  key: string
  name: string
}

/**
 * Groups in the order of their keys, with how many contacts each has. An empty group shows only while groups are
 * managed here and it was made by hand.
 */
export async function listGroups(
  env: Env,
  remote: boolean,
  after: string,
  limit: number,
): Promise<(GroupRow & { contacts: number })[]> {
  const { results } = await env.DB.prepare(
    `SELECT * FROM (SELECT g.id, g.key, g.name, g.made_by_hand,
        (SELECT count(*) FROM membership m WHERE m.grouping = g.id) AS contacts FROM grouping g WHERE g.key > ?1)
      WHERE contacts > 0 OR (made_by_hand = 1 AND ?2 = 0) ORDER BY key LIMIT ?3`,
  )
    .bind(after, remote ? 1 : 0, limit)
    .all<GroupRow & { contacts: number }>()
  return results
}

export async function findGroup(env: Env, id: string): Promise<GroupRow | null> {
  return env.DB.prepare('SELECT id, key, name FROM grouping WHERE id = ?1').bind(Number(id)).first<GroupRow>()
}

/** Makes a group by hand; an empty one that a source left behind is taken up. Null when the name is taken. */
export async function makeGroup(env: Env, key: string, name: string): Promise<GroupRow | null> {
  return env.DB.prepare(
    `INSERT INTO grouping (key, name, made_by_hand) VALUES (?1, ?2, 1)
      ON CONFLICT (key) DO UPDATE SET name = excluded.name, made_by_hand = 1
        WHERE made_by_hand = 0 AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.grouping = grouping.id)
      RETURNING id, key, name`,
  )
    .bind(key, name)
    .first<GroupRow>()
}

const memberOf = 'key IN (SELECT contact FROM membership WHERE grouping = ?1)'
const touched = `seq = (SELECT value FROM counter WHERE name = 'seq') + (
  SELECT count(*) FROM membership m WHERE m.grouping = ?1 AND m.contact <= contact.key)`

/** Renames a group; its contacts keep it. False when another group has the name. */
export async function renameGroup(env: Env, group: GroupRow, name: string): Promise<boolean> {
  const key = groupKey(name)
  if (key !== group.key && (await env.DB.prepare('SELECT 1 FROM grouping WHERE key = ?1').bind(key).first()) !== null)
    return false
  await env.DB.batch([
    env.DB.prepare('UPDATE grouping SET key = ?2, name = ?3 WHERE id = ?1').bind(group.id, key, name),
    env.DB.prepare(
      `UPDATE contact SET ${touched}, run = NULL, details = json_set(details, '$.groups', json((SELECT json_group_array(name) FROM (
          SELECT iif(value = ?2, ?3, value) AS name FROM json_each(details, '$.groups') ORDER BY 1))))
        WHERE ${memberOf}`,
    ).bind(group.id, group.key, key),
    ...afterTouching(env, group.id),
  ])
  return true
}

/** Deletes a group; its contacts stay. The row stays too, so that the group comes back under the same ID. */
export async function deleteGroup(env: Env, group: GroupRow): Promise<void> {
  await env.DB.batch([
    env.DB.prepare('UPDATE grouping SET made_by_hand = 0 WHERE id = ?1').bind(group.id),
    env.DB.prepare(
      `UPDATE contact SET ${touched}, run = NULL, details = json_set(details, '$.groups', json((
          SELECT json_group_array(value) FROM json_each(details, '$.groups') WHERE value <> ?2)))
        WHERE ${memberOf}`,
    ).bind(group.id, group.key),
    ...afterTouching(env, group.id),
    env.DB.prepare('DELETE FROM membership WHERE grouping = ?1').bind(group.id),
  ])
}

function afterTouching(env: Env, group: number): D1PreparedStatement[] {
  return [
    env.DB.prepare(
      `UPDATE counter SET value = value + (SELECT count(*) FROM membership WHERE grouping = ?1) WHERE name = 'seq'`,
    ).bind(group),
    env.DB.prepare(`UPDATE counter SET value = value + 1 WHERE name = 'hand'`),
  ]
}

const CHANNELS = { sms: ['mobile'], voice: ['mobile', 'landline'], pager: ['pager'] } as const

/**
 * Whom a message to a group reaches, a number or address each, in notification order: high priority first, then the
 * order of keys. Who has opted out is left out of `sms`.
 */
export async function recipients(
  env: Env,
  group: number,
  channel: 'sms' | 'voice' | 'pager' | 'email',
  cursor: string,
  limit: number,
): Promise<Page<RecipientView>> {
  const ordered = channel === 'sms' || channel === 'voice'
  const list = channel === 'email' ? '$.emails' : '$.numbers'
  const kind =
    channel === 'email' ? '' : `AND t.value->>'type' IN (${CHANNELS[channel].map((type) => `'${type}'`).join(', ')})`
  const rank = ordered ? `CASE c.details->>'priority' WHEN 'high' THEN 0 WHEN 'low' THEN 2 ELSE 1 END` : '0'
  const [rankAfter, keyAfter, placeAfter] = cursor === '' ? [-1, 0, 0] : cursor.split('.').map(Number)
  const { results } = await env.DB.prepare(
    `SELECT * FROM (
        SELECT c.key, c.id, c.details->>'name' AS name, c.details->>'priority' AS priority, ${rank} AS rank, t.key AS place, t.value AS target
        FROM membership m JOIN contact c ON c.key = m.contact, json_each(c.details, '${list}') t
        WHERE m.grouping = ?1 ${kind} ${channel === 'sms' ? `AND c.sms_status <> 'opted_out'` : ''})
      WHERE (rank, key, place) > (?2, ?3, ?4) ORDER BY rank, key, place LIMIT ?5`,
  )
    .bind(group, rankAfter ?? -1, keyAfter ?? 0, placeAfter ?? 0, limit)
    .all<{ key: number; id: string; name: string; priority: Priority; rank: number; place: number; target: string }>()
  const last = results.at(-1)
  return {
    items: results.map(({ key, id, name, priority, target }) => {
      const number: ContactNumber | null = channel === 'email' ? null : JSON.parse(target)
      return {
        key: String(key),
        id,
        name,
        number: number?.number ?? null,
        type: number?.type ?? null,
        extension: number?.extension ?? null,
        email: channel === 'email' ? target : null,
        priority,
      }
    }),
    next: last !== undefined && results.length === limit ? `${last.rank}.${last.key}.${last.place}` : null,
  }
}
