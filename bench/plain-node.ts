import { join, resolve } from 'node:path'
import { runProgram } from './program.ts'
import type { Tool } from './tool.ts'
import { ALL_WORKS } from './works.ts'

const PROGRAM = resolve(import.meta.dirname, 'plain-node-import.ts')

/** A Node program with the usual libraries, as somebody would write it who needs no more than the import. */
export const plainNode: Tool = {
  name: 'plain Node',
  does: 'one program with PapaParse, libphonenumber-js and `node:sqlite` (`bench/plain-node-import.ts`): every row checked, groups, search, upsert and delete in one transaction; no snapshot, plan, limits, undo, history or consent, and it checks every row every night',
  mostRows: 250_000,
  takes: ['csv'],
  works: ALL_WORKS,
  missing: async () => null,
  async open(folder) {
    const database = join(folder, 'contacts.db')
    return {
      async load({ path }) {
        const started = performance.now()
        const output = await runProgram(process.execPath, [PROGRAM, database, path])
        const seconds = (performance.now() - started) / 1000
        return { seconds, contacts: Number(/^\d+/.exec(output)?.[0]), cost: null }
      },
      close: async () => {},
    }
  },
}
