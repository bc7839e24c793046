import { eq, sql } from 'drizzle-orm'
import { factsOf, targetOf } from '../connections/facts.ts'
import type { ConnectionSettings } from '../connections/schema.ts'
import { type Fields, mappedFields } from '../core/field.ts'
import type { SourceSettings } from '../core/source.ts'
import type { Env } from '../env.ts'
import { hashToken } from '../security/passwords.ts'
import { open, seal } from '../security/secrets.ts'
import { database } from './database.ts'
import { guarded } from './guard.ts'
import { counters, type SourceRow, sources } from './schema.ts'

/** The version of the rules that read rows: raising it makes every source plan again. */
const RULES = 1

/** What a plan depends on besides the bytes, as one hash (design: settings). A field's label is no part of that. */
export function settingsHash(
  connection: ConnectionSettings,
  settings: SourceSettings,
  fields: Fields,
): Promise<string> {
  const { format, mapping, smsStatus, removal, covers } = settings
  const definitions = mappedFields(mapping, fields).map(({ key, type, list, required }) => [key, type, list, required])
  const target = targetOf(connection)
  return hashToken(JSON.stringify([RULES, ...target, format, mapping, smsStatus, removal, covers, definitions]))
}

/** A connection without its secrets, and those apart. */
export function withoutSecrets(connection: ConnectionSettings): {
  open: ConnectionSettings
  secrets: Record<string, string>
} {
  const secrets: Record<string, string> = {}
  const open: Record<string, unknown> = { ...connection }
  for (const field of factsOf(connection).secrets) {
    const value = open[field]
    if (typeof value === 'string') secrets[field] = value
    open[field] = null
  }
  return { open: open as ConnectionSettings, secrets }
}

/** The connection with its secrets, to fetch with. */
export async function openConnection(
  env: Env,
  source: Pick<SourceRow, 'id' | 'connection' | 'secrets'>,
): Promise<ConnectionSettings> {
  return Object.assign({}, source.connection, await secretsOf(env, source))
}

/** The secrets a source has, opened. */
export async function secretsOf(env: Env, source: Pick<SourceRow, 'id' | 'secrets'>): Promise<Record<string, string>> {
  return source.secrets === null ? {} : JSON.parse(await open(source.secrets, env.ENCRYPTION_KEY, source.id))
}

/** The secret fields as they are stored: encrypted and bound to the source; null for none. */
export async function sealSecrets(env: Env, sourceId: string, secrets: Record<string, string>): Promise<string | null> {
  return Object.keys(secrets).length === 0 ? null : seal(JSON.stringify(secrets), env.ENCRYPTION_KEY, sourceId)
}

export async function findSource(env: Env, id: string): Promise<SourceRow | null> {
  const [row] = await database(env.DB).select().from(sources).where(eq(sources.id, id))
  return row ?? null
}

/** The IDs of those of the sources that have not been deleted. */
export async function standingSources(env: Env, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const among = sql`${sources.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  const found = await database(env.DB).select({ id: sources.id }).from(sources).where(among)
  return new Set(found.map(({ id }) => id))
}

/** Sources in the order they were made. */
export async function listSources(env: Env, after: string, limit: number): Promise<SourceRow[]> {
  const [createdAt, id] = after.split('.')
  const from = after === '' ? undefined : sql`(${sources.createdAt}, ${sources.id}) > (${Number(createdAt)}, ${id})`
  return database(env.DB).select().from(sources).where(from).orderBy(sources.createdAt, sources.id).limit(limit)
}

/** `fieldsRevision`: that of the field definitions the settings were judged by. False where they have moved since. */
export async function insertSource(
  env: Env,
  row: typeof sources.$inferInsert,
  fieldsRevision: number,
): Promise<boolean> {
  const db = database(env.DB)
  return guarded(() => db.batch([fieldsStand(env, fieldsRevision), db.insert(sources).values(row)]))
}

/** NULL, which fails the batch, unless no field definition has moved. */
const fieldsStand = (env: Env, revision: number) =>
  database(env.DB)
    .update(counters)
    .set({ value: sql`iif(${counters.value} = ${revision}, ${counters.value}, null)` })
    .where(eq(counters.name, 'fields'))

/** As `insertSource`, for a change of a source's settings. */
export async function changeSource(
  env: Env,
  id: string,
  change: Partial<typeof sources.$inferInsert>,
  fieldsRevision: number,
): Promise<boolean> {
  const db = database(env.DB)
  return guarded(() =>
    db.batch([fieldsStand(env, fieldsRevision), db.update(sources).set(change).where(eq(sources.id, id))]),
  )
}

/** Changes what is no setting, such as the webhook's secret. */
export async function updateSource(env: Env, id: string, change: Partial<typeof sources.$inferInsert>): Promise<void> {
  await database(env.DB).update(sources).set(change).where(eq(sources.id, id))
}

/** Whether contacts and groups are read-only here (design: Who manages contacts). */
export async function managedRemotely(env: Env): Promise<boolean> {
  const [row] = await database(env.DB)
    .select({ id: sources.id })
    .from(sources)
    .where(eq(sources.enabled, true))
    .limit(1)
  return row !== undefined
}

/**
 * Deletes a source. Its contacts stay as hand-made ones (`keep`; those whose ID a hand-made contact has already stay
 * out), or are removed. Each gets its place in the order of changes.
 */
export async function deleteSource(env: Env, id: string, contacts: 'keep' | 'remove'): Promise<void> {
  const now = Date.now()
  const ordered = `(SELECT key, row_number() OVER (ORDER BY key) AS n FROM contact WHERE source = ?1 AND removed_at IS NULL) j`
  const seq = `(SELECT value FROM counter WHERE name = 'seq') + j.n`
  const keep = contacts === 'keep'
  const clash = `EXISTS (SELECT 1 FROM contact other WHERE other.source = '' AND other.id = contact.id)`
  await env.DB.batch([
    // A removed contact made by hand makes way for the one that stays and has its ID.
    env.DB.prepare(
      `UPDATE contact SET source = '~' || key WHERE ?2 AND source = '' AND removed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM contact other WHERE other.source = ?1 AND other.id = contact.id AND other.removed_at IS NULL)`,
    ).bind(id, keep ? 1 : 0),
    env.DB.prepare(
      `UPDATE contact SET seq = ${seq}, run = NULL, updated_at = ?2, source = iif(?3 AND NOT ${clash}, '', source),
          removed_at = iif(?3 AND NOT ${clash}, NULL, ?2)
        FROM ${ordered} WHERE contact.key = j.key`,
    ).bind(id, now, keep ? 1 : 0),
    env.DB.prepare(
      `UPDATE counter SET value = max(value, (SELECT coalesce(max(seq), 0) FROM contact)) WHERE name = 'seq'`,
    ),
    env.DB.prepare(`UPDATE counter SET value = value + 1 WHERE name = 'hand'`),
    env.DB.prepare('DELETE FROM contact_search WHERE rowid IN (SELECT key FROM contact WHERE source = ?1)').bind(id),
    env.DB.prepare(
      `UPDATE run SET status = 'cancelled', finished_at = ?2 WHERE source = ?1 AND status IN ('held', 'queued')`,
    ).bind(id, now),
    env.DB.prepare('DELETE FROM source WHERE id = ?1').bind(id),
  ])
}
