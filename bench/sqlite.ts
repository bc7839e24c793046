import { join } from 'node:path'
import { HEADER } from '../local/demo/roster.ts'
import { missingProgram, runProgram, timeProgram } from './program.ts'
import type { Tool } from './tool.ts'
import { ALL_WORKS } from './works.ts'

const COLUMNS = HEADER.map((name) => `"${name}"`)
const SET = COLUMNS.slice(1).map((name) => `${name} = excluded.${name}`)

const TABLE = `CREATE TABLE contact ("ID" PRIMARY KEY, ${COLUMNS.slice(1).join(', ')}) WITHOUT ROWID;`

const FILE = `CREATE TEMP TABLE file (${COLUMNS.join(', ')});`

const INTO_STEP = `
BEGIN;
INSERT INTO contact SELECT * FROM file WHERE true ON CONFLICT DO UPDATE SET ${SET.join(', ')};
DELETE FROM contact WHERE "ID" NOT IN (SELECT "ID" FROM file);
COMMIT;
`

/**
 * The `sqlite3` shell, as a person who knows SQL would use it. `.import` into a temporary table is the fastest way
 * found.
 */
export const sqlite: Tool = {
  name: 'sqlite3',
  does: '`.import` into a temporary table, upsert from there, delete what is missing; nothing is checked',
  takes: ['csv'],
  works: ALL_WORKS,
  missing: () => missingProgram('sqlite3', 'sqlite3'),
  async open(folder) {
    const database = join(folder, 'contacts.db')
    await runProgram('sqlite3', [database, TABLE])
    return {
      async load({ path }) {
        const script = [database, FILE, `.import --csv --skip 1 "${path}" file`, INTO_STEP]
        return { seconds: await timeProgram('sqlite3', script), contacts: null, cost: null }
      },
      close: async () => {},
    }
  },
}
