import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { pathOf } from '../../worker/src/core/attributes.ts'
import { NUMBER_PATH, readDetails } from '../../worker/src/core/contact.ts'
import { searchWords } from '../../worker/src/core/search.ts'
import type { Database } from './database.ts'
import { fileOf, type Manifest, readManifest } from './manifest.ts'
import { applyMigrations, type Migrations } from './migrations.ts'
import { CONTACTS, type Table, tablesAt } from './tables.ts'

/** How many characters one statement takes. D1 allows a bound text of 2,000,000 bytes. */
const BATCH = 600_000
/** How many contacts one statement reads to make their numbers. */
const KEYS = 20_000

/**
 * Loads a backup into an empty database: the migrations that the backup had, its tables, what follows from the contacts, and the
 * migrations since. The result has to be treated like any restored database (`restored.ts`). Throws an `Error` if the backup is
 * damaged or the database is not empty.
 */
export async function loadDatabase(
  database: Database,
  folder: string,
  migrations: Migrations,
  print: (line: string) => void,
): Promise<Manifest> {
  const manifest = await readManifest(folder)
  const before = migrations.upTo(manifest.migration)
  const [tables] = await database.read(
    `SELECT count(*) FROM sqlite_master WHERE name IN ('contact', 'source', 'd1_migrations')`,
  )
  if (tables !== 0) throw new Error(`${database.name} is not empty. A backup is loaded into a new database only.`)
  await applyMigrations(database, migrations, before)
  const copied = tablesAt(migrations, manifest.migration)
  for (const { name: table, columns } of copied) {
    const into = columns.map((column) => `"${column}"`).join(', ')
    const values = columns.map((_, at) => `value->>${at}`).join(', ')
    const sql = `INSERT OR REPLACE INTO "${table}" (${into}) SELECT ${values} FROM json_each(?1)`
    for await (const batch of batched(linesOf(folder, table))) await database.write(sql, `[${batch.join(',')}]`)
    print(`${table}: ${manifest.tables[table]?.lines} rows`)
  }
  await fillNumbers(database)
  await fillSearch(database, folder, copied)
  await applyMigrations(database, migrations, migrations.names.slice(before.length))
  return manifest
}

async function* linesOf(folder: string, table: string): AsyncGenerator<string> {
  const bytes = createReadStream(fileOf(folder, table)).pipe(createGunzip())
  yield* createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })
}

async function* batched(lines: AsyncIterable<string>): AsyncGenerator<string[]> {
  let batch: string[] = []
  let length = 0
  for await (const line of lines) {
    if (length + line.length > BATCH && batch.length > 0) {
      yield batch
      batch = []
      length = 0
    }
    batch.push(line)
    length += line.length
  }
  if (batch.length > 0) yield batch
}

/** Makes the numbers of the contacts that are in the directory (`worker/src/store/numbers.ts`). */
async function fillNumbers(database: Database): Promise<void> {
  for (let after = 0; ; ) {
    const [last] = await database.read(
      `SELECT max(key) FROM (SELECT key FROM contact WHERE key > json_extract(?1, '$[0]') ORDER BY key LIMIT ${KEYS})`,
      JSON.stringify([after]),
    )
    if (typeof last !== 'number') return
    await database.write(
      `INSERT OR IGNORE INTO contact_number (number, contact) SELECT n.value->>'${NUMBER_PATH}', c.key
        FROM contact c, json_each(c.details, '${pathOf('numbers')}') n
        WHERE c.key > json_extract(?1, '$[0]') AND c.key <= json_extract(?1, '$[1]') AND c.removed_at IS NULL AND n.type = 'array'`,
      JSON.stringify([after, last]),
    )
    after = last
  }
}

/** Makes the search index (`worker/src/core/search.ts`). */
async function fillSearch(database: Database, folder: string, tables: readonly Table[]): Promise<void> {
  const placesOf = (table: string, ...columns: string[]) => {
    const found = tables.find(({ name }) => name === table)
    return columns.map((column) => found?.columns.indexOf(column) ?? -1)
  }
  const groups = new Map<unknown, number>()
  const [groupId = -1, groupKey = -1] = placesOf('grouping', 'id', 'key')
  for await (const line of linesOf(folder, 'grouping')) {
    const row: unknown[] = JSON.parse(line)
    groups.set(row[groupKey], Number(row[groupId]))
  }
  const places = placesOf(CONTACTS, 'key', 'source', 'id', 'details', 'removed_at')
  async function* words(): AsyncGenerator<string> {
    for await (const line of linesOf(folder, CONTACTS)) {
      const row: unknown[] = JSON.parse(line)
      const [key, source, id, details, removedAt] = places.map((place) => row[place])
      yield JSON.stringify([
        key,
        removedAt === null ? wordsOf(String(id), String(details), groups) : removedWord(source),
      ])
    }
  }
  for await (const batch of batched(words())) {
    await database.write(
      'INSERT OR REPLACE INTO contact_search (rowid, words) SELECT value->>0, value->>1 FROM json_each(?1)',
      `[${batch.join(',')}]`,
    )
  }
}

function wordsOf(id: string, details: string, groups: ReadonlyMap<unknown, number>): string {
  const read = readDetails(details)
  return searchWords(
    id,
    read,
    read.groups.map((group) => groups.get(group) ?? 0),
  )
}

/** Returns the only word of a removed contact (`worker/src/store/removed.ts`). */
function removedWord(source: unknown): string {
  return `#removed${Buffer.from(String(source)).toString('hex')}`
}
