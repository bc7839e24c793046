import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import { customType, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { targetOf } from '../connections/facts.ts'
import type { ConnectionSettings } from '../connections/schema.ts'
import { type Secrets, withoutSecrets, withSecrets } from '../connections/secrets.ts'
import type { RunCounts } from '../core/counts.ts'
import type { FailureCode } from '../core/failure.ts'
import { type Fields, mappedFields } from '../core/field.ts'
import type { FileEnd } from '../core/file-end.ts'
import { limitsSchema } from '../core/limits.ts'
import { planSettings, type SourceSettings } from '../core/source.ts'
import type { Env } from '../env.ts'
import { hashToken } from '../security/passwords.ts'
import { open, seal, unlessUnreadable } from '../security/secrets.ts'
import { leaving } from './consent.ts'
import { counterValue, raise, unmoved } from './counters.ts'
import { all, database, madeAfter, named, type Statement, statement, write } from './database.ts'
import { forgettingNumbers } from './numbers.ts'
import { markingRemoved } from './removed.ts'
import { deletingWebhooks } from './webhooks.ts'

/**
 * The bytes and settings of the last run of a source that was applied, rejected or undone, with which its next is
 * compared.
 */
export interface Baseline {
  run: string
  outcome: 'applied' | 'rejected' | 'undone'
  sha256: string
  settingsHash: string
  validator: { etag: string | null; lastModified: string | null } | null
  counts: RunCounts
  /** The SHA-256 of the bytes whose import a person undid, until other changes have been applied or rejected. */
  undone?: string
  /** Whether the last row of the file was ignored. The next run plans the same bytes again, and takes the row. */
  ignoredRow?: true
  /** Whether IDs came to name somebody else. The next run plans the same bytes again, and reads the new people's rows. */
  somebodyElse?: true
  /** Whether the bytes were all records or only the changed ones. The default is all. */
  fetch?: 'all' | 'changes'
}

/**
 * The time up to which the changes of a CRM have been fetched, in milliseconds since 1970, and under which settings.
 */
export interface Watermark {
  at: number
  settingsHash: string
  /** When the last run that fetched everything began; null if there was none. */
  fullAt: number | null
}

/**
 * A file of fingerprints in R2: the run and the settings that it was made with, and the last change that it includes.
 */
export interface FingerprintFile {
  file: string
  run: string
  settingsHash: string
  seq: number
  /** The key of the first contact that the run added. */
  firstKey: number
  /** The targets that the columns of the imported file had. */
  targets: string[]
}

/** Settings as JSON. What a later version added has its default: rules for rows, webhooks, a limit or a number of one. */
const storedSettings = customType<{ data: SourceSettings; driverData: string }>({
  dataType: () => 'text',
  toDriver: (settings) => JSON.stringify(settings),
  fromDriver(text) {
    const {
      notify,
      ...settings
    }: Omit<SourceSettings, 'rows' | 'notify'> &
      Partial<Pick<SourceSettings, 'rows'>> & {
        notify: Omit<SourceSettings['notify'], 'webhooks'> & Partial<SourceSettings['notify']>
      } = JSON.parse(text)
    return {
      ...{ ...settings, rows: settings.rows ?? [], limits: limitsSchema.parse(settings.limits) },
      notify: { ...notify, webhooks: notify.webhooks ?? [] },
    }
  },
})

/** The version of the rules that read rows. Raising it makes every source plan again. */
const RULES = 6

/** Gives a stored settings hash the current version of the rules, whatever version it was stored under. */
const hashUnderRules = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  fromDriver: (stored) => underRules(stored.slice(stored.indexOf(':') + 1)),
})

function underRules(hash: string): string {
  return `${RULES}:${hash}`
}

/** Returns, as SQL, the part of a stored settings hash that does not depend on the version of the rules. */
export function withoutRules(column: string): string {
  return `substr(${column}, instr(${column}, ':') + 1)`
}

/** The settings hash of a source in a raw statement, as `SourceRow` has it. */
export const SETTINGS_HASH = `'${underRules('')}' || ${withoutRules('source.settings_hash')}`

