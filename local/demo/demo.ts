import type { Api } from '../front-door.ts'
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
import { COUNSELORS } from './students.ts'

/** The servers that stand in for remote sides, and the sources that import from them. */
export interface Demo {
  /** The page on which a new user changes the demo files. */
  url: string
  /** Makes the demo sources, and the staff that students are assigned to, in an empty Muster. Imports nothing. */
  makeSources(api: Api): Promise<void>
  stop(): Promise<void>
}

/** Starts every demo server, on the same port as at the last start if that port is free. */
export async function startDemo(memory: Memory): Promise<Demo> {
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
    async makeSources(api) {
      const places = {
        files: files.url,
        bucket: s3.bucket,
        sftpPort: ports.demoSftpPort,
        hostKey: sftp.hostKey,
        d4h: d4h.url,
        connect,
      }
      for (const counselor of COUNSELORS) await api.post('/api/users', counselor)
      for (const source of demoSources(places)) await api.post('/api/sources', source)
    },
    async stop() {
      await Promise.all([files.stop(), s3.stop(), sftp.stop(), d4h.stop(), connect.stop()])
    },
  }
}
