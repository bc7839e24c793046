import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unstable_splitSqlQuery as splitSql } from 'wrangler'

/**
 * Applies the migrations in `folder` that the database does not have yet. Each runs in one transaction together with
 * its entry in the table that `wrangler d1 migrations apply` keeps.
 */
export async function migrate(db: D1Database, folder: string): Promise<void> {
  await db
    .prepare(
      `CREATE TABLE IF NOT EXISTS d1_migrations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT UNIQUE,
        applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
      )`,
    )
    .run()
  const { results } = await db.prepare('SELECT name FROM d1_migrations').all<{ name: string }>()
  const applied = new Set(results.map((row) => row.name))
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  for (const name of names.sort()) {
    if (applied.has(name)) continue
    const statements = splitSql(readFileSync(join(folder, name), 'utf8')).map((sql) => db.prepare(sql))
    await db.batch([...statements, db.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name)])
  }
}
