import { type Column, getTableColumns, getTableName, type SQL, sql, type Table } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Env } from '../env.ts'

/**
 * The store's access to D1. Drizzle describes the tables and serves the ordinary queries; bulk statements are SQL with
 * named values. `statement` and `named` turn both into a `Statement`, so that one `write` takes both.
 */
type Bindings = Pick<Env, 'DB'>

/** Returns the tables through drizzle. Its queries are awaited, or go into a batch through `statement`. */
export function database(env: Bindings) {
  return drizzle(env.DB)
}

/**
 * The most queries of a message that makes a plan: half of the 1,000 that D1 allows in an invocation, so that its end, such
 * as the first opt-outs, has the other half.
 */
const MOST_QUERIES = 500

/** Counts the queries of one message. */
export class QueryBudget {
  readonly #most: number
  used = 0

  constructor(most = MOST_QUERIES) {
    this.#most = most
  }

  /** Returns whether so many more queries can still be made. */
  has(more: number): boolean {
    return this.used + more <= this.#most
  }

  /** Returns the bindings with every query counted: each statement that is prepared runs once. */
  counting<Env extends Bindings>(env: Env): Env {
    const prepare = (sql: string) => {
      this.used++
      return env.DB.prepare(sql)
    }
    const DB: Pick<D1Database, 'prepare' | 'batch'> = { prepare, batch: (statements) => env.DB.batch(statements) }
    return { ...env, DB: DB as D1Database }
  }
}

/** One SQL statement with the values of its `?`, in order. */
export interface Statement {
  sql: string
  values: readonly unknown[]
}

/** Converts a drizzle query to a statement. */
export function statement(query: { toSQL(): { sql: string; params: unknown[] } }): Statement {
  const { sql, params } = query.toSQL()
  return { sql, values: params }
}

/** Matches a text in quotation marks, the name of a value, or a value by position. */
const PLACES = /'[^']*'|"[^"]*"|:([a-z]\w*)|\?/gi

/**
 * Returns a statement in which each `:name` is the value `name`, however often it occurs; D1 itself knows only `?` and
 * `?NNN`. Throws for a name without a value, a value without a name, and a `?`, since each is a mistake in the code.
 * Booleans become 1 and 0.
 */
export function named(sql: string, values: Record<string, string | number | boolean | null> = {}): Statement {
  const names: string[] = []
  const numbered = sql.replace(PLACES, (found, name?: string) => {
    if (found === '?') throw new Error(`A value has no name: ${sql}`)
    if (name === undefined) return found
    if (!Object.hasOwn(values, name)) throw new Error(`There is no value “${name}” for: ${sql}`)
    const known = names.indexOf(name)
    return `?${known === -1 ? names.push(name) : known + 1}`
  })
  for (const name of Object.keys(values)) {
    if (!names.includes(name)) throw new Error(`The value “${name}” is not used by: ${sql}`)
  }
  return {
    sql: numbered,
    values: names.map((name) => (typeof values[name] === 'boolean' ? Number(values[name]) : values[name])),
  }
}

/**
 * Returns a bound number as a whole number, as SQL. D1 binds every number as a real one, and the search index goes
 * straight to a whole `rowid` only; for a real one it reads all the rows before.
 */
export function whole(value: string): string {
  return `CAST(${value} AS INTEGER)`
}

/**
 * Returns a statement that writes nothing and fails its batch unless the condition, in SQL with named values, holds. An
 * UPDATE that matches nothing would not fail. If the condition is false, the statement puts NULL into a column that
 * must not be NULL, and SQLite refuses that.
 */
export function guard(condition: string, values: Parameters<typeof named>[1] = {}): Statement {
  return named(`INSERT INTO counter (name, value) SELECT 'guard', NULL WHERE (${condition}) IS NOT TRUE`, values)
}

/** The reasons for which D1 can refuse a batch: a guard, or a value that another row has in a unique column. */
export type Constraint = 'guard' | Column

const GUARD = 'NOT NULL constraint failed: counter.value'

/**
 * Writes all of the statements in one transaction, or none. `expected` lists the constraints whose failure is an answer
 * and not an error. `failed` is the constraint that failed; null if everything was written.
 */
export async function write<Expected extends readonly Constraint[]>(
  env: Bindings,
  statements: readonly Statement[],
  ...expected: Expected
): Promise<{ failed: Expected[number] | null; results: D1Result[] }> {
  try {
    return { failed: null, results: await env.DB.batch(statements.map((one) => prepared(env, one))) }
  } catch (error) {
    const failed = expected.find((constraint) => isFailureOf(constraint, String(error)))
    if (failed === undefined) throw error
    return { failed, results: [] }
  }
}

function isFailureOf(constraint: Constraint, message: string): boolean {
  if (constraint === 'guard') return message.includes(GUARD)
  const [, columns] = /UNIQUE constraint failed: ([\w.]+(?:, [\w.]+)*)/.exec(message) ?? []
  return columns === `${getTableName(constraint.table)}.${constraint.name}`
}

/** Returns all rows of a statement. */
export async function all<Row>(env: Bindings, one: Statement): Promise<Row[]> {
  return (await prepared(env, one).all<Row>()).results
}

/** Returns the first row of a statement; null if there are no rows. */
export function first<Row>(env: Bindings, one: Statement): Promise<Row | null> {
  return prepared(env, one).first<Row>()
}

function prepared(env: Bindings, { sql, values }: Statement): D1PreparedStatement {
  return env.DB.prepare(sql).bind(...values)
}

/**
 * Returns the columns of a table, or some of them, under their names in code: for a SELECT in SQL whose rows have the
 * table's row type.
 */
export function columnsOf<T extends Table>(
  table: T,
  alias: string,
  some: readonly (keyof T['_']['columns'] & string)[] = [],
): string {
  const columns = Object.entries(getTableColumns(table))
  const wanted = some.length === 0 ? columns : columns.filter(([name]) => some.includes(name))
  return wanted.map(([name, column]) => `${alias}.${column.name} AS ${name}`).join(', ')
}

/**
 * Returns the condition for rows that were made after the row of the cursor `TIME.ID`; undefined for `''`, the
 * beginning of the list.
 */
export function madeAfter({ createdAt, id }: { createdAt: Column; id: Column }, cursor: string): SQL | undefined {
  const [time, of] = cursor.split('.')
  return cursor === '' ? undefined : sql`(${createdAt}, ${id}) > (${Number(time)}, ${of})`
}

/** Returns the condition like `madeAfter`, for a list whose newest row comes first. */
export function madeBefore({ createdAt, id }: { createdAt: Column; id: Column }, cursor: string): SQL | undefined {
  const [time, of] = cursor.split('.')
  return cursor === '' ? undefined : sql`(${createdAt}, ${id}) < (${Number(time)}, ${of})`
}
