import type { Api } from '../front-door.ts'
import type { Memory } from '../memory.ts'
import { freePort } from '../ports.ts'
import { startFileServer } from './file-server.ts'
import { toCsv } from './files.ts'
import { drivers, operators, toVersion, type Version } from './roster.ts'
import { startS3 } from './s3.ts'
import { makeHostKey, startSftp } from './sftp.ts'
import { DRIVERS, demoSources, OPERATORS, S3_KEYS, SFTP_LOGIN } from './sources.ts'

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
  const { values } = memory
  const ports = {
    demoPort: await freePort(values.demoPort),
    demoS3Port: await freePort(values.demoS3Port),
    demoSftpPort: await freePort(values.demoSftpPort),
  }
  const hostKey = values.demoHostKey ?? makeHostKey()
  memory.remember({ ...ports, demoHostKey: hostKey })
  const version = toVersion(values.demoVersion)

  const [s3, sftp] = await Promise.all([
    startS3(ports.demoS3Port, S3_KEYS),
    startSftp({ port: ports.demoSftpPort, hostKey, login: SFTP_LOGIN }),
  ])
  const fill = async (chosen: Version) => {
    await s3.put(DRIVERS, toCsv(drivers(chosen)))
    sftp.put(OPERATORS, toCsv(operators(chosen)))
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
      const places = { files: files.url, bucket: s3.bucket, sftpPort: ports.demoSftpPort, hostKey: sftp.hostKey }
      for (const source of demoSources(places)) await api.post('/api/sources', source)
    },
    async stop() {
      await Promise.all([files.stop(), s3.stop(), sftp.stop()])
    },
  }
}
