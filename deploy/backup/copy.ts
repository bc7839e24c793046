import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { createGzip, type Gzip } from 'node:zlib'
import type { Database } from './database.ts'
import { type CopiedTable, fileOf, type Manifest, sha256Of, writeManifest } from './manifest.ts'
import { lastMigration, type Migrations } from './migrations.ts'
import { CONTACTS, columnsOf, isStable, orderOf, type Table, tablesAt } from './tables.ts'

/** How many characters of rows one query should return. D1 allows results of 50 MB. */
const PAGE = 4_000_000
const MOST_ROWS = 5000
const FIRST_ROWS = 200
/** How often the tables are read until two readings agree. */
const READINGS = 20

/**
 * Copies a database into a folder, table by table and page by page: D1 refuses to export a database with a search index, and a
 * refused export has stopped one. Imports and opt-outs may go on meanwhile: the copy is complete once two readings of all tables
 * agree, so that it has the state of one moment. Throws an `Error` if they keep changing.
 */
export async function copyDatabase(
  database: Database,
  folder: string,
  { migrations, version }: { migrations: Migrations; version: string },
  print: (line: string) => void,
): Promise<Manifest> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const migration = await lastMigration(database)
  const tables = tablesAt(migrations, migration)
  const contacts = tables.find(({ name }) => name === CONTACTS)
  if (contacts === undefined) throw new Error(`${database.name} has no contacts.`)
  const others = tables.filter((table) => table !== contacts)
  const copy = new TableFile(folder, contacts)
  let reached = await lastPlace(database)
  await copy.add(rowsByKey(database, contacts))
  print(`contact: ${copy.lines} rows`)
  let before: Record<string, CopiedTable> = {}
  for (let reading = 1; reading <= READINGS; reading++) {
    const now: Record<string, CopiedTable> = {}
    // What changes with every run comes first: it is then read between two readings of the contacts that agree.
    for (const table of others.filter(({ name }) => !isStable(name)))
      now[table.name] = await copied(database, folder, table)
    const from = copy.lines
    const place = await lastPlace(database)
    await copy.add(rowsSince(database, contacts, reached))
    reached = place
    for (const table of others.filter(({ name }) => isStable(name)))
      now[table.name] = await copied(database, folder, table)
    const agrees = copy.lines === from && others.every(({ name }) => !isStable(name) || isSame(now[name], before[name]))
    if (agrees) {
      now[CONTACTS] = await copy.close()
      const manifest: Manifest = { format: 1, version, at: new Date().toISOString(), migration, tables: now }
      writeManifest(folder, manifest)
      return manifest
    }
    before = now
  }
  await copy.close()
  throw new Error('The directory kept changing while it was copied. Make the backup when no import is running.')
}

async function lastPlace(database: Database): Promise<number> {
  const [value] = await database.read(`SELECT value FROM counter WHERE name = 'seq'`)
  return Number(value)
}

function isSame(one: CopiedTable | undefined, other: CopiedTable | undefined): boolean {
  return one !== undefined && one.sha256 === other?.sha256
}

/** Copies a whole table. */
async function copied(database: Database, folder: string, table: Table): Promise<CopiedTable> {
  const file = new TableFile(folder, table)
  await file.add(rowsByKey(database, table))
  return file.close()
}

/** The file of a table that is being written. */
class TableFile {
  lines = 0
  readonly #path: string
  readonly #gzip: Gzip
  readonly #written: Promise<void>

  constructor(folder: string, table: Table) {
    this.#path = fileOf(folder, table.name)
    this.#gzip = createGzip()
    const file = createWriteStream(this.#path, { mode: 0o600 })
    this.#written = finished(file)
    // An error is thrown by `close`.
    this.#written.catch(() => undefined)
    this.#gzip.pipe(file)
  }

  async add(pages: AsyncIterable<readonly string[]>): Promise<void> {
    for await (const lines of pages) {
      this.lines += lines.length
      if (lines.length > 0 && !this.#gzip.write(`${lines.join('\n')}\n`)) await once(this.#gzip, 'drain')
    }
  }

  async close(): Promise<CopiedTable> {
    this.#gzip.end()
    await this.#written
    return { lines: this.lines, sha256: await sha256Of(this.#path) }
  }
}

/** Yields all rows of a table in the order of its primary key. */
async function* rowsByKey(database: Database, table: Table): AsyncGenerator<string[]> {
  const { name, key } = table
  const places = key.map((column) => table.columns.indexOf(column))
  const after = `(${key.map((_, at) => `json_extract(?1, '$[${at}]')`).join(', ')})`
  const select = `SELECT ${columnsOf(table)} FROM "${name}"`
  let last: string | null = null
  const sizes = new PageSize()
  for (;;) {
    const where = last === null ? '' : ` WHERE (${orderOf(table)}) > ${after}`
    const sql = `${select}${where} ORDER BY ${orderOf(table)} LIMIT `
    const lines = await page(database, sql, last ?? undefined, sizes)
    if (lines.length === 0) return
    yield lines
    const row: unknown[] = JSON.parse(lines.at(-1) ?? '[]')
    last = JSON.stringify(places.map((place) => row[place]))
  }
}

/** Yields the contacts that have changed since a place in the order of changes. */
async function* rowsSince(database: Database, contacts: Table, place: number): AsyncGenerator<string[]> {
  const at = contacts.columns.indexOf('seq')
  const sizes = new PageSize()
  for (let after = place; ; ) {
    const sql = `SELECT ${columnsOf(contacts)} FROM contact WHERE seq > json_extract(?1, '$[0]') ORDER BY seq LIMIT `
    const lines = await page(database, sql, JSON.stringify([after]), sizes)
    if (lines.length === 0) return
    yield lines
    after = Number(JSON.parse(lines.at(-1) ?? '[]')[at])
  }
}

/** How many rows a page has: as many as fit into a page by the size of the rows before. */
class PageSize {
  rows = FIRST_ROWS

  note(lines: readonly string[]): void {
    const length = lines.reduce((sum, line) => sum + line.length, 1)
    this.rows = Math.max(1, Math.min(MOST_ROWS, 2 * this.rows, Math.floor((lines.length * PAGE) / length)))
  }
}

async function page(database: Database, sql: string, value: string | undefined, sizes: PageSize): Promise<string[]> {
  const lines = (await database.read(`${sql}${sizes.rows}`, value)) as string[]
  sizes.note(lines)
  return lines
}
