import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readSettings } from '../../local/settings.ts'
import { type Database, openLocal, replaceLocal } from './database.ts'
import { openDeployed } from './deployed.ts'
import { type Migrations, readMigrations } from './migrations.ts'
import { readTime } from './time-travel.ts'

/** What a command works on. */
export interface Place {
  /** Opens the database. Throws an `Error` if it does not exist. */
  open(): Promise<Database>
  migrations: Migrations
  /** The folder of a backup; empty if the command takes none. */
  folder: string
  /** The time to go back to; null if none is given. */
  to: string | null
}

/**
 * Reads the arguments of a command: `--local`, the database of `npm start`, or `--remote`, the deployed one; a folder, or a time to
 * go back to. Throws an `Error` with a sentence for the terminal.
 */
export function placeOf(
  args: string[],
  { use, takes }: { use: 'read' | 'change' | 'replace'; takes: 'folder' | 'time' },
): Place {
  const { values, positionals } = parseArgs({
    args,
    options: {
      local: { type: 'boolean' },
      remote: { type: 'boolean' },
      database: { type: 'string' },
      to: { type: 'string' },
    },
    allowPositionals: true,
  })
  const { local, remote, database = 'muster', to } = values
  if ((local === true) === (remote === true)) {
    throw new Error('Say --local for the Muster on this machine, or --remote for the deployed one.')
  }
  const [folder, ...others] = positionals
  if (others.length > 0 || (folder !== undefined) !== (takes === 'folder')) {
    throw new Error(takes === 'folder' ? 'Name one folder for the backup.' : 'This command takes no folder.')
  }
  if (to !== undefined && (takes !== 'time' || remote !== true))
    throw new Error('Only npm run restored -- --remote takes a time.')
  return {
    open: async () =>
      local === true ? openHere(readSettings(process.env).state, use) : openDeployed(process.env, database),
    migrations: readMigrations(join(import.meta.dirname, '../../migrations')),
    folder: resolve(folder ?? '.'),
    to: to === undefined ? null : readTime(to, Date.now()),
  }
}

function openHere(state: string, use: 'read' | 'change' | 'replace'): Database {
  return use === 'replace' ? replaceLocal(state, new Date()) : openLocal(state, use)
}

/** Runs a command, and prints what goes wrong as one sentence. */
export async function command(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
