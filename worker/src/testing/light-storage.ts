import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

/* D1 and R2 in plain Node: SQLite in memory, and files in a map. */

/** The tables. To make them is as much work as a short test, so they are copied. */
const TABLES = migrated()

/** Returns a database with all tables, and nothing in them but what migrations put there. */
export function emptyDatabase(): DatabaseSync {
  const db = new DatabaseSync(':memory:')
  db.deserialize(TABLES)
  return db
}

/** Returns a digest at once. Thousands of short histories spend much of their time waiting for Node's threads for digests. */
export async function digestAtOnce(algorithm: string, data: Uint8Array | ArrayBuffer): Promise<ArrayBuffer> {
  const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data
  return new Uint8Array(createHash(algorithm).update(bytes).digest()).buffer
}

function migrated(): Uint8Array {
  const db = new DatabaseSync(':memory:')
  db.exec('CREATE TABLE d1_migrations (name TEXT UNIQUE)')
  for (const name of readdirSync('migrations').sort()) {
    db.exec(readFileSync(`migrations/${name}`, 'utf8'))
    db.prepare('INSERT INTO d1_migrations VALUES (?)').run(name)
  }
  return db.serialize()
}

/** Returns a database of Node as D1. */
export function lightDatabase(db: DatabaseSync): D1Database {
  const prepared = new Map<string, StatementSync>()
  const take = (sql: string): StatementSync => {
    const known = prepared.get(sql) ?? db.prepare(sql)
    prepared.set(sql, known)
    return known
  }
  const light: Partial<D1Database> = {
    prepare: (sql) => new LightStatement(take, sql, []).asD1(),
    async batch<T>(statements: D1PreparedStatement[]) {
      db.exec('BEGIN')
      try {
        const results = statements.map((one) => LightStatement.of(one).perform<T>())
        db.exec('COMMIT')
        return results
      } catch (error) {
        db.exec('ROLLBACK')
        throw error
      }
    },
  }
  return light as D1Database
}

/** A statement with its values. Like D1, it takes the values that SQLite takes, and booleans too. */
class LightStatement {
  static readonly #own = new WeakMap<D1PreparedStatement, LightStatement>()
  readonly #take: (sql: string) => StatementSync
  readonly #sql: string
  readonly #values: SQLInputValue[]

  constructor(take: (sql: string) => StatementSync, sql: string, values: unknown[]) {
    this.#take = take
    this.#sql = sql
    this.#values = values.map((value) => (typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)))
  }

  static of(statement: D1PreparedStatement): LightStatement {
    const own = LightStatement.#own.get(statement)
    if (own === undefined) throw new Error('This statement is of another database')
    return own
  }

  asD1(): D1PreparedStatement {
    const statement = {
      bind: (...values: unknown[]) => new LightStatement(this.#take, this.#sql, values).asD1(),
      all: async () => this.perform(),
      run: async () => this.perform(),
      raw: async () => this.#rows(true),
      first: async (column?: string) => {
        const [row = null] = this.#rows(false) as Record<string, unknown>[]
        return column === undefined ? row : (row?.[column] ?? null)
      },
    } as D1PreparedStatement
    LightStatement.#own.set(statement, this)
    return statement
  }

  perform<T>(): D1Result<T> {
    const statement = this.#take(this.#sql)
    const reads = statement.columns().length > 0
    const results = reads ? this.#rows(false) : []
    const changes = reads ? 0 : Number(statement.run(...this.#values).changes)
    return { success: true, results, meta: { changes, rows_written: changes } } as unknown as D1Result<T>
  }

  #rows(asArrays: boolean): unknown[] {
    const statement = this.#take(this.#sql)
    statement.setReturnArrays(asArrays)
    return statement.all(...this.#values)
  }
}

/** Returns a bucket without files. */
export function lightFiles(): R2Bucket {
  const files = new Map<string, { bytes: Uint8Array<ArrayBuffer>; uploaded: Date }>()
  const light: Partial<Record<keyof R2Bucket, unknown>> = {
    async get(key: string, options?: { range?: { offset: number; length: number } }) {
      const whole = files.get(key)?.bytes
      if (whole === undefined) return null
      const { offset, length } = options?.range ?? { offset: 0, length: whole.length }
      const bytes = whole.slice(offset, offset + length)
      const { body } = new Response(bytes)
      return { size: whole.length, arrayBuffer: async () => bytes.buffer, json: () => new Response(bytes).json(), body }
    },
    put: async (key: string, value: string | ArrayBuffer | Uint8Array<ArrayBuffer>) =>
      void files.set(key, {
        bytes: new Uint8Array(await new Response(value).arrayBuffer()),
        uploaded: new Date(Date.now()),
      }),
    async list({ prefix = '', startAfter = '', limit = 1000 }: R2ListOptions) {
      const keys = [...files.keys()].filter((key) => key.startsWith(prefix) && key > startAfter).sort()
      const objects = keys.slice(0, limit).map((key) => ({ key, uploaded: files.get(key)?.uploaded }))
      return { objects, truncated: keys.length > limit }
    },
    head: async (key: string) => (files.has(key) ? {} : null),
    delete: async (keys: string | string[]) => {
      for (const key of [keys].flat()) files.delete(key)
    },
  }
  return light as unknown as R2Bucket
}
