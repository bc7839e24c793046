import { eq, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { database, first, guard, named, type Statement } from './database.ts'

/**
 * Numbers that only grow. `seq`: the last place in the order of changes. `key`: the last key of a contact. `manual` and
 * `fields` grow with each manual change of contacts and of field definitions. `expired`: the last place of a contact
 * that retention deleted. `decision`: the last decision before those of a transaction. `erased` grows with each erasure, and
 * when one is lifted.
 */
export type Counter = 'seq' | 'key' | 'manual' | 'fields' | 'expired' | 'decision' | 'erased'

export const counters = sqliteTable('counter', {
  name: text('name').$type<Counter>().primaryKey(),
  value: integer('value').notNull(),
})

/** Returns the value of a counter, as SQL. */
export const counterValue = (counter: Counter) => `(SELECT value FROM counter WHERE name = '${counter}')`

/** Returns the statement that raises a counter. `by`: the amount, as SQL with the named values. */
export function raise(counter: Counter, by = '1', values: Parameters<typeof named>[1] = {}): Statement {
  return named(`UPDATE counter SET value = value + ${by} WHERE name = '${counter}'`, values)
}

/** Returns a statement that fails its batch unless the counter has this value. */
export function unmoved(counter: Counter, value: number): Statement {
  return guard(`${counterValue(counter)} = :value`, { value })
}

/** Reads the value of a counter. */
export async function currentValue(env: Env, counter: Counter): Promise<number> {
  const [row] = await database(env).select().from(counters).where(eq(counters.name, counter))
  return row?.value ?? 0
}

/** Raises a counter by one and returns its new value. */
export async function take(env: Env, counter: Counter): Promise<number> {
  const [row] = await database(env)
    .update(counters)
    .set({ value: sql`${counters.value} + 1` })
    .where(eq(counters.name, counter))
    .returning({ value: counters.value })
  if (row === undefined) throw new Error(`There is no counter “${counter}”`)
  return row.value
}

/**
 * Numbers that change when contacts change in anything but their SMS status. A plan is valid only while both are the
 * same.
 */
export interface Revisions {
  source: number
  /** The revision of the manual contacts. */
  manual: number
}

/** Returns the current revisions, for a plan of the source. */
export async function revisions(env: Env, source: string): Promise<Revisions> {
  const row = await first<{ source: number | null; manual: number | null }>(
    env,
    named(`SELECT (SELECT revision FROM source WHERE id = :source) AS source, ${counterValue('manual')} AS manual`, {
      source,
    }),
  )
  return { source: row?.source ?? 0, manual: row?.manual ?? 0 }
}
