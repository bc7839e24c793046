import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unstable_splitSqlQuery as splitSql } from 'wrangler'
import type { Database } from './database.ts'

/** The migrations of this checkout. */
export interface Migrations {
  names: readonly string[]
  /** Returns the names up to one of them. Throws an `Error` if no migration has this name. */
  upTo(name: string): readonly string[]
  sql(name: string): string
}

export function readMigrations(folder: string): Migrations {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  return {
    names,
    upTo(name) {
      const at = names.indexOf(name)
      if (at === -1)
        throw new Error(`The migration ${name} is not in this checkout. Take the version that was deployed.`)
      return names.slice(0, at + 1)
    },
    sql: (name) => readFileSync(join(folder, name), 'utf8'),
  }
}

/** Returns the last migration that a database has. Throws an `Error` if it is not a database of Muster. */
export async function lastMigration(database: Database): Promise<string> {
  const [made] = await database.read(`SELECT count(*) FROM sqlite_master WHERE name = 'd1_migrations'`)
  const [name] = made === 0 ? [] : await database.read('SELECT name FROM d1_migrations ORDER BY name DESC LIMIT 1')
  if (typeof name !== 'string') throw new Error(`${database.name} is not a database of Muster.`)
  return name
}

/** The table in which `wrangler d1 migrations apply` and the local start look for what is applied. */
const APPLIED = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`

/** Applies migrations, in order. */
export async function applyMigrations(
  database: Database,
  migrations: Migrations,
  names: readonly string[],
): Promise<void> {
  await database.script([APPLIED])
  for (const name of names) {
    await database.script(splitSql(migrations.sql(name)))
    await database.write(`INSERT OR IGNORE INTO d1_migrations (name) VALUES (?1)`, name)
  }
}
