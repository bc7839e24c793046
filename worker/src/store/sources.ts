import { and, eq, lt, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { factsOf, targetOf } from '../connections/facts.ts'
import type { ConnectionSettings } from '../connections/schema.ts'
import type { RunCounts } from '../core/counts.ts'
import type { FailureCode } from '../core/failure.ts'

import { type Fields, mappedFields } from '../core/field.ts'
import { planSettings, type SourceSettings } from '../core/source.ts'
import type { Env } from '../env.ts'
import { hashToken } from '../security/passwords.ts'
import { open, seal } from '../security/secrets.ts'
import { counterValue, raise, unmoved } from './counters.ts'
import { database, madeAfter, named, type Statement, statement, write } from './database.ts'

/** The bytes and settings of the last run that a source has settled, and how it was settled. */
export interface Baseline {
  run: string
  outcome: 'applied' | 'rejected' | 'undone'
  sha256: string
  settingsHash: string
  validator: { etag: string | null; lastModified: string | null } | null
  counts: RunCounts
  /** The bytes that a person took back, until other changes have been applied or rejected. */
  undone?: string
  /** Whether the bytes were all records or the changed ones; left out: all. */
  fetch?: 'all' | 'changes'
}

/** Up to when the changes of a CRM have been taken, in milliseconds since 1970, and under which settings. */
export interface Watermark {
  at: number
  settingsHash: string
  /** When the last run that fetched everything began; null where only changes have been asked for. */
  fullAt: number | null
}

/** A file of fingerprints in R2: which run made it, on which settings, and up to which change it knows of every contact. */
export interface FingerprintFile {
  file: string
  run: string
  settingsHash: string
  seq: number
  /** The key of the first contact that run added. */
  firstKey: number
  /** What its file had columns for. */
  targets: string[]
}

export const sources = sqliteTable('source', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  enabled: integer('enabled', { mode: 'boolean' }).notNull(),
  /** Without its secrets. */
  connection: text('connection', { mode: 'json' }).$type<ConnectionSettings>().notNull(),
  /** Encrypted JSON of the connection's secret fields. */
  secrets: text('secrets'),
  webhook: text('webhook'),
  settings: text('settings', { mode: 'json' }).$type<SourceSettings>().notNull(),
  settingsHash: text('settings_hash').notNull(),
  mappingVersion: integer('mapping_version').notNull(),
  revision: integer('revision').notNull(),
  scheduleSince: integer('schedule_since').notNull(),
  baseline: text('baseline', { mode: 'json' }).$type<Baseline>(),
  fingerprints: text('fingerprints', { mode: 'json' }).$type<FingerprintFile>(),
  firstAppliedAt: integer('first_applied_at'),
  failing: text('failing').$type<FailureCode>(),
  watermark: text('watermark', { mode: 'json' }).$type<Watermark>(),
  fileSha256: text('file_sha256'),
  fileChangedAt: integer('file_changed_at'),
  freshSince: integer('fresh_since').notNull(),
  lateAt: integer('late_at'),
  createdAt: integer('created_at').notNull(),
})
export type SourceRow = typeof sources.$inferSelect
export type SourceChange = Partial<typeof sources.$inferInsert>

/** The version of the rules that read rows: raising it makes every source plan again. */
const RULES = 1

