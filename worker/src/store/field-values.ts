import { pathOf } from '../core/attributes.ts'
import { readDetails } from '../core/contact.ts'
import { written } from '../core/plan.ts'
import type { Env } from '../env.ts'
import type { ContactRow } from './contacts.ts'
import { raise } from './counters.ts'
import { all, first, guard, named, type Statement, write } from './database.ts'
import { APPLYING } from './runs.ts'
import { writeChanges } from './writing.ts'

/** Values of custom fields in contacts. */

/** Returns the JSON path of a field's values in a contact's details. */
const pathIn = (key: string) => `${pathOf('fields')}.${key}`

/** The condition, as SQL, that the contact has a value at `:path`. */
const HAS_VALUE = 'json_extract(details, :path) IS NOT NULL AND removed_at IS NULL'

/** Returns the number of contacts that have a value of the field; with `several`, more than one value. */
export async function contactsWith(env: Env, key: string, several = false): Promise<number> {
  const more = several ? 'AND json_array_length(details, :path) > 1' : ''
  const row = await first<{ n: number }>(
    env,
    named(`SELECT count(*) AS n FROM contact WHERE ${HAS_VALUE} ${more}`, { path: pathIn(key) }),
  )
  return row?.n ?? 0
}

/** Returns a statement that fails its batch if a contact has a value of the field. */
export function withoutValues(key: string): Statement {
  return guard(`NOT EXISTS (SELECT 1 FROM contact WHERE ${HAS_VALUE})`, { path: pathIn(key) })
}

/** A contact that has a value of a field. */
export type ContactWithValue = Pick<ContactRow, 'key' | 'seq' | 'source' | 'id' | 'details'>

/** Lists contacts that have a value of the field, in the order of their keys, after the key `after`. */
export function valuesOf(env: Env, key: string, after: number, limit: number): Promise<ContactWithValue[]> {
  return all(
    env,
    named(
      `SELECT key, seq, source, id, details FROM contact WHERE key > :after AND ${HAS_VALUE} ORDER BY key LIMIT :limit`,
      { after, path: pathIn(key), limit },
    ),
  )
}

/**
 * Removes the values of a field from contacts, in the name of `by`. Returns false and writes nothing if one of the
 * contacts has changed since it was read, or a run is applying.
 */
export async function forgetValues(
  env: Env,
  { key, by }: { key: string; by: string },
  contacts: readonly ContactWithValue[],
  groupIds: ReadonlyMap<string, number>,
  now: number,
): Promise<boolean> {
  const changes = contacts.map(({ key: contact, id, details }) => {
    const before = readDetails(details)
    const { [key]: _, ...fields } = before.fields
    const after = { ...before, fields }
    return written({ op: 'update', key: contact, id, before, after, changed: ['fields'], rows: [] })
  })
  const sources = [...new Set(contacts.map(({ source }) => source))]
  const { failed } = await write(
    env,
    [
      guard(
        `NOT ${APPLYING} AND (SELECT max(seq) FROM contact WHERE key IN (SELECT value FROM json_each(:keys))) = :seq`,
        {
          keys: JSON.stringify(contacts.map((contact) => contact.key)),
          seq: Math.max(...contacts.map(({ seq }) => seq)),
        },
      ),
      ...(sources.includes('') ? [raise('manual')] : []),
      named('UPDATE source SET revision = revision + 1 WHERE id IN (SELECT value FROM json_each(:sources))', {
        sources: JSON.stringify(sources),
      }),
      ...writeChanges({ run: null, by, source: null }, changes, groupIds, now),
    ],
    'guard',
  )
  return failed === null
}
