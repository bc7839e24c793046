import { groupKey } from '../core/contact.ts'
import { written } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { listContacts } from './contacts.ts'
import { writeChanges } from './writing.ts'

/** How many contacts the group `g` has, as SQL. */
export const MEMBERS = `(SELECT count(*) FROM contact_search WHERE contact_search MATCH '"#' || g.id || '"')`

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
        ${MEMBERS} AS contacts FROM grouping g WHERE g.key > ?1)
      WHERE contacts > 0 OR (made_by_hand = 1 AND ?2 = 0) ORDER BY key LIMIT ?3`,
  )
    .bind(after, remote ? 1 : 0, limit)
    .all<GroupRow & { contacts: number }>()
  return results
}

export async function findGroup(env: Env, id: string): Promise<GroupRow | null> {
  return env.DB.prepare('SELECT id, key, name FROM grouping WHERE id = ?1').bind(Number(id)).first<GroupRow>()
}

/** Makes a group by hand; one that a source left behind, empty, is taken up. Null when the name is taken. */
export async function makeGroup(env: Env, key: string, name: string): Promise<GroupRow | null> {
  return env.DB.prepare(
    `INSERT INTO grouping (key, name, made_by_hand) VALUES (?1, ?2, 1)
      ON CONFLICT (key) DO UPDATE SET name = excluded.name, made_by_hand = 1
        WHERE made_by_hand = 0 AND ${MEMBERS.replace('g.id', 'grouping.id')} = 0
      RETURNING id, key, name`,
  )
    .bind(key, name)
    .first<GroupRow>()
}

/** Renames a group; its contacts keep it. False when another group has the name. */
export async function renameGroup(env: Env, by: string, group: GroupRow, name: string): Promise<boolean> {
  const key = groupKey(name)
  const taken =
    key === group.key ? null : await env.DB.prepare('SELECT 1 FROM grouping WHERE key = ?1').bind(key).first()
  if (taken !== null) return false
  const rename = env.DB.prepare('UPDATE grouping SET key = ?2, name = ?3 WHERE id = ?1').bind(group.id, key, name)
  await rewriteMembers(env, by, group, rename, (groups) =>
    [...groups.filter((other) => other !== group.key), key].sort(),
  )
  return true
}

/** Deletes a group; its contacts stay. The row stays too, so that the group comes back under the same ID. */
export async function deleteGroup(env: Env, by: string, group: GroupRow): Promise<void> {
  const forget = env.DB.prepare('UPDATE grouping SET made_by_hand = 0 WHERE id = ?1').bind(group.id)
  await rewriteMembers(env, by, group, forget, (groups) => groups.filter((other) => other !== group.key))
}

/** Changes the groups of all members, and the group itself, in one transaction. */
async function rewriteMembers(
  env: Env,
  by: string,
  group: GroupRow,
  first: D1PreparedStatement,
  edit: (groups: string[]) => string[],
): Promise<void> {
  const ids = await groupIds(env)
  const statements = [first, env.DB.prepare(`UPDATE counter SET value = value + 1 WHERE name = 'hand'`)]
  for (let after = 0; ; ) {
    const page = await listContacts(env, { group: String(group.id) }, after, MEMBERS_AT_ONCE)
    const changes = page.map(({ key, id, details }) => {
      const groups = edit(details.groups)
      for (const name of groups) if (!ids.has(name)) ids.set(name, group.id)
      const after = { ...details, groups }
      return written({ op: 'update', key, id, before: details, after, changed: ['groups'], rows: [] })
    })
    if (changes.length > 0)
      statements.push(...writeChanges(env, { run: null, by, source: null }, changes, ids, Date.now()))
    const last = page.at(-1)
    if (last === undefined || page.length < MEMBERS_AT_ONCE) break
    after = last.key
  }
  await env.DB.batch(statements)
}

const MEMBERS_AT_ONCE = 1000
