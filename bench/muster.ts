import { startFileServer } from '../e2e/file-server.ts'
import { type Muster, startMuster } from '../e2e/muster.ts'
import type { Loaded, Tool, Version } from './tool.ts'

const PATH = '/contacts.csv'
const POLL_EVERY = 200
const ACTIVE = ['queued', 'fetching', 'planning', 'applying']

/** The whole system as `npm start` brings it up, fetching the file from a web server on this machine. */
export const muster: Tool = {
  name: 'muster',
  missing: async () => null,
  async open(folder) {
    const server = await startFileServer()
    const system = await startMuster({ MUSTER_STATE: folder })
    const source = await makeSource(system, `${server.url}${PATH}`)
    return {
      async load({ bytes, etag }: Version) {
        server.serve(PATH, { body: bytes, etag })
        return importNow(system, source)
      },
      async close() {
        await system.stop()
        await server.stop()
      },
    }
  },
}

async function makeSource(system: Muster, url: string): Promise<string> {
  const { status, body } = await system.api('POST', '/api/sources', {
    name: 'Benchmark',
    connection: { kind: 'https', url },
  })
  if (status !== 201) throw new Error(`The source was not made: ${JSON.stringify(body)}`)
  return body.id
}

/** From the request to the run's own end: whoever asks now and then would count the wait between two questions. */
async function importNow(system: Muster, source: string): Promise<Loaded> {
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
    return { seconds: (Date.parse(run.finishedAt) - started) / 1000, written: added + updated + removed }
  }
}
