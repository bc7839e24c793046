import { groupKey } from '../core/contact.ts'
import { type ContactChange, written } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { groupIds } from './groups.ts'
import { guarded } from './guard.ts'
import { APPLYING } from './runs.ts'
import { writeChanges } from './writing.ts'

/**
 * Changes a contact by hand, unless a source has been enabled meanwhile. `expected`: the contact's place in the order of
 * changes as it was seen, 0 for a new one; `fieldsRevision`: that of the field definitions its values were read by. Gives
 * false when either has moved since.
 */
export async function changeByHand(
  env: Env,
  by: string,
  change: ContactChange & { returns?: boolean },
  names: readonly string[],
  expected: number,
  fieldsRevision: number,
): Promise<boolean> {
  const groups = Object.fromEntries(names.map((name) => [groupKey(name), name]))
  await env.DB.prepare(
    'INSERT INTO grouping (key, name, made_by_hand) SELECT key, value, 1 FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING',
  )
    .bind(JSON.stringify(groups))
    .run()
  const guard = env.DB.prepare(
    // NULL, which fails the batch, unless the contact stands as it was seen, no source is enabled and none is writing.
    `UPDATE counter SET value = iif(
        NOT EXISTS (SELECT 1 FROM source WHERE enabled = 1) AND NOT ${APPLYING}
        AND coalesce((SELECT seq FROM contact WHERE key = ?1 AND removed_at IS NULL), 0) = ?2
        AND (SELECT value FROM counter WHERE name = 'fields') = ?3, value + 1, NULL)
      WHERE name = 'hand'`,
  ).bind(change.key, expected, fieldsRevision)
  const keyed = { ...written(change), returns: change.returns === true }
  const ids = await groupIds(env)
  return guarded(() =>
    env.DB.batch([guard, ...writeChanges(env, { run: null, by, source: null }, [keyed], ids, Date.now())]),
  )
}

/** A key for a new contact. */
export async function reserveKey(env: Env): Promise<number> {
  const row = await env.DB.prepare(`UPDATE counter SET value = value + 1 WHERE name = 'key' RETURNING value`).first<{
    value: number
  }>()
  if (row === null) throw new Error('The directory has no counter for keys')
  return row.value
}

/** The contact made by hand that has the ID, removed ones too. */
export async function handMade(env: Env, id: string): Promise<{ key: number; removed: boolean } | null> {
  const row = await env.DB.prepare(`SELECT key, removed_at FROM contact WHERE source = '' AND id = ?1`)
    .bind(id)
    .first<{ key: number; removed_at: number | null }>()
  return row === null ? null : { key: row.key, removed: row.removed_at !== null }
}