export const sources = sqliteTable('source', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  enabled: integer('enabled', { mode: 'boolean' }).notNull(),
  /** The connection without its secrets and the query of its address. */
  connection: text('connection', { mode: 'json' }).$type<ConnectionSettings>().notNull(),
  /** Encrypted JSON of the connection's secret fields. */
  secrets: text('secrets'),
  webhook: text('webhook'),
  settings: storedSettings('settings').notNull(),
  settingsHash: hashUnderRules('settings_hash').notNull(),
  mappingVersion: integer('mapping_version').notNull(),
  revision: integer('revision').notNull(),
  scheduleSince: integer('schedule_since').notNull(),
  baseline: text('baseline', { mode: 'json' }).$type<Baseline>(),
  fingerprints: text('fingerprints', { mode: 'json' }).$type<FingerprintFile>(),
  firstAppliedAt: integer('first_applied_at'),
  /** How the last file that was applied ended. Only the next file that is applied changes it. */
  fileEnd: text('file_end', { mode: 'json' }).$type<FileEnd>(),
  /** The hash of the changes that a person rejected last; see `run/waiting.ts`. */
  rejected: text('rejected'),
  failing: text('failing').$type<FailureCode>(),
  watermark: text('watermark', { mode: 'json' }).$type<Watermark>(),
  fileSha256: text('file_sha256'),
  fileChangedAt: integer('file_changed_at'),
  freshSince: integer('fresh_since').notNull(),
  lateAt: integer('late_at'),
  /** Whether its fetches go to the queue of slow servers (`run/long-fetch.ts`). */
  longFetch: integer('long_fetch', { mode: 'boolean' }).notNull(),
  createdAt: integer('created_at').notNull(),
})
export type SourceRow = typeof sources.$inferSelect
export type SourceChange = Partial<typeof sources.$inferInsert>

/** Records whether the fetches of a source go to the queue of slow servers. */
export async function recordLongFetch(env: Env, id: string, longFetch: boolean): Promise<void> {
  await database(env).update(sources).set({ longFetch }).where(eq(sources.id, id))
}

/**
 * Returns one hash of everything that a plan depends on besides the bytes (design: settings). The labels of fields are
 * not part of it.
 */
export async function settingsHash(
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
  return underRules(await hashToken(JSON.stringify([...target, ...planSettings(settings), definitions])))
}

/** Returns the connection with its secrets, for fetching. Throws `Failure` `secret_unreadable`. */
export async function decryptConnection(
  env: Env,
  source: Pick<SourceRow, 'id' | 'connection' | 'secrets'>,
): Promise<ConnectionSettings> {
  return withSecrets(source.connection, await secretsOf(env, source))
}

/** Decrypts the secrets of a source. Throws `Failure` `secret_unreadable`. */
async function secretsOf(env: Env, source: Pick<SourceRow, 'id' | 'secrets'>): Promise<Secrets> {
  return source.secrets === null ? {} : JSON.parse(await open(source.secrets, env, source.id))
}

/** Returns the secrets of a source, none if they cannot be decrypted: then they have to be entered again. */
export function readableSecrets(env: Env, source: Pick<SourceRow, 'id' | 'secrets'>): Promise<Secrets> {
  return unlessUnreadable(secretsOf(env, source), {})
}

/** Returns the connection with its secrets, for changing it; without them if they cannot be decrypted. */
export async function readableConnection(
  env: Env,
  source: Pick<SourceRow, 'id' | 'connection' | 'secrets'>,
): Promise<ConnectionSettings> {
  return withSecrets(source.connection, await readableSecrets(env, source))
}

/** Encrypts secrets so that only this source can use them; null if there are none. */
export async function sealSecrets(env: Env, sourceId: string, secrets: Secrets): Promise<string | null> {
  return Object.keys(secrets).length === 0 ? null : seal(JSON.stringify(secrets), env, sourceId)
}

/**
 * Encrypts the queries of addresses that an older version stored in connections. Each source changes in one statement, and
 * only if it is still what was read.
 */
export async function sealAddresses(env: Env): Promise<void> {
  const rows = await all<{ id: string; connection: string; secrets: string | null }>(
    env,
    named(`SELECT id, connection, secrets FROM source
      WHERE connection->>'$.url' GLOB '*[?#]*' AND connection->>'$.url' NOT GLOB '*[?]…' AND connection->>'$.kind' <> 'sftp'`),
  )
  for (const { id, connection, secrets } of rows) {
    const stored = await decryptConnection(env, { id, connection: JSON.parse(connection), secrets })
    const parts = withoutSecrets(stored)
    const next = { open: JSON.stringify(parts.open), sealed: await sealSecrets(env, id, parts.secrets) }
    await write(env, [
      named(
        `UPDATE source SET connection = :open, secrets = :sealed
          WHERE id = :id AND connection = :connection AND secrets IS :secrets`,
        { id, connection, secrets, ...next },
      ),
    ])
  }
}

export async function findSource(env: Env, id: string): Promise<SourceRow | null> {
  const [row] = await database(env).select().from(sources).where(eq(sources.id, id))
  return row ?? null
}

