import type { Api } from '../front-door.ts'
import type { Memory } from '../memory.ts'
import { freePort } from '../ports.ts'
import { startFileServer } from './file-server.ts'
import { demoSources } from './sources.ts'

/** The stand-ins for remote sides, and the sources that import from them. */
export interface Demo {
  /** The page on which a newcomer changes the demo files. */
  url: string
  /** Makes the demo sources in an empty Muster; nothing is imported until somebody asks. */
  makeSources(api: Api): Promise<void>
  stop(): Promise<void>
}

/** Starts every demo server, on the ports of the last start where they are free. */
export async function startDemo(memory: Memory): Promise<Demo> {
  const port = await freePort(memory.values.demoPort)
  memory.remember({ demoPort: port })
  const files = await startFileServer({
    port,
    version: memory.values.demoVersion,
    onVersion: (version) => memory.remember({ demoVersion: version }),
  })
  return {
    url: files.url,
    async makeSources(api) {
      for (const source of demoSources(files)) await api.post('/api/sources', source)
    },
    stop: () => files.stop(),
  }
}
