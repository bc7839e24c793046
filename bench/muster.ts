import { startFileServer } from '../e2e/file-server.ts'
import { type Muster, ROOT, startMuster } from '../e2e/muster.ts'
import { processesOf } from '../e2e/processes.ts'
import { build } from '../local/build.ts'
import { freePort } from '../local/ports.ts'
import { sourcePlaces } from '../local/stack.ts'
import { NO_LIMITS } from '../worker/src/testing/versions.ts'
import { type Cost, openInspector } from './inspector.ts'
import type { Tool } from './tool.ts'
import { ALL_WORKS } from './works.ts'

const POLL_EVERY = 200
/** How long a run may take, in milliseconds. */
const ENDS_WITHIN = 15 * 60_000
const ACTIVE = ['queued', 'fetching', 'planning', 'applying']

const WHOLE: Pick<Tool, 'does' | 'takes' | 'works' | 'missing'> = {
  does: 'the whole import: fetch, snapshot, every row checked, plan file, directory with search and groups, report',
  takes: ['csv', 'xlsx'],
  works: ALL_WORKS,
  missing: async () => null,
}

/** The whole system as `npm start` starts it, with the file fetched from a web server on this machine. */
export const muster: Tool = {
  ...WHOLE,
  name: 'Muster',
  watchable: true,
  open: (folder, watched) => load(folder, watched),
}

/** The same system as it was at a commit, which is checked out in the folder `root`. */
export function musterAt(commit: string, root: string): Tool {
  return { ...WHOLE, name: `Muster at ${commit}`, open: (folder) => load(folder, false, root) }
}

async function load(folder: string, watched: boolean, root = ROOT) {
  const system = await openMuster(folder, { watched, root })
  const source = await system.source('Benchmark')
  return {
    async load({ bytes, etag }: { bytes: Uint8Array; etag: string }) {
      system.serve('Benchmark', bytes, etag)
      const { seconds, counts, cost } = await system.import(source)
      return { seconds, contacts: counts.added + counts.updated + counts.removed, cost }
    },
    close: system.close,
  }
}

/** A run that has ended. */
interface Ended {
  id: string
  /** From the request to the end that the run itself records. */
  seconds: number
  counts: { added: number; updated: number; removed: number; errors: number; warnings: number }
  /** Null if the run was not observed. */
  cost: Cost | null
}

/** A Muster of its own, whose sources are files on a web server on this machine. */
export interface Measured {
  system: Muster
  /** Sets the file of a source. */
  serve(name: string, bytes: Uint8Array | string, etag?: string): void
  /** Makes a source without limits, because nobody is there to approve what a benchmark removes. */
  source(name: string): Promise<string>
  /** Imports once. An `unwatched` run is not observed, even in a watched Muster. */
  import(source: string, options?: { unwatched?: true }): Promise<Ended>
  /** Undoes a run. */
  undo(run: string): Promise<Ended>
  close(): Promise<void>
}

/** Starts a Muster whose state is in `folder`. A watched one is slower, and says what each run costs. */
export async function openMuster(
  folder: string,
  { watched = false, root = ROOT }: { watched?: boolean; root?: string } = {},
): Promise<Measured> {
  const server = await startFileServer()
  const port = watched ? await freePort(null) : null
  const inspecting = port === null ? {} : { MUSTER_INSPECTOR_PORT: String(port) }
  const system = await startMuster({ MUSTER_STATE: folder, ...inspecting }, root)
  const inspector = port === null ? null : await openInspector(port, await knownOf(system, root))
  let versions = 0

  /** Starts a run, and waits for its end. */
  async function run(path: string, body?: object, unwatched = false): Promise<Ended> {
    if (inspector === null || unwatched) return { ...(await ended(path, body)), cost: null }
    const { result, cost } = await inspector.observe(() => ended(path, body))
    return { ...result, cost }
  }

  async function ended(path: string, body?: object): Promise<Omit<Ended, 'cost'>> {
    const started = Date.now()
    const answer = await system.api('POST', path, body)
    if (answer.status !== 202) throw new Error(`The run did not start: ${JSON.stringify(answer.body)}`)
    for (;;) {
      const { body: run } = await system.api('GET', `/api/runs/${answer.body.id}`)
      if (ACTIVE.includes(run.status)) {
        if (Date.now() - started > ENDS_WITHIN) throw new Error(`The run did not end: ${JSON.stringify(run)}`)
        await new Promise((resolve) => setTimeout(resolve, POLL_EVERY))
        continue
      }
      if (run.status !== 'succeeded' && run.status !== 'unchanged')
        throw new Error(`The run ended: ${JSON.stringify(run)}`)
      // A time measured by polling would include the wait between two polls.
      return { id: run.id, seconds: (Date.parse(run.finishedAt) - started) / 1000, counts: run.counts }
    }
  }

  return {
    system,
    serve: (name, bytes, etag = `"${++versions}"`) =>
      server.serve(pathOf(name), { body: bytes, etag, type: 'application/octet-stream' }),
    async source(name) {
      const { status, body } = await system.api('POST', '/api/sources', {
        name,
        connection: { kind: 'https', url: `${server.url}${pathOf(name)}` },
        limits: NO_LIMITS,
      })
      if (status !== 201) throw new Error(`The source was not made: ${JSON.stringify(body)}`)
      return body.id
    },
    import: (source, { unwatched } = {}) =>
      run(`/api/sources/${source}/runs`, { mode: 'apply', fetch: 'all' }, unwatched),
    undo: (id) => run(`/api/runs/${id}/undo`),
    async close() {
      inspector?.close()
      await system.stop()
      await server.stop()
    },
  }
}

function pathOf(name: string): string {
  return `/${name.toLowerCase().replaceAll(' ', '-')}`
}

async function knownOf(system: Muster, root: string) {
  const { worker } = await build(root, AbortSignal.timeout(120_000))
  return { pid: processesOf(system).worker, readable: sourcePlaces(worker, root) }
}
