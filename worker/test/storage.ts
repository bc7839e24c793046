import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

/** What one runtime keeps from file to file: this module is loaded for each of them. */
const kept: typeof globalThis & { emptying?: D1PreparedStatement[] } = globalThis

/** Makes the storage new and applies all migrations; once in a runtime, later it only empties the storage. */
export async function makeStorage(): Promise<void> {
  if (kept.emptying !== undefined) return emptyStorage()
  await reset()
  await applyD1Migrations(env.DB, env.MIGRATIONS)
  kept.emptying = await statementsThatEmpty(env.DB)
}

/** Brings the storage back to what the migrations made, in a small part of the time. */
export async function emptyStorage(): Promise<void> {
  await env.DB.batch(kept.emptying ?? [])
  for (;;) {
    const { objects } = await env.FILES.list()
    if (objects.length === 0) return
    await env.FILES.delete(objects.map(({ key }) => key))
  }
}

async function statementsThatEmpty(db: D1Database): Promise<D1PreparedStatement[]> {
  const { results: tables } = await db
    .prepare(
      `SELECT t.name, t.type FROM pragma_table_list t
        WHERE t.type IN ('table', 'virtual') AND t.name NOT GLOB '_cf_*'
          AND t.name NOT IN ('d1_migrations', 'contact_term', 'contact_word')
          AND (t.name NOT GLOB 'sqlite_*' OR t.name = 'sqlite_sequence')
        ORDER BY EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = t.name) DESC`,
    )
    .all<{ name: string; type: 'table' | 'virtual' }>()
  const rows = await db.batch<Record<string, unknown>>(
    tables.map(({ name, type }) => db.prepare(`SELECT * FROM "${name}" ${type === 'virtual' ? 'LIMIT 0' : ''}`)),
  )
  return [
    db.prepare('PRAGMA defer_foreign_keys = on'),
    // Tables with triggers come first, since a trigger may write to another table.
    ...tables.map(({ name, type }) =>
      db.prepare(
        type === 'virtual' ? `INSERT INTO "${name}" ("${name}") VALUES ('delete-all')` : `DELETE FROM "${name}"`,
      ),
    ),
    ...tables.flatMap(({ name }, i) => (rows[i]?.results ?? []).map((row) => insert(db, name, row))),
  ]
}

function insert(db: D1Database, table: string, row: Record<string, unknown>): D1PreparedStatement {
  const columns = Object.keys(row)
  const names = columns.map((column) => `"${column}"`).join(', ')
  const values = columns.map(() => '?').join(', ')
  return db.prepare(`INSERT INTO "${table}" (${names}) VALUES (${values})`).bind(...Object.values(row))
}
