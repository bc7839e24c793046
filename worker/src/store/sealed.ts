import type { Env } from '../env.ts'
import { keyId, keysOf, open, seal, sealedPrefix, unlessUnreadable } from '../security/secrets.ts'
import { all, named, write } from './database.ts'
import { ownerOfFactor } from './second-factors.ts'
import { ownerOfSecret, SEALED } from './settings.ts'

/** A column of sealed secrets. */
interface Place {
  table: string
  column: string
  id: string
  /** Whom a secret belongs to, by the ID of its row. */
  ownerOf: (id: string) => string
  /** The secret in the column, and the column's value for the secret `:sealed`, as SQL. */
  read?: string
  written?: string
  among?: string
}

/** Every column that has sealed secrets. A test finds one that is missing. */
const PLACES: readonly Place[] = [
  { table: 'source', column: 'secrets', id: 'id', ownerOf: (id) => id },
  { table: 'source', column: 'webhook', id: 'id', ownerOf: (id) => id },
  { table: 'second_factor', column: 'secret', id: 'user', ownerOf: ownerOfFactor },
  {
    ...{ table: 'setting', column: 'value', id: 'name', ownerOf: ownerOfSecret },
    ...{ read: `value ->> '$'`, written: 'json_quote(:sealed)', among: `name GLOB '${SEALED}*'` },
  },
]

interface Sealed {
  id: string
  sealed: string
  /** The column's value as it is. */
  value: string
}

/** How many secrets of a column one tick encrypts anew. */
const BATCH = 100
/** How many secrets of a column are counted at most. */
const MOST = 10_000

/** Reads secrets that are not sealed with the first key, in any order, so that unreadable ones do not keep others back. */
function sealedBefore(env: Env, { table, column, id, read = column, among = 'true' }: Place, limit: number) {
  const query = `SELECT ${id} AS id, ${read} AS sealed, ${column} AS value FROM ${table}
    WHERE ${column} IS NOT NULL AND ${among} AND substr(${read}, 1, length(:prefix)) <> :prefix ORDER BY random() LIMIT :limit`
  return all<Sealed>(env, named(query, { prefix: sealedPrefix(env), limit }))
}

/**
 * Encrypts secrets with the first key that are still sealed with another one, a batch at a time. May be called any number of
 * times, and at the same time as the secrets are used or changed. Returns how many it encrypted.
 */
export async function reseal(env: Env): Promise<number> {
  let done = 0
  for (const place of PLACES) {
    const { table, column, id, ownerOf, written = ':sealed' } = place
    for (const row of await sealedBefore(env, place, BATCH)) {
      const text = await unlessUnreadable(open(row.sealed, env, ownerOf(row.id)), null)
      if (text === null) continue
      const sealed = await seal(text, env, ownerOf(row.id))
      // A secret that was changed meanwhile has been sealed with the first key.
      const update = `UPDATE ${table} SET ${column} = ${written} WHERE ${id} = :id AND ${column} = :value`
      const { results } = await write(env, [named(update, { sealed, id: row.id, value: row.value })])
      done += results[0]?.meta.changes ?? 0
    }
  }
  return done
}

/** The state of the keys. */
export interface KeyState {
  /** The ID of the key that encrypts, and of the other keys. */
  key: string
  others: string[]
  /** How many secrets another key still encrypts. At 0, the other keys can be taken away. */
  left: number
  /** How many secrets no key decrypts. They have to be entered again. */
  unreadable: number
}

export async function keyState(env: Env): Promise<KeyState> {
  const [key = '', ...others] = keysOf(env).map(keyId)
  const state: KeyState = { key, others, left: 0, unreadable: 0 }
  for (const place of PLACES) {
    for (const { id, sealed } of await sealedBefore(env, place, MOST)) {
      const readable = await unlessUnreadable(
        open(sealed, env, place.ownerOf(id)).then(() => true),
        false,
      )
      state[readable ? 'left' : 'unreadable']++
    }
  }
  return state
}
