import { desc, eq } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { readDetails } from '../core/contact.ts'
import { ErasedPeople, type ErasedPerson, HASHED, hashedNumber } from '../core/erased.ts'
import type { Env } from '../env.ts'
import type { KeyedHash } from '../security/keyed-hash.ts'
import { counterValue, raise } from './counters.ts'
import { all, database, first, madeBefore, named, type Statement } from './database.ts'
import { erasedHash } from './erased-hash.ts'

/** People who were erased (design: Consent). Of the people themselves only keyed hashes are left. */
export const erasures = sqliteTable('erasure', {
  id: text('id').primaryKey(),
  at: integer('at').notNull(),
  who: text('who').notNull(),
  reason: text('reason').notNull(),
  /** The keys of the contacts, and the IDs of the sources that had them. */
  contacts: text('contacts', { mode: 'json' }).$type<number[]>().notNull(),
  sources: text('sources', { mode: 'json' }).$type<string[]>().notNull(),
  /** `[id, details]` of each contact, hashed; `details` as stored. */
  people: text('people', { mode: 'json' }).$type<[id: string, details: unknown[]][]>().notNull(),
})
export type ErasureRow = typeof erasures.$inferSelect

/** Lists erasures, newest first, after the one with the cursor. */
export function listErasures(env: Env, cursor: string, limit: number): Promise<ErasureRow[]> {
  return database(env)
    .select()
    .from(erasures)
    .where(madeBefore({ createdAt: erasures.at, id: erasures.id }, cursor))
    .orderBy(desc(erasures.at), desc(erasures.id))
    .limit(limit)
}

export async function findErasure(env: Env, id: string): Promise<ErasureRow | null> {
  const [row] = await database(env).select().from(erasures).where(eq(erasures.id, id))
  return row ?? null
}

/** Who was erased, when a step began. `revision`: the counter `erased` at that time. */
export interface Erased {
  revision: number
  /** Null if nobody was erased. */
  people: ErasedPeople | null
  /** The hashed numbers for which an opt-out or a text is recorded. */
  numbers: ReadonlySet<string>
  hash: KeyedHash
}

/** As SQL: the hashed numbers for which an opt-out or a text is recorded. */
const HIDDEN_NUMBERS = `SELECT number FROM number_opt_out WHERE number >= '${HASHED}' AND number < '$'
  UNION SELECT number FROM decision WHERE number >= '${HASHED}' AND number < '$' AND number IS NOT NULL`

/** Reads who was erased, for the contacts of a source; '' for manual contacts. */
export async function readErased(env: Env, source: string): Promise<Erased> {
  const revision = await first<{ value: number }>(env, named(`SELECT ${counterValue('erased')} AS value`))
  const hash = await erasedHash(env)
  if (revision === null || revision.value === 0) return { revision: 0, people: null, numbers: new Set(), hash }
  const rows = await database(env).select().from(erasures)
  const numbers = await all<{ number: string }>(env, named(HIDDEN_NUMBERS))
  return {
    revision: revision.value,
    people: rows.length === 0 ? null : erasedPeople(hash, source, rows),
    numbers: new Set(numbers.map(({ number }) => number)),
    hash,
  }
}

/** Returns a test for the people of erasures. */
export function erasedPeople(
  hash: KeyedHash,
  source: string,
  rows: readonly Pick<ErasureRow, 'people' | 'contacts'>[],
): ErasedPeople {
  const people = rows.flatMap((row): ErasedPerson[] =>
    row.people.map(([id, details]) => ({ id, details: readDetails(JSON.stringify(details)) })),
  )
  return new ErasedPeople(
    hash,
    source,
    people,
    rows.flatMap(({ contacts }) => contacts),
  )
}

/** Returns the statements that make the opt-outs of numbers count again that come to a contact, or that send a text. */
export function recallingNumbers({ numbers: hidden, hash }: Erased, numbers: Iterable<string>): Statement[] {
  if (hidden.size === 0) return []
  const recalled: Record<string, string> = {}
  for (const number of numbers) {
    const hashed = hashedNumber(hash, number)
    if (hidden.has(hashed)) recalled[hashed] = number
  }
  return Object.keys(recalled).length === 0 ? [] : movingNumbers(recalled, 'true')
}

/**
 * Returns the statements by which numbers take the place of others (`from` → `to`) in opt-outs and texts. `condition`, in SQL,
 * is about the number `j.key`.
 */
export function movingNumbers(moved: Record<string, string>, condition: string): Statement[] {
  const values = { moved: JSON.stringify(moved) }
  return [
    named(
      `UPDATE OR REPLACE number_opt_out SET number = j.value FROM json_each(:moved) j
        WHERE number_opt_out.number = j.key AND ${condition}`,
      values,
    ),
    named(
      `UPDATE decision SET number = j.value FROM json_each(:moved) j WHERE decision.number = j.key AND ${condition}`,
      values,
    ),
  ]
}

/** Returns the statements that lift an erasure. The same bytes are planned again, since they may have the person. */
export function liftingErasure(id: string): Statement[] {
  return [
    named('DELETE FROM erasure WHERE id = :id', { id }),
    raise('erased'),
    named(
      `UPDATE source SET baseline = iif(baseline ->> '$.undone' IS NULL, NULL, json_set(baseline, '$.settingsHash', ''))`,
    ),
  ]
}
