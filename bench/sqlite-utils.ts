import { join } from 'node:path'
import { missingProgram, timeProgram } from './program.ts'
import type { Tool } from './tool.ts'
import { ALL_WORKS } from './works.ts'

/** `sqlite-utils`, as a person who knows a command line would use it. */
export const sqliteUtils: Tool = {
  name: 'sqlite-utils',
  does: '`upsert --csv --pk ID`; nothing is checked, and it cannot delete what is missing',
  mostRows: 250_000,
  takes: ['csv'],
  works: ALL_WORKS.filter((work) => work !== '30 % deleted'),
  missing: () => missingProgram('sqlite-utils', 'sqlite-utils'),
  async open(folder) {
    const database = join(folder, 'contacts.db')
    return {
      async load({ path }) {
        const args = ['upsert', database, 'contact', path, '--csv', '--pk', 'ID']
        return { seconds: await timeProgram('sqlite-utils', args), contacts: null, cost: null }
      },
      close: async () => {},
    }
  },
}
