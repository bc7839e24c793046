import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { splitSql } from './wrangler.ts'

/** Runs SQL statements in one transaction. Returns the rows of each. Throws an `Error` with the database's message. */
type Query = (statements: string[]) => Promise<unknown[][]>

const appliedSchema = z.array(z.object({ name: z.string() }))

/**
 * Applies the migrations in `folder` that the database does not have yet. Each runs in one transaction together with
 * its entry in the table that `wrangler d1 migrations apply` keeps.
 */
export async function migrate(query: Query, folder: string): Promise<void> {
  const [, rows = []] = await query([
    `CREATE TABLE IF NOT EXISTS d1_migrations (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT UNIQUE,
      applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
    )`,
    'SELECT name FROM d1_migrations',
  ])
  const applied = new Set(appliedSchema.parse(rows).map(({ name }) => name))
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  for (const name of names.sort()) {
    if (applied.has(name)) continue
    const statements = splitSql(readFileSync(join(folder, name), 'utf8'))
    await query([...statements, `INSERT INTO d1_migrations (name) VALUES ('${name}')`])
  }
}
