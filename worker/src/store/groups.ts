import { eq } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { type ContactDetails, groupKey } from '../core/contact.ts'
import { written } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { listContacts } from './contact-lists.ts'
import { ContactQuery, type ListedContacts, type Place } from './contact-query.ts'
import { raise } from './counters.ts'
import { all, database, first, named, type Statement, statement, write } from './database.ts'
import { writeChanges } from './writing.ts'

/** Groups. An empty group keeps its row, and so its ID. */
export const groups = sqliteTable('grouping', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** The name, normalised for comparison with other groups. */
  key: text('key').notNull(),
  name: text('name').notNull(),
  manual: integer('manual', { mode: 'boolean' }).notNull().default(false),
})

const COLUMNS = { id: groups.id, key: groups.key, name: groups.name }
export type GroupRow = Pick<typeof groups.$inferSelect, keyof typeof COLUMNS>

/** Returns, as SQL, the number of contacts in the group with the ID in the column `id`. */
const membersOf = (id: string) =>
  `(SELECT count(*) FROM contact_search WHERE contact_search MATCH '"#' || ${id} || '"')`

/** Returns the ID of every group, by group key. */
export async function groupIds(env: Env): Promise<Map<string, number>> {
  const rows = await database(env).select(COLUMNS).from(groups)
  return new Map(rows.map(({ key, id }) => [key, id]))
}

/** Returns the names of the groups of contacts, by group key. */
export async function groupNamesOf(
  env: Env,
  contacts: readonly { details: Pick<ContactDetails, 'groups'> }[],
): Promise<Map<string, string>> {
  const keys = [...new Set(contacts.flatMap(({ details }) => details.groups))]
  return new Map((await groupsByKeys(env, keys)).map(({ key, name }) => [key, name]))
}

/** Returns the groups with these keys. */
export function groupsByKeys(env: Env, keys: readonly string[]): Promise<GroupRow[]> {
  if (keys.length === 0) return Promise.resolve([])
  return all(
    env,
    named('SELECT g.id, g.key, g.name FROM json_each(:keys) j CROSS JOIN grouping g ON g.key = j.value', {
      keys: JSON.stringify(keys),
    }),
  )
}

/** Returns the groups with these keys in their order, and how many contacts each has, which reads the index for each contact. */
export function groupSizes(env: Env, keys: readonly string[]): Promise<(GroupRow & { members: number })[]> {
  if (keys.length === 0) return Promise.resolve([])
  return all(
    env,
    named(
      `SELECT g.id, g.key, g.name, ${membersOf('g.id')} AS members FROM json_each(:keys) j CROSS JOIN grouping g ON g.key = j.value
        ORDER BY g.key`,
      { keys: JSON.stringify(keys) },
    ),
  )
}

/** Returns the name of every group, by group key. */
export async function groupNames(env: Env): Promise<Map<string, string>> {
  const rows = await database(env).select(COLUMNS).from(groups)
  return new Map(rows.map(({ key, name }) => [key, name]))
}

/** Compares group keys as people sort names: “Élan” before “Swiftwater”, and “Team 2” before “Team 10”. */
const byName = new Intl.Collator('en', { numeric: true }).compare
const compareKeys = (one: string, other: string) => byName(one, other) || (one < other ? -1 : Number(one > other))

/**
 * Lists groups by name, each with its number of contacts, after the one with the key `after`. An empty group is listed only
 * while groups are managed here and only if it was created manually.
 */
export async function listGroups(
  env: Env,
  remote: boolean,
  after: string,
  limit: number,
): Promise<(GroupRow & { contacts: number })[]> {
  // SQLite compares bytes, so the order is made here, of all groups.
  const rows = await all<GroupRow & { contacts: number }>(
    env,
    named(
      `SELECT g.id, g.key, g.name, coalesce(w.doc, 0) AS contacts
        FROM grouping g LEFT JOIN contact_word w ON w.term = '#' || g.id
        WHERE w.doc IS NOT NULL OR (g.manual = 1 AND NOT :remote)`,
      { remote },
    ),
  )
  return rows
    .filter(({ key }) => after === '' || compareKeys(key, after) > 0)
    .sort((one, other) => compareKeys(one.key, other.key))
    .slice(0, limit)
}

export async function findGroup(env: Env, id: string): Promise<GroupRow | null> {
  if (!/^\d{1,15}$/.test(id)) return null
  const [row] = await database(env)
    .select(COLUMNS)
    .from(groups)
    .where(eq(groups.id, Number(id)))
  return row ?? null
}

/** Creates a group manually, or takes over an empty one that a source left. Returns null if the name is taken. */
export function makeGroup(env: Env, key: string, name: string): Promise<GroupRow | null> {
  return first(
    env,
    named(
      `INSERT INTO grouping (key, name, manual) VALUES (:key, :name, 1)
        ON CONFLICT (key) DO UPDATE SET name = excluded.name, manual = 1
          WHERE manual = 0 AND ${membersOf('grouping.id')} = 0
        RETURNING id, key, name`,
      { key, name },
    ),
  )
}

/** Returns the statement that creates groups with the names, by group key, unless they exist. */
export function addingGroups(names: Record<string, string>, manual: boolean): Statement {
  return named(
    `INSERT INTO grouping (key, name, manual) SELECT key, value, :manual FROM json_each(:names) WHERE true
      ON CONFLICT DO NOTHING`,
    { names: JSON.stringify(names), manual },
  )
}

/** Renames a group; its contacts stay in it. Returns false if another group has the name. */
export async function renameGroup(env: Env, by: string, group: GroupRow, name: string): Promise<boolean> {
  const key = groupKey(name)
  const db = database(env)
  const [same] = await db.select(COLUMNS).from(groups).where(eq(groups.key, key))
  if (same !== undefined && same.id !== group.id) return false
  const rename = db.update(groups).set({ key, name }).where(eq(groups.id, group.id))
  await rewriteMembers(env, by, group, statement(rename), (members) =>
    [...members.filter((other) => other !== group.key), key].sort(),
  )
  return true
}

/** Deletes a group; its contacts stay. The row stays too, so that the group returns under the same ID. */
export async function deleteGroup(env: Env, by: string, group: GroupRow): Promise<void> {
  const forget = database(env).update(groups).set({ manual: false }).where(eq(groups.id, group.id))
  await rewriteMembers(env, by, group, statement(forget), (members) => members.filter((other) => other !== group.key))
}

/** Changes the groups of all members, and the group itself, in one transaction. */
async function rewriteMembers(
  env: Env,
  by: string,
  group: GroupRow,
  change: Statement,
  edit: (groups: string[]) => string[],
): Promise<void> {
  const ids = await groupIds(env)
  const statements = [change, raise('manual')]
  const query = await ContactQuery.of(env, { group: String(group.id) })
  for (let from: Place | null = null; ; ) {
    const page: ListedContacts = await listContacts(env, query, { from, limit: MEMBERS_AT_ONCE })
    const changes = page.rows.map(({ key, id, details }) => {
      const groups = edit(details.groups)
      for (const name of groups) if (!ids.has(name)) ids.set(name, group.id)
      const after = { ...details, groups }
      return written({ op: 'update', key, id, before: details, after, changed: ['groups'], rows: [] })
    })
    if (changes.length > 0) statements.push(...writeChanges({ run: null, by, source: null }, changes, ids, Date.now()))
    if (page.next === null) break
    from = page.next
  }
  await write(env, statements)
}

const MEMBERS_AT_ONCE = 1000
