import { and, eq, gt, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import { DETAIL_PATHS } from '../core/contact.ts'
import type { FieldDefinition, Fields } from '../core/field.ts'
import type { Env } from '../env.ts'
import { database } from './database.ts'
import { guarded } from './guard.ts'
import { APPLYING } from './runs.ts'
import { counters, fields, type SourceRow, sources } from './schema.ts'
import { settingsHash } from './sources.ts'

/** The field definitions, and the number that moves with every change of one. */
export interface StandingFields {
  fields: Fields
  revision: number
}

/** All fields as they stand. */
export async function readFields(env: Env): Promise<StandingFields> {
  const db = database(env.DB)
  const [rows, [counter]] = await db.batch([
    db.select().from(fields).where(isNull(fields.deletedAt)).orderBy(fields.key),
    db.select().from(counters).where(eq(counters.name, 'fields')),
  ])
  return { fields: new Map(rows.map((row) => [row.key, definition(row)])), revision: counter?.value ?? 0 }
}

/**
 * The fields that the settings of a source were judged by when it was read; null where a definition or the settings
 * have moved since, so that the source has to be read again.
 */
export async function fieldsFor(env: Env, source: SourceRow): Promise<Fields | null> {
  const db = database(env.DB)
  const [rows, [standing]] = await db.batch([
    db.select().from(fields).where(isNull(fields.deletedAt)),
    db.select({ settingsHash: sources.settingsHash }).from(sources).where(eq(sources.id, source.id)),
  ])
  if (standing?.settingsHash !== source.settingsHash) return null
  return new Map(rows.map((row) => [row.key, definition(row)]))
}

/** Fields in the order of their keys, after the key `after`. */
export async function listFields(env: Env, after: string, limit: number): Promise<FieldDefinition[]> {
  const rows = await database(env.DB)
    .select()
    .from(fields)
    .where(and(isNull(fields.deletedAt), gt(fields.key, after)))
    .orderBy(fields.key)
    .limit(limit)
  return rows.map(definition)
}

function definition({ key, label, type, list, required }: typeof fields.$inferSelect): FieldDefinition {
  return { key, label, type, list, required }
}

/** Which of a new field's names is taken: the key by another field or by one that is still being deleted. */
export type Taken = 'key' | 'deleting' | 'label'

/** Makes a field; says what is taken where it could not. */
export async function makeField(env: Env, field: FieldDefinition, now: number): Promise<Taken | null> {
  const made = await env.DB.batch<{ key: string }>([
    env.DB.prepare(
      `INSERT INTO field (key, label, type, list, required, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO NOTHING RETURNING key`,
    ).bind(field.key, field.label, field.type, field.list ? 1 : 0, field.required ? 1 : 0, now),
    env.DB.prepare(`UPDATE counter SET value = value + 1 WHERE name = 'fields'`),
  ])
  if ((made[0]?.results.length ?? 0) > 0) return null
  const [same] = await database(env.DB).select().from(fields).where(eq(fields.key, field.key))
  return same === undefined ? 'label' : same.deletedAt === null ? 'key' : 'deleting'
}

/** Whether another field has the label, in whatever case. */
export async function labelTaken(env: Env, { key, label }: FieldDefinition): Promise<boolean> {
  const row = await env.DB.prepare(
    'SELECT 1 FROM field WHERE label = ?1 COLLATE NOCASE AND key <> ?2 AND deleted_at IS NULL',
  )
    .bind(label, key)
    .first()
  return row !== null
}

/** The sources whose mapping names the field, in the order of their IDs. */
export async function sourcesMapping(env: Env, key: string): Promise<SourceRow[]> {
  return database(env.DB)
    .select()
    .from(sources)
    .where(sql.raw(mapsField(key)))
    .orderBy(sources.id)
}

/** As SQL: the source's mapping names the field. */
const mapsField = (key: string) =>
  `EXISTS (SELECT 1 FROM json_each(source.settings, '$.mapping') m WHERE m.value->>'$.to' = 'field:${key}')`

/** As SQL: the contact has a value of the field. */
const hasValue = (key: string) =>
  `json_extract(details, '${DETAIL_PATHS.fields}.${key}') IS NOT NULL AND removed_at IS NULL`

/** How many contacts have a value of the field; `several`: more than one value. */
export async function contactsWith(env: Env, key: string, several = false): Promise<number> {
  const more = several ? `AND json_array_length(details, '${DETAIL_PATHS.fields}.${key}') > 1` : ''
  const row = await env.DB.prepare(`SELECT count(*) AS n FROM contact WHERE ${hasValue(key)} ${more}`).first<{
    n: number
  }>()
  return row?.n ?? 0
}

/** As SQL: the settings hashes of the sources that map the field, as one text. */
const standingHashes = (key: string) =>
  `(SELECT coalesce(group_concat(id || settings_hash), '') FROM (SELECT * FROM source WHERE ${mapsField(key)} ORDER BY id) source)`

/**
 * Changes a field's definition and, in the same transaction, the settings hash of each source that maps it, so that
 * what was planned by the old one is stale. False where fields or those sources have moved since they were read, or
 * where a change of type finds values or a run that is applying.
 */
export async function changeField(
  env: Env,
  standing: StandingFields,
  before: FieldDefinition,
  after: FieldDefinition,
): Promise<boolean> {
  const { key, label, type, list, required } = after
  const mapping = await sourcesMapping(env, key)
  const changed = new Map(standing.fields).set(key, after)
  const hashes = await Promise.all(
    mapping.map(async ({ id, connection, settings }) => [id, await settingsHash(connection, settings, changed)]),
  )
  const untyped =
    before.type === type
      ? ''
      : `AND NOT ${APPLYING} ${type === 'text' ? '' : `AND NOT EXISTS (SELECT 1 FROM contact WHERE ${hasValue(key)})`}`
  return guarded(() =>
    env.DB.batch([
      env.DB.prepare(
        `UPDATE counter SET value = iif(value = ?1 AND ${standingHashes(key)} = ?2 ${untyped}, value + 1, NULL)
          WHERE name = 'fields'`,
      ).bind(standing.revision, mapping.map((source) => source.id + source.settingsHash).join(',')),
      env.DB.prepare('UPDATE field SET label = ?2, type = ?3, list = ?4, required = ?5 WHERE key = ?1').bind(
        key,
        label,
        type,
        list ? 1 : 0,
        required ? 1 : 0,
      ),
      env.DB.prepare(
        `UPDATE source SET settings_hash = j.value->>1 FROM json_each(?1) j WHERE source.id = j.value->>0`,
      ).bind(JSON.stringify(hashes)),
    ]),
  )
}

/**
 * Takes a field's definition away; its values go from the contacts afterwards (run/forget.ts). False where a source maps
 * it or fields have moved since they were read. Plans in the making may bring a value back, so they are made again.
 */
export async function deleteField(env: Env, standing: StandingFields, key: string, by: string, now: number) {
  return guarded(() =>
    env.DB.batch([
      env.DB.prepare(
        `UPDATE counter SET value = iif(value = ?1 AND ${standingHashes(key)} = '', value + 1, NULL) WHERE name = 'fields'`,
      ).bind(standing.revision),
      env.DB.prepare('UPDATE field SET deleted_at = ?2, deleted_by = ?3 WHERE key = ?1').bind(key, now, by),
      env.DB.prepare(
        `UPDATE source SET revision = revision + 1 WHERE id IN (SELECT source FROM run WHERE status = 'planning')`,
      ),
    ]),
  )
}

/** A deleted field whose values are not gone yet. */
export interface DeletedField {
  key: string
  by: string
}

export async function findDeletedField(env: Env, key: string): Promise<DeletedField | null> {
  const [row] = await database(env.DB)
    .select()
    .from(fields)
    .where(and(eq(fields.key, key), isNotNull(fields.deletedAt)))
  return row === undefined ? null : { key: row.key, by: row.deletedBy ?? '' }
}

/** Fields that were deleted before a time and whose values are not gone yet. */
export async function deletedFields(env: Env, before: number): Promise<string[]> {
  const rows = await database(env.DB).select({ key: fields.key }).from(fields).where(lt(fields.deletedAt, before))
  return rows.map(({ key }) => key)
}

/** Ends a deleted field for good. */
export async function endField(env: Env, key: string): Promise<void> {
  await database(env.DB)
    .delete(fields)
    .where(and(eq(fields.key, key), isNotNull(fields.deletedAt)))
}

/** Contacts that have a value of the field, in the order of their keys, as `[key, seq, source, id, details]` rows. */
export async function valuesOf(env: Env, key: string, after: number, limit: number): Promise<ContactWithValue[]> {
  const { results } = await env.DB.prepare(
    `SELECT key, seq, source, id, details FROM contact WHERE key > ?1 AND ${hasValue(key)} ORDER BY key LIMIT ?2`,
  )
    .bind(after, limit)
    .all<ContactWithValue>()
  return results
}

/** A contact with its details as text. */
export interface ContactWithValue {
  key: number
  seq: number
  source: string
  id: string
  details: string
}
