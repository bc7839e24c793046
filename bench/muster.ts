import { startFileServer } from '../e2e/file-server.ts'
import { type Muster, ROOT, startMuster } from '../e2e/muster.ts'
import { freePort } from '../local/ports.ts'
import { NO_LIMITS } from '../worker/src/testing/versions.ts'
import { openInspector } from './inspector.ts'
import type { Session, Tool } from './tool.ts'
import { ALL_WORKS } from './works.ts'

const PATH = '/contacts'
const POLL_EVERY = 200
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
  open: (folder, watched) => openMuster(folder, watched, ROOT),
}

/** The same system as it was at a commit, which is checked out in the folder `root`. */
export function musterAt(commit: string, root: string): Tool {
  return { ...WHOLE, name: `Muster at ${commit}`, open: (folder) => openMuster(folder, false, root) }
}

async function openMuster(folder: string, watched: boolean, root: string): Promise<Session> {
  const server = await startFileServer()
  const inspectorPort = watched ? await freePort(null) : null
  const inspecting = inspectorPort === null ? {} : { MUSTER_INSPECTOR_PORT: String(inspectorPort) }
  const system = await startMuster({ MUSTER_STATE: folder, ...inspecting }, root)
  const inspector = inspectorPort === null ? null : await openInspector(inspectorPort)
  const source = await makeSource(system, `${server.url}${PATH}`)
  return {
    async load({ bytes, etag }) {
      server.serve(PATH, { body: bytes, etag, type: 'application/octet-stream' })
      if (inspector === null) return { ...(await importNow(system, source)), cost: null }
      const { result, cost } = await inspector.observe(() => importNow(system, source))
      return { ...result, cost }
    },
    async close() {
      inspector?.close()
      await system.stop()
      await server.stop()
    },
  }
}

/** Makes a source without limits, because nobody is there to approve what a benchmark removes. */
async function makeSource(system: Muster, url: string): Promise<string> {
  const { status, body } = await system.api('POST', '/api/sources', {
    name: 'Benchmark',
    connection: { kind: 'https', url },
    limits: NO_LIMITS,
  })
  if (status !== 201) throw new Error(`The source was not made: ${JSON.stringify(body)}`)
  return body.id
}

/**
 * Imports once, and returns the seconds from the request to the end that the run itself records. A time measured by
 * polling would include the wait between two polls.
 */
async function importNow(system: Muster, source: string): Promise<{ seconds: number; contacts: number }> {
  const started = Date.now()
  const { status, body } = await system.api('POST', `/api/sources/${source}/runs`, { mode: 'apply', fetch: 'all' })
  if (status !== 202) throw new Error(`The run did not start: ${JSON.stringify(body)}`)
  for (;;) {
    const { body: run } = await system.api('GET', `/api/runs/${body.id}`)
    if (ACTIVE.includes(run.status)) {
      await new Promise((resolve) => setTimeout(resolve, POLL_EVERY))
      continue
    }
    if (run.status !== 'succeeded' && run.status !== 'unchanged')
      throw new Error(`The run ended: ${JSON.stringify(run)}`)
    const { added, updated, removed } = run.counts
    return { seconds: (Date.parse(run.finishedAt) - started) / 1000, contacts: added + updated + removed }
  }
}