/** What a plan depends on besides the bytes, as one hash (design: settings). A field's label is no part of that. */
export function settingsHash(
  connection: ConnectionSettings,
  settings: SourceSettings,
  fields: Fields,
): Promise<string> {
  const definitions = mappedFields(settings.mapping, fields).map(({ key, type, list, required }) => [
    key,
    type,
    list,
    required,
  ])
  const target = targetOf(connection)
  return hashToken(JSON.stringify([RULES, ...target, ...planSettings(settings), definitions]))
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
export async function decryptConnection(
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
  const [row] = await database(env).select().from(sources).where(eq(sources.id, id))
  return row ?? null
}

/** The IDs of those of the sources that have not been deleted. */
export async function existingSources(env: Env, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const among = sql`${sources.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  const found = await database(env).select({ id: sources.id }).from(sources).where(among)
  return new Set(found.map(({ id }) => id))
}

/** Sources in the order they were made, after the cursor of the last one seen. */
export function listSources(env: Env, cursor: string, limit: number): Promise<SourceRow[]> {
  return database(env)
    .select()
    .from(sources)
    .where(madeAfter(sources, cursor))
    .orderBy(sources.createdAt, sources.id)
    .limit(limit)
}

/** All sources that import by themselves. */
export function enabledSources(env: Env): Promise<SourceRow[]> {
  return database(env).select().from(sources).where(eq(sources.enabled, true))
}

/** `fieldsRevision`: that of the field definitions the settings were judged by. False where they have moved since. */
export async function insertSource(
  env: Env,
  row: typeof sources.$inferInsert,
  fieldsRevision: number,
): Promise<boolean> {
  const insert = database(env).insert(sources).values(row)
  const { failed } = await write(env, [unmoved('fields', fieldsRevision), statement(insert)], 'guard')
  return failed === null
}

/** As `insertSource`, for a change of a source's settings. */
export async function changeSource(
  env: Env,
  id: string,
  change: SourceChange,
  fieldsRevision: number,
): Promise<boolean> {
  const { failed } = await write(env, [unmoved('fields', fieldsRevision), changingSource(env, id, change)], 'guard')
  return failed === null
}

/** Records that a source's due times up to `due` have been acted on, in milliseconds since 1970. */
export async function passDueTime(env: Env, id: string, due: number): Promise<void> {
  await database(env)
    .update(sources)
    .set({ scheduleSince: due })
    .where(and(eq(sources.id, id), lt(sources.scheduleSince, due)))
}

/** Changes what is no setting, such as the webhook's secret. */
export async function updateSource(env: Env, id: string, change: SourceChange): Promise<void> {
  await write(env, [changingSource(env, id, change)])
}

/** The statement that changes a source, in the batch of what changes it. */
export function changingSource(env: Env, id: string, change: SourceChange): Statement {
  return statement(database(env).update(sources).set(change).where(eq(sources.id, id)))
}

/** Whether contacts and groups are read-only here (design: Who manages contacts). */
export async function managedRemotely(env: Env): Promise<boolean> {
  const [row] = await database(env).select({ id: sources.id }).from(sources).where(eq(sources.enabled, true)).limit(1)
  return row !== undefined
}

/**
 * Deletes a source. Its contacts stay as hand-made ones (`keep`; those whose ID a hand-made contact has already stay
 * out), or are removed. Each gets its place in the order of changes.
 */
export async function deleteSource(env: Env, id: string, contacts: 'keep' | 'remove'): Promise<void> {
  const now = Date.now()
  const keep = contacts === 'keep'
  const stays = `(:keep AND NOT EXISTS (SELECT 1 FROM contact other WHERE other.source = '' AND other.id = contact.id))`
  await write(env, [
    // A removed manual contact makes way for the one that stays and has its ID.
    named(
      `UPDATE contact SET source = '~' || key WHERE :keep AND source = '' AND removed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM contact other WHERE other.source = :id AND other.id = contact.id AND other.removed_at IS NULL)`,
      { id, keep },
    ),
    named(
      `UPDATE contact SET seq = ${counterValue('seq')} + j.n, run = NULL, updated_at = :now,
          source = iif(${stays}, '', source), removed_at = iif(${stays}, NULL, :now)
        FROM (SELECT key, row_number() OVER (ORDER BY key) AS n FROM contact WHERE source = :id AND removed_at IS NULL) j
        WHERE contact.key = j.key`,
      { id, now, keep },
    ),
    named(`UPDATE counter SET value = max(value, (SELECT coalesce(max(seq), 0) FROM contact)) WHERE name = 'seq'`),
    raise('manual'),
    named('DELETE FROM contact_search WHERE rowid IN (SELECT key FROM contact WHERE source = :id)', { id }),
    named(
      `UPDATE run SET status = 'cancelled', finished_at = :now WHERE source = :id AND status IN ('held', 'queued')`,
      { id, now },
    ),
    statement(database(env).delete(sources).where(eq(sources.id, id))),
  ])
}
