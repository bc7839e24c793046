import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenSsh, startOpenSsh } from '../sftp-bridge/testing/openssh.ts'
import { isTurnOf } from '../worker/src/testing/sample.ts'
import { importNow, makeSource } from './directory.ts'
import { type FileServer, startFileServer } from './file-server.ts'
import { type Muster, startMuster } from './muster.ts'
import { forgetPeak, peakMemory, processesOf } from './processes.ts'

const MB = 1024 * 1024

let files: FileServer
let openSsh: OpenSsh
let muster: Muster
beforeAll(async () => {
  files = await startFileServer()
  openSsh = await startOpenSsh()
  muster = await startMuster({ BRIDGE_STABLE_MS: '100' })
})
afterAll(async () => {
  await muster?.stop()
  await openSsh?.stop()
  await files?.stop()
})

/** Makes a file of this many bytes on the SFTP server. It is sparse, so it takes no space on the disk. */
function overSftp(bytes: number): object {
  const { folder, port, username, password, hostKeys } = openSsh
  const path = join(folder, `${bytes}.csv`)
  writeFileSync(path, '')
  truncateSync(path, bytes)
  return { kind: 'sftp', url: `sftp://localhost${path}`, port, username, password, hostKey: hostKeys.ed25519 }
}

/** Returns a connection to a file of this many bytes over HTTPS. */
function overHttps(bytes: number, announced: boolean): object {
  files.serve(`/${bytes}.csv`, { streams: { bytes, announced } })
  return { kind: 'https', url: `${files.url}/${bytes}.csv` }
}

/** Returns the bridge's log entry of each request. */
function bridgeLog(): unknown[] {
  const lines = readFileSync(join(muster.state, 'log', 'bridge.log'), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line))
}

/** Imports a file. Returns the outcome, and the peak memory of the Worker's runtime and of the bridge in MB. */
async function measure(connection: object) {
  const source = await makeSource(muster, connection)
  const pids = processesOf(muster)
  forgetPeak(pids.worker)
  forgetPeak(pids.bridge)
  const { failure } = await importNow(muster, source)
  return { code: failure.code, worker: peakMemory(pids.worker) / MB, bridge: peakMemory(pids.bridge) / MB }
}

// The files are not contact files, so that a run ends once it has received the whole file.
describe.runIf(isTurnOf(2))('A large file', () => {
  it('a file is refused before it is read if the server announces more than 512 MB', async () => {
    expect(await measure(overHttps(513 * MB, true))).toMatchObject({ code: 'too_large' })
    // The server may have sent as much as the buffers of the connection hold.
    expect(files.streamed()).toBeLessThan(20 * MB)
    expect(await measure(overSftp(513 * MB))).toMatchObject({ code: 'too_large' })
    expect(bridgeLog().at(-1)).toMatchObject({ code: 'too_large', bytes: 0 })
  })

  it('a file that turns out to be over 512 MB is refused at that point, and memory does not grow with its size', async () => {
    const small = await measure(overHttps(20 * MB, false))
    const large = await measure(overHttps(520 * MB, false))
    expect([small.code, large.code]).toEqual(['not_a_contact_file', 'too_large'])
    expect(large.worker - small.worker).toBeLessThan(200)
  })

  it('a large file over SFTP is streamed, and memory grows with its size neither in the Worker nor in the bridge', async () => {
    const small = await measure(overSftp(20 * MB))
    const large = await measure(overSftp(220 * MB))
    expect([small.code, large.code]).toEqual(['not_a_contact_file', 'not_a_contact_file'])
    expect(large.worker - small.worker).toBeLessThan(100)
    expect(large.bridge - small.bridge).toBeLessThan(100)
  })
})