/** Returns the IDs in `ids` of sources that still exist. */
export async function existingSources(env: Env, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const among = sql`${sources.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  const found = await database(env).select({ id: sources.id }).from(sources).where(among)
  return new Set(found.map(({ id }) => id))
}

/** Lists sources, or those `among` them, oldest first; `cursor` is that of the last source of the previous page. */
export function listSources(
  env: Env,
  cursor: string,
  limit: number,
  among: readonly string[] | null = null,
): Promise<SourceRow[]> {
  return database(env)
    .select()
    .from(sources)
    .where(and(madeAfter(sources, cursor), among === null ? undefined : inArray(sources.id, [...among])))
    .orderBy(sources.createdAt, sources.id)
    .limit(limit)
}

/** Returns all enabled sources. */
export function enabledSources(env: Env): Promise<SourceRow[]> {
  return database(env).select().from(sources).where(eq(sources.enabled, true))
}

/**
 * Inserts a source. `fieldsRevision` is the revision of the field definitions that its settings were checked against.
 * Returns false if they have changed since.
 */
export async function insertSource(
  env: Env,
  row: typeof sources.$inferInsert,
  fieldsRevision: number,
): Promise<boolean> {
  const insert = database(env).insert(sources).values(row)
  const { failed } = await write(env, [unmoved('fields', fieldsRevision), statement(insert)], 'guard')
  return failed === null
}

/** Changes the settings of a source, with the same check as `insertSource`. */
export async function changeSource(
  env: Env,
  id: string,
  change: SourceChange,
  fieldsRevision: number,
): Promise<boolean> {
  const { failed } = await write(env, [unmoved('fields', fieldsRevision), changingSource(env, id, change)], 'guard')
  return failed === null
}

/** Records that the due times of a source up to `due` have been handled, in milliseconds since 1970. */
export async function passDueTime(env: Env, id: string, due: number): Promise<void> {
  await database(env)
    .update(sources)
    .set({ scheduleSince: due })
    .where(and(eq(sources.id, id), lt(sources.scheduleSince, due)))
}

/** Changes columns of a source that are not settings, such as the secret of its webhook. */
export async function updateSource(env: Env, id: string, change: SourceChange): Promise<void> {
  await write(env, [changingSource(env, id, change)])
}

/** Returns the statement that changes a source, for a batch. */
export function changingSource(env: Env, id: string, change: SourceChange): Statement {
  return statement(database(env).update(sources).set(change).where(eq(sources.id, id)))
}

/**
 * Returns the statements that disable a source that imports once, after the change that ends its run. While another run of
 * it waits or is active, it stays enabled.
 */
export function disablingAfterImport(id: string, now: number): Statement[] {
  return [
    named(
      `UPDATE source SET enabled = 0, settings = json_set(settings, '$.enabled', json('false'))
        WHERE id = :id AND enabled = 1 AND NOT EXISTS (SELECT 1 FROM run WHERE source = :id AND finished_at IS NULL)`,
      { id },
    ),
    named(
      `INSERT INTO audit (at, actor, actor_kind, action, subject, detail)
        SELECT :now, 'Muster', 'muster', 'source_changed', :id, 'enabled' WHERE changes() > 0`,
      { id, now },
    ),
  ]
}

/** Returns whether contacts and groups are read-only here (design: Who manages contacts). */
export async function managedRemotely(env: Env): Promise<boolean> {
  const [row] = await database(env).select({ id: sources.id }).from(sources).where(eq(sources.enabled, true)).limit(1)
  return row !== undefined
}

/**
 * Deletes a source. Its contacts become manual contacts (`keep`) or are removed. A contact whose ID a manual contact
 * has already is removed in both cases. Each contact gets a place in the order of changes.
 */
export async function deleteSource(env: Env, id: string, contacts: 'keep' | 'remove'): Promise<void> {
  const now = Date.now()
  const keep = contacts === 'keep'
  const stays = `(:keep AND NOT EXISTS (SELECT 1 FROM contact other WHERE other.source = '' AND other.id = contact.id))`
  await write(env, [
    ...leaving({
      sql: `SELECT key FROM contact WHERE source = :id AND removed_at IS NULL AND NOT ${stays}`,
      values: { id, keep: Number(keep) },
    }),
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
    markingRemoved('c.source = :id AND c.removed_at = :now', { id, now }),
    forgettingNumbers(id),
    named(
      `UPDATE run SET status = 'cancelled', finished_at = :now WHERE source = :id AND status IN ('held', 'queued')`,
      { id, now },
    ),
    named('DELETE FROM hook_call WHERE source = :id', { id }),
    deletingWebhooks(id),
    statement(database(env).delete(sources).where(eq(sources.id, id))),
  ])
}

/** Deletes the runs of a source that has been deleted, and its e-mails. Retention deletes their files. */
export async function forgetRuns(env: Env, id: string): Promise<void> {
  await write(env, [
    named('DELETE FROM delivery WHERE notification IN (SELECT id FROM notification WHERE source = :id)', { id }),
    named('DELETE FROM notification WHERE source = :id', { id }),
    named('DELETE FROM run WHERE source = :id', { id }),
  ])
}
