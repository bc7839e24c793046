import { DatabaseSync } from 'node:sqlite'
import type { Migrations } from './migrations.ts'

export const CONTACTS = 'contact'

/** A table that is copied. */
export interface Table {
  name: string
  columns: string[]
  /** The columns of its primary key. */
  key: string[]
}

/** Tables that are not copied: the search index and the numbers follow from the contacts, the rest belongs to SQLite. */
const NOT_COPIED = /^(contact_search|contact_term|contact_word|contact_number$|sqlite_)/

/** Tables that change without any change of the directory, and need not be of the same moment. */
const UNSTABLE = new Set([
  ...[
    'audit',
    'hook_call',
    'idempotency',
    'notification',
    'one_time_token',
    'opt_out_file',
    'retention',
    'run',
    'delivery',
  ],
  ...['session', 'sign_in_attempt', 'token', 'webhook_call', 'group_reach', 'recovery_code', 'second_factor'],
])

/** Returns whether the table has to be of the same moment as the contacts. */
export function isStable(name: string): boolean {
  return !UNSTABLE.has(name)
}

/** Returns the tables to copy of a database that has the migrations up to `level`, with those that others refer to first. */
export function tablesAt(migrations: Migrations, level: string): Table[] {
  const db = new DatabaseSync(':memory:')
  for (const name of migrations.upTo(level)) db.exec(migrations.sql(name))
  const named = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).all()
  const tables = named
    .map(({ name }) => String(name))
    .filter((name) => !NOT_COPIED.test(name))
    .map((name) => {
      const info = db.prepare(`SELECT name, pk FROM pragma_table_info(?) ORDER BY cid`).all(name)
      const key = info.filter(({ pk }) => Number(pk) > 0).sort((one, other) => Number(one.pk) - Number(other.pk))
      return { name, columns: info.map((column) => String(column.name)), key: key.map((column) => String(column.name)) }
    })
  db.close()
  const isFirst = ({ name }: Table) => name === 'source' || name === 'user'
  return [...tables.filter(isFirst), ...tables.filter((table) => !isFirst(table))]
}

/** Returns a row as a JSON list, as SQL. D1 allows a function only 32 arguments, so that `json_array` would not do. */
export function columnsOf({ columns }: Pick<Table, 'columns'>): string {
  return `'[' || ${columns.map((column) => `json_quote("${column}")`).join(` || ',' || `)} || ']'`
}

/** Returns the columns of the primary key, as SQL. */
export function orderOf({ key }: Table): string {
  return key.map((column) => `"${column}"`).join(', ')
}
