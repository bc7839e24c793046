import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A database of Muster from outside: a deployed D1, or the file of a local one. */
export interface Database {
  /** Its name in messages. */
  name: string
  /** Returns the first column of each row. `value` is the only bound value, `?1`; lists are bound as JSON. */
  read(sql: string, value?: string): Promise<unknown[]>
  /** Makes a change in one transaction. `value`: see `read`. */
  write(sql: string, value?: string): Promise<void>
  /** Runs statements one after the other. */
  script(statements: readonly string[]): Promise<void>
  /** Takes it back to a time (ISO 8601), if it can. Returns the name of the state that it had. */
  goBack?(to: string): Promise<string>
  close(): void
}

/** Opens the database of a local Muster, which may be running if it is only read. Throws an `Error` if it does not exist. */
export function openLocal(state: string, use: 'read' | 'change'): Database {
  return ofSqlite(new DatabaseSync(localFile(state), { readOnly: use === 'read' }), `the database in ${state}`)
}

/**
 * Puts an empty database in the place of that of a local Muster, which must not be running, and opens it. The one before is kept
 * beside it, with `before` in its name. Throws an `Error` if it does not exist.
 */
export function replaceLocal(state: string, now: Date): Database {
  const file = localFile(state)
  const kept = `${file.slice(0, -'.sqlite'.length)}.before-${now.toISOString().replaceAll(':', '')}`
  // What a stop has left in the log belongs to the file.
  const db = new DatabaseSync(file)
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
  renameSync(file, kept)
  for (const other of ['-wal', '-shm']) rmSync(`${file}${other}`, { force: true })
  return ofSqlite(new DatabaseSync(file), `the database in ${state}`)
}

function localFile(state: string): string {
  const files = existsSync(state) ? readdirSync(state, { recursive: true, encoding: 'utf8' }) : []
  const [file] = files.filter((name) => /d1.*[0-9a-f]{64}\.sqlite$/.test(name))
  if (file === undefined) throw new Error(`There is no database in ${state}. Start Muster there once.`)
  return join(state, file)
}

/** Returns an SQLite database as one that can be backed up and restored. */
export function ofSqlite(db: DatabaseSync, name: string): Database {
  return {
    name,
    async read(sql, value) {
      const statement = db.prepare(sql)
      statement.setReturnArrays(true)
      const rows = statement.all(...(value === undefined ? [] : [value])) as unknown as unknown[][]
      return rows.map(([first]) => first)
    },
    async write(sql, value) {
      db.prepare(sql).run(...(value === undefined ? [] : [value]))
    },
    async script(statements) {
      for (const sql of statements) db.exec(sql)
    },
    close: () => db.close(),
  }
}
