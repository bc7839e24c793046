import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { HEADER } from '../local/demo/roster.ts'
import type { Tool, Version } from './tool.ts'

const run = promisify(execFile)

const COLUMNS = HEADER.map((name) => `"${name}"`)
const SET = COLUMNS.slice(1).map((name) => `${name} = excluded.${name}`)

const TABLE = `CREATE TABLE contact ("ID" PRIMARY KEY, ${COLUMNS.slice(1).join(', ')}) WITHOUT ROWID;`

const FILE = `CREATE TEMP TABLE file (${COLUMNS.join(', ')});`

/** What a person who knows SQL would do: nothing is validated, planned, reported, indexed for search or undoable. */
const INTO_STEP = `
BEGIN;
INSERT INTO contact SELECT * FROM file WHERE true ON CONFLICT DO UPDATE SET ${SET.join(', ')};
DELETE FROM contact WHERE "ID" NOT IN (SELECT "ID" FROM file);
COMMIT;
`

/** The `sqlite3` shell: `.import` into a temporary table, the fastest way found; upsert from there; delete what is missing. */
export const sqlite: Tool = {
  name: 'sqlite3',
  async missing() {
    return run('sqlite3', ['--version']).then(
      () => null,
      () => 'The sqlite3 shell is not installed (on Debian: apt-get install sqlite3).',
    )
  },
  async open(folder) {
    const database = join(folder, 'contacts.db')
    await run('sqlite3', [database, TABLE])
    return {
      async load({ path }: Version) {
        const started = performance.now()
        await run('sqlite3', [database, FILE, `.import --csv --skip 1 "${path}" file`, INTO_STEP])
        return { seconds: (performance.now() - started) / 1000, written: null }
      },
      close: async () => {},
    }
  },
}
