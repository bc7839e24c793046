import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenSsh, startOpenSsh } from '../../../../sftp-bridge/testing/openssh.ts'
import { type BridgeProcess, startBridge } from '../../../../sftp-bridge/testing/process.ts'
import { cutAfter, startProxy } from '../../../../sftp-bridge/testing/proxy.ts'
import {
  CONTEXT,
  connectionContract,
  failureOf,
  open,
  read,
  readText,
  type Scene,
  type Stage,
} from '../../testing/connections/contract.ts'
import { writingContract } from '../../testing/connections/writing.ts'
import { sftp } from './facts.ts'
import { afterImportOnSftp, type Bridge, openSftp, writeOnSftp } from './open.ts'
import { type SftpSettings, sftpSchema } from './schema.ts'

const CSV = 'ID,Name\n1,Ana\n'

/**
 * More bytes than a server sends before the first byte of a file, and fewer than it sends with the first half of one.
 */
const HANDSHAKE_BYTES = 5000

let server: OpenSsh
let process: BridgeProcess
let bridge: Bridge

beforeAll(async () => {
  server = await startOpenSsh()
  process = await startBridge({ BRIDGE_STABLE_MS: '20' })
  bridge = bridgeAt(process.url, process.secret)
})

afterAll(async () => {
  await process?.stop()
  await server?.stop()
})

function bridgeAt(url: string, secret: string): Bridge {
  return { secrets: [secret], fetch: (request) => fetch(new Request(url + new URL(request.url).pathname, request)) }
}

function settings(changes: Partial<SftpSettings> = {}): SftpSettings {
  const { port, username, password, hostKeys } = server
  const url = `sftp://127.0.0.1${server.folder}/contacts.csv`
  return sftpSchema.parse({ kind: 'sftp', url, port, username, password, hostKey: hostKeys.ed25519, ...changes })
}

/** Returns the real server behind a proxy that cuts a connection or lets it stall half-way. */
async function makeStage(): Promise<Stage> {
  let scene: Scene = { is: 'missing' }
  const file = `${server.folder}/contacts.csv`
  const { port, close } = await startProxy(server.port, () => {
    if (scene.is === 'silent') return null
    if (scene.is !== 'truncated' && scene.is !== 'stalled') return {}
    return cutAfter(HANDSHAKE_BYTES + scene.bytes.length / 2, scene.is === 'truncated' ? 'cut' : 'stall')
  })
  return {
    set(next) {
      scene = next
      rmSync(file, { force: true })
      if ('bytes' in next) writeFileSync(file, next.bytes)
    },
    connect: (credentials, context) =>
      openSftp(settings({ port, ...(credentials === 'right' ? {} : { password: 'wr0ng passw0rd' }) }), context, bridge),
    nowhere: (context) => openSftp(settings({ port: 1 }), context, bridge),
    secrets: [server.password, 'wr0ng passw0rd', process.secret],
    conditional: true,
    close: async () => close(),
  }
}

connectionContract('sftp', makeStage)

writingContract('sftp', {
  async write(name, file, signal, context, credentials) {
    const path = `${server.folder}/${name}`
    const others = { right: {}, wrong: { password: 'wr0ng passw0rd' }, nowhere: { port: 1 } }
    const to = sftp.optOutFile?.(settings({ optOuts: { path }, ...others[credentials] }))
    if (to == null) throw new Error('There is no file to write')
    await writeOnSftp(to, context, bridge, file, signal)
  },
  connect: (name) =>
    openSftp(settings({ url: `sftp://127.0.0.1${server.folder}/${encodeURIComponent(name)}` }), CONTEXT, bridge),
  secrets: () => [server.password, 'wr0ng passw0rd', process.secret],
})

describe('a file over SFTP', () => {
  it('a file over SFTP may be the newest that fits a pattern', async () => {
    writeFileSync(`${server.folder}/list-é 1.csv`, CSV)
    const connection = openSftp(settings({ url: `sftp://127.0.0.1${server.folder}/list-*.csv` }), CONTEXT, bridge)
    const file = await open(connection)
    expect([file.name, await readText(file)]).toEqual(['list-é 1.csv', CSV])
    const again = { signal: new AbortController().signal, since: file.validator }
    expect(await connection.open(again)).toBe('not_modified')
  })

  it('a file over SFTP is not fetched before the host key is confirmed, and the failure shows the fingerprint', async () => {
    const failed = await failureOf(() => open(openSftp(settings({ hostKey: null }), CONTEXT, bridge)))
    expect(failed).toMatchObject({ code: 'host_key_unknown', hostKey: server.hostKeys.ed25519 })
  })

  it('a file over SFTP is not fetched from a server whose host key has changed, and the failure shows both fingerprints', async () => {
    const pinned = `SHA256:${'A'.repeat(43)}`
    const failed = await failureOf(() => open(openSftp(settings({ hostKey: pinned }), CONTEXT, bridge)))
    expect(failed).toMatchObject({ code: 'host_key_changed', hostKey: server.hostKeys.ed25519 })
    expect(failed.message).toContain(pinned)
    expect(failed.message).toContain(server.hostKeys.ed25519)
  })
})

describe('after an import', () => {
  async function imported(afterImport: SftpSettings['afterImport']) {
    const name = `settle-${afterImport}.csv`
    writeFileSync(`${server.folder}/${name}`, CSV)
    const chosen = settings({ url: `sftp://127.0.0.1${server.folder}/settle-*.csv`, afterImport })
    const file = await open(openSftp(chosen, CONTEXT, bridge))
    await read(file)
    const version = { name: file.name, bytes: CSV.length, modifiedAt: file.modifiedAt ?? '' }
    const outcome = await afterImportOnSftp(chosen, CONTEXT, bridge, version)
    const remains = existsSync(`${server.folder}/${name}`)
    rmSync(`${server.folder}/${name}`, { force: true })
    return { outcome, remains }
  }

  it('an imported file is left, moved or deleted, as the source says', async () => {
    expect(await imported('leave')).toEqual({ outcome: null, remains: true })
    expect(await imported('move')).toMatchObject({ outcome: { outcome: 'moved' }, remains: false })
    expect(await imported('delete')).toEqual({ outcome: { outcome: 'deleted' }, remains: false })
  })
})

describe('a bridge', () => {
  const through = (other: Bridge) => failureOf(() => open(openSftp(settings(), CONTEXT, other)), [server.password])

  it('a bridge that cannot be reached is unavailable, and the run is retried', async () => {
    const failed = await through(bridgeAt('http://127.0.0.1:1', process.secret))
    expect(failed).toMatchObject({ code: 'bridge_unavailable', retryable: true })
  })

  it('a bridge with another secret is unavailable', async () => {
    expect((await through(bridgeAt(process.url, 'another secret'))).code).toBe('bridge_unavailable')
  })

  it('a bridge whose container answers in its place is unavailable', async () => {
    const starting = { secrets: ['any'], fetch: async () => new Response('container is starting', { status: 503 }) }
    expect((await through(starting)).code).toBe('bridge_unavailable')
  })
})
