import { chown, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { HEADER } from '../local/demo/roster.ts'
import { missingProgram, runProgram, timeProgram } from './program.ts'
import type { Tool } from './tool.ts'
import { ALL_WORKS } from './works.ts'

const COLUMNS = HEADER.map((name) => `"${name}"`)
const OTHERS = COLUMNS.slice(1)
const list = (prefix: string, names = COLUMNS) => names.map((name) => `${prefix}${name}`).join(', ')

const TABLE = `CREATE TABLE contact ("ID" text PRIMARY KEY, ${OTHERS.map((name) => `${name} text`).join(', ')})`
const FILE = `CREATE TEMP TABLE file (${COLUMNS.map((name) => `${name} text`).join(', ')})`

/** Updates only the rows that differ, which is what makes it the fastest. */
const MERGE = `
MERGE INTO contact USING file ON contact."ID" = file."ID"
WHEN MATCHED AND (${list('contact.', OTHERS)}) IS DISTINCT FROM (${list('file.', OTHERS)})
  THEN UPDATE SET ${OTHERS.map((name) => `${name} = file.${name}`).join(', ')}
WHEN NOT MATCHED THEN INSERT VALUES (${list('file.')})`
const DELETE = 'DELETE FROM contact WHERE NOT EXISTS (SELECT FROM file WHERE file."ID" = contact."ID")'

/** Debian's folder for the programs of a server, which are not on the path. */
const DEBIAN = '/usr/lib/postgresql'
/** The oldest version that has MERGE. */
const OLDEST = 15

/** A PostgreSQL server with default settings, on a socket in the folder, as a person who knows SQL would use it. */
export const postgres: Tool = {
  name: 'PostgreSQL',
  does: '`\\copy` into a temporary table, `MERGE`, delete what is missing; nothing is checked',
  takes: ['csv'],
  works: ALL_WORKS,
  async missing() {
    const client = await missingProgram('psql', 'postgresql')
    if (client !== null) return client
    const version = await serverVersion()
    return version >= OLDEST ? null : `No server of version ${OLDEST} or newer (on Debian: apt-get install postgresql).`
  },
  async open(folder) {
    const programs = join(DEBIAN, String(await serverVersion()), 'bin')
    const owner = await unprivileged()
    const cluster = join(folder, 'cluster')
    await mkdir(cluster, { mode: 0o700 })
    if (owner !== null) await chown(cluster, owner.uid, owner.gid)
    const options = { ...owner, cwd: cluster }
    const control = (...args: string[]) => runProgram(join(programs, 'pg_ctl'), ['-D', cluster, '-w', ...args], options)
    const connection = ['--no-psqlrc', '--quiet', '-v', 'ON_ERROR_STOP=1', '-h', cluster, '-U', 'bench', 'postgres']
    await runProgram(join(programs, 'initdb'), ['-D', cluster, '-U', 'bench', '-E', 'UTF8', '--auth=trust'], options)
    await control('start', '-l', join(cluster, 'log'), '-o', `-c listen_addresses='' -k ${cluster}`)
    await runProgram('psql', [...connection, '-c', TABLE])
    return {
      async load({ path }) {
        const copy = `\\copy file from '${path}' with (format csv, header)`
        const steps = [FILE, copy, 'BEGIN', MERGE, DELETE, 'COMMIT'].flatMap((step) => ['-c', step])
        return { seconds: await timeProgram('psql', [...connection, ...steps]), contacts: null, cost: null }
      },
      close: async () => void (await control('stop', '-m', 'fast')),
    }
  },
}

/** Returns the newest installed version of the server; 0 if there is none. */
async function serverVersion(): Promise<number> {
  const versions = await readdir(DEBIAN).catch(() => [])
  return Math.max(0, ...versions.map(Number).filter(Number.isInteger))
}

/**
 * Returns the user to run the server as; null for the current user. The server refuses to run as root, and its package
 * adds a user for it.
 */
async function unprivileged(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null
  const id = async (flag: string) => Number(await runProgram('id', [flag, 'postgres']))
  return { uid: await id('-u'), gid: await id('-g') }
}
