import * as z from 'zod'
import type { Memory } from '../memory.ts'
import { freePort } from '../ports.ts'
import { startConnect } from './connect/server.ts'
import { demoTeams } from './d4h/demo-team.ts'
import { startD4h } from './d4h/server.ts'
import { D4hService } from './d4h/service.ts'
import { startFileServer } from './file-server.ts'
import { toCsv } from './files.ts'
import { drivers, operators, toVersion, type Version } from './roster.ts'
import { startS3 } from './s3.ts'
import { makeHostKey, startSftp } from './sftp.ts'
import { D4H_TOKEN, DRIVERS, demoSources, OPERATORS, S3_KEYS, SFTP_LOGIN } from './sources.ts'
import { STORIES } from './stories.ts'
import { COUNSELORS } from './students.ts'

/** The servers that stand in for remote sides, and the sources that import from them. */
export interface Demo {
  /** Starts the servers unless they run. Returns the address of the page on which a new user changes the demo files. */
  start(): Promise<string>
  /** Answers the Worker's question about the demo, as JSON (`worker/src/api/demo.ts`). */
  answer(json: unknown): Promise<unknown>
  stop(): Promise<void>
}

/** The running servers. */
interface Servers {
  url: string
  sources: object[]
  show(version: Version): Promise<void>
  stop(): Promise<void>
}

const askedSchema = z.object({
  start: z.boolean(),
  week: z.number().optional(),
  made: z.array(z.string()).optional(),
})

/** Returns the demo, whose servers start when they are first needed. */
export function openDemo(memory: Memory): Demo {
  let servers: Promise<Servers> | null = null
  const running = () => {
    servers ??= startServers(memory)
    return servers
  }
  return {
    start: async () => (await running()).url,
    async answer(json) {
      const { start, week, made } = askedSchema.parse(json)
      if (made !== undefined) memory.remember({ demoSources: made })
      const now = start ? await running() : await servers
      if (week !== undefined) {
        memory.remember({ demoVersion: toVersion(week) })
        await now?.show(toVersion(week))
      }
      return {
        week: toVersion(memory.values.demoVersion),
        weeks: STORIES.map(({ version, ...story }) => ({ week: version, ...story })),
        url: now?.url ?? null,
        made: memory.values.demoSources,
        sources: now?.sources ?? [],
        users: COUNSELORS,
      }
    },
    async stop() {
      await (await servers)?.stop()
    },
  }
}

/** Starts every demo server, on the same port as at the last start if that port is free. */
async function startServers(memory: Memory): Promise<Servers> {
  const { values } = memory
  const ports = {
    demoPort: await freePort(values.demoPort),
    demoS3Port: await freePort(values.demoS3Port),
    demoSftpPort: await freePort(values.demoSftpPort),
    demoD4hPort: await freePort(values.demoD4hPort),
    demoConnectPort: await freePort(values.demoConnectPort),
  }
  const hostKey = values.demoHostKey ?? makeHostKey()
  memory.remember({ ...ports, demoHostKey: hostKey })
  const version = toVersion(values.demoVersion)

  const service = new D4hService(demoTeams(version), D4H_TOKEN)
  // The example in D4H's documentation of its limits.
  service.limit = { requests: 200, seconds: 300 }
  const [s3, sftp, d4h, connect] = await Promise.all([
    startS3(ports.demoS3Port, S3_KEYS),
    startSftp({ port: ports.demoSftpPort, hostKey, login: SFTP_LOGIN }),
    startD4h(service, ports.demoD4hPort),
    startConnect(ports.demoConnectPort),
  ])
  const fill = async (chosen: Version) => {
    await s3.put(DRIVERS, toCsv(drivers(chosen)))
    sftp.put(OPERATORS, toCsv(operators(chosen)))
    service.teams = demoTeams(chosen)
    connect.put(chosen)
  }
  await fill(version)
  const files = await startFileServer({
    port: ports.demoPort,
    version,
    async onVersion(chosen) {
      memory.remember({ demoVersion: chosen })
      await fill(chosen)
    },
  })
  return {
    url: files.url,
    sources: demoSources({
      files: files.url,
      bucket: s3.bucket,
      sftpPort: ports.demoSftpPort,
      hostKey: sftp.hostKey,
      d4h: d4h.url,
      connect,
    }),
    show: files.show,
    async stop() {
      await Promise.all([files.stop(), s3.stop(), sftp.stop(), d4h.stop(), connect.stop()])
    },
  }
}
