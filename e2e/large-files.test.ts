import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenSsh, startOpenSsh } from '../sftp-bridge/testing/openssh.ts'
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

/** A file on the SFTP server of this many bytes, which take no room there. */
function overSftp(bytes: number): object {
  const { folder, port, username, password, hostKeys } = openSsh
  const path = join(folder, `${bytes}.csv`)
  writeFileSync(path, '')
  truncateSync(path, bytes)
  return { kind: 'sftp', url: `sftp://localhost${path}`, port, username, password, hostKey: hostKeys.ed25519 }
}

/** A file over HTTPS of this many bytes. */
function overHttps(bytes: number, announced: boolean): object {
  files.serve(`/${bytes}.csv`, { streams: { bytes, announced } })
  return { kind: 'https', url: `${files.url}/${bytes}.csv` }
}

/** What the bridge has noted of each request. */
function bridgeLog(): unknown[] {
  const lines = readFileSync(join(muster.state, 'log', 'bridge.log'), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line))
}

/** What importing came to, and the most memory of the Worker's runtime and of the bridge meanwhile, in MB. */
async function measure(connection: object) {
  const source = await makeSource(muster, connection)
  const pids = processesOf(muster)
  forgetPeak(pids.worker)
  forgetPeak(pids.bridge)
  const { failure } = await importNow(muster, source)
  return { code: failure.code, worker: peakMemory(pids.worker) / MB, bridge: peakMemory(pids.bridge) / MB }
}

// The files are no contact files, so that a run ends when it has taken in the whole of one.
describe('A large file', () => {
  it('a file is refused before it is read where the server announces more than 512 MB', async () => {
    expect(await measure(overHttps(513 * MB, true))).toMatchObject({ code: 'too_large' })
    // The server may have sent what the connection holds.
    expect(files.streamed()).toBeLessThan(20 * MB)
    expect(await measure(overSftp(513 * MB))).toMatchObject({ code: 'too_large' })
    expect(bridgeLog().at(-1)).toMatchObject({ code: 'too_large', bytes: 0 })
  })

  it('that turns out to be over 512 MB is refused then, and memory does not follow its size', async () => {
    const small = await measure(overHttps(20 * MB, false))
    const large = await measure(overHttps(520 * MB, false))
    expect([small.code, large.code]).toEqual(['not_a_contact_file', 'too_large'])
    expect(large.worker - small.worker).toBeLessThan(200)
  })

  it('over SFTP passes through, and memory does not follow its size in the Worker nor in the bridge', async () => {
    const small = await measure(overSftp(20 * MB))
    const large = await measure(overSftp(220 * MB))
    expect([small.code, large.code]).toEqual(['not_a_contact_file', 'not_a_contact_file'])
    expect(large.worker - small.worker).toBeLessThan(100)
    expect(large.bridge - small.bridge).toBeLessThan(100)
  })
})
