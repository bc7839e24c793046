import { and, eq, gt, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { FieldDefinition, Fields } from '../core/field.ts'
import type { FieldType } from '../core/values/field-type.ts'
import type { Env } from '../env.ts'
import { counters, raise, unmoved } from './counters.ts'
import { database, guard, named, statement, write } from './database.ts'
import { withoutValues } from './field-values.ts'
import { APPLYING } from './runs.ts'
import { decryptConnection, SETTINGS_HASH, type SourceRow, settingsHash, sources } from './sources.ts'

/** Custom fields of contacts. A deleted field keeps its row until its values are removed from all contacts. */
export const fields = sqliteTable('field', {
  key: text('key').primaryKey(),
  label: text('label').notNull(),
  type: text('type').$type<FieldType>().notNull(),
  list: integer('list', { mode: 'boolean' }).notNull(),
  required: integer('required', { mode: 'boolean' }).notNull(),
  createdAt: integer('created_at').notNull(),
  deletedAt: integer('deleted_at'),
  deletedBy: text('deleted_by'),
})

/** The current field definitions, and their revision, which grows with every change. */
export interface CurrentFields {
  fields: Fields
  revision: number
}

/** Reads all current fields. */
export async function readFields(env: Env): Promise<CurrentFields> {
  const db = database(env)
  const [rows, [counter]] = await db.batch([
    db.select().from(fields).where(isNull(fields.deletedAt)).orderBy(fields.key),
    db.select().from(counters).where(eq(counters.name, 'fields')),
  ])
  return { fields: byKey(rows), revision: counter?.value ?? 0 }
}

/**
 * Returns the fields by which a source's settings were checked when it was read. Returns null if a definition or the
 * settings have changed since; the source must then be read again.
 */
export async function fieldsFor(env: Env, source: SourceRow): Promise<Fields | null> {
  const db = database(env)
  const [rows, [current]] = await db.batch([
    db.select().from(fields).where(isNull(fields.deletedAt)),
    db.select({ settingsHash: sources.settingsHash }).from(sources).where(eq(sources.id, source.id)),
  ])
  return current?.settingsHash === source.settingsHash ? byKey(rows) : null
}

/** Lists fields in the order of their keys, after the key `after`. */
export async function listFields(env: Env, after: string, limit: number): Promise<FieldDefinition[]> {
  const rows = await database(env)
    .select()
    .from(fields)
    .where(and(isNull(fields.deletedAt), gt(fields.key, after)))
    .orderBy(fields.key)
    .limit(limit)
  return rows.map(definition)
}

function byKey(rows: readonly (typeof fields.$inferSelect)[]): Fields {
  return new Map(rows.map((row) => [row.key, definition(row)]))
}

function definition({ key, label, type, list, required }: typeof fields.$inferSelect): FieldDefinition {
  return { key, label, type, list, required }
}

/**
 * The name of a new field that is taken: the key, by another field or by one that is still being deleted, or the label.
 */
export type Taken = 'key' | 'deleting' | 'label'

/** Creates a field. Returns the name that is taken if it could not. */
export async function makeField(env: Env, field: FieldDefinition, now: number): Promise<Taken | null> {
  const db = database(env)
  const insert = db
    .insert(fields)
    .values({ ...field, createdAt: now })
    .onConflictDoNothing()
  const { results } = await write(env, [statement(insert), raise('fields')])
  if (results[0]?.meta.changes === 1) return null
  const [same] = await db.select().from(fields).where(eq(fields.key, field.key))
  return same === undefined ? 'label' : same.deletedAt === null ? 'key' : 'deleting'
}

/** Returns whether another field has the label, ignoring case. */
export async function labelTaken(env: Env, { key, label }: FieldDefinition): Promise<boolean> {
  const [row] = await database(env)
    .select({ key: fields.key })
    .from(fields)
    .where(and(sql`${fields.label} = ${label} COLLATE NOCASE`, ne(fields.key, key), isNull(fields.deletedAt)))
  return row !== undefined
}

/** Returns the sources whose mapping names the field, in the order of their IDs. */
export async function sourcesMapping(env: Env, key: string): Promise<SourceRow[]> {
  const rows = await database(env).select().from(sources).orderBy(sources.id)
  return rows.filter(({ settings }) => settings.mapping?.some(({ to }) => to === `field:${key}`))
}

/**
 * Changes a field's definition and, in the same transaction, the settings hash of each source that maps it, so that
 * plans with the old definition become stale. Returns false if fields or those sources have changed since they were
 * read, or if the type changes while contacts have values or a run is applying.
 */
export async function changeField(
  env: Env,
  stored: CurrentFields,
  before: FieldDefinition,
  after: FieldDefinition,
): Promise<boolean> {
  const { key, label, type, list, required } = after
  const mapping = await sourcesMapping(env, key)
  const changed = new Map(stored.fields).set(key, after)
  const hashes = await Promise.all(
    mapping.map(async (source) => {
      const connection = await decryptConnection(env, source)
      return [source.id, await settingsHash(connection, source.settings, changed)]
    }),
  )
  const retyped = before.type !== type
  const { failed } = await write(
    env,
    [
      unmoved('fields', stored.revision),
      unmovedSources(key, mapping),
      ...(retyped ? [guard(`NOT ${APPLYING}`)] : []),
      ...(retyped && type !== 'text' ? [withoutValues(key)] : []),
      raise('fields'),
      statement(database(env).update(fields).set({ label, type, list, required }).where(eq(fields.key, key))),
      named('UPDATE source SET settings_hash = j.value->>1 FROM json_each(:hashes) j WHERE source.id = j.value->>0', {
        hashes: JSON.stringify(hashes),
      }),
    ],
    'guard',
  )
  return failed === null
}

/**
 * Deletes a field's definition; run/forget.ts removes its values from the contacts afterwards. Returns false if a
 * source maps the field or fields have changed since they were read. Unfinished plans could bring a value back, so they
 * are made again.
 */
export async function deleteField(
  env: Env,
  stored: CurrentFields,
  key: string,
  by: string,
  now: number,
): Promise<boolean> {
  const deletion = { deletedAt: now, deletedBy: by }
  const { failed } = await write(
    env,
    [
      unmoved('fields', stored.revision),
      unmovedSources(key, []),
      raise('fields'),
      statement(database(env).update(fields).set(deletion).where(eq(fields.key, key))),
      named(`UPDATE source SET revision = revision + 1 WHERE id IN (SELECT source FROM run WHERE status = 'planning')`),
    ],
    'guard',
  )
  return failed === null
}

/**
 * Returns the statements that fail the batch unless exactly these sources map the field, with the settings that were
 * read.
 */
function unmovedSources(key: string, mapping: readonly SourceRow[]) {
  const hashes = mapping.map(({ id, settingsHash: hash }) => id + hash).join(',')
  return guard(
    `(SELECT coalesce(group_concat(id || ${SETTINGS_HASH}), '') FROM (SELECT * FROM source WHERE EXISTS (
        SELECT 1 FROM json_each(source.settings, '$.mapping') m WHERE m.value->>'$.to' = :target) ORDER BY id) AS source) = :hashes`,
    { target: `field:${key}`, hashes },
  )
}

/** A deleted field whose values are not all removed yet. */
export interface DeletedField {
  key: string
  by: string
}

export async function findDeletedField(env: Env, key: string): Promise<DeletedField | null> {
  const [row] = await database(env)
    .select()
    .from(fields)
    .where(and(eq(fields.key, key), isNotNull(fields.deletedAt)))
  return row === undefined ? null : { key: row.key, by: row.deletedBy ?? '' }
}

/** Returns the fields that were deleted before a time and whose values are not all removed yet. */
export async function deletedFields(env: Env, before: number): Promise<string[]> {
  const rows = await database(env).select({ key: fields.key }).from(fields).where(lt(fields.deletedAt, before))
  return rows.map(({ key }) => key)
}

/** Deletes the row of a deleted field. */
export async function endField(env: Env, key: string): Promise<void> {
  await database(env)
    .delete(fields)
    .where(and(eq(fields.key, key), isNotNull(fields.deletedAt)))
}
