import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenSsh, startOpenSsh } from './testing/openssh.ts'
import { type BridgeProcess, openRequest, startBridge } from './testing/process.ts'
import { cutAfter, startProxy } from './testing/proxy.ts'

/** A server that renames in one step, as OpenSSH does, and one that refuses to rename over a file. */
const SERVERS = { 'with posix-rename': [], 'without posix-rename': ['ForceCommand internal-sftp -P posix-rename'] }

let bridge: BridgeProcess

beforeAll(async () => {
  bridge = await startBridge()
})
afterAll(() => bridge?.stop())

describe.each(Object.entries(SERVERS))('a server %s', (_, settings) => {
  let server: OpenSsh
  beforeAll(async () => {
    server = await startOpenSsh(settings)
  })
  afterAll(() => server?.stop())

  const stored = (name: string) => readFileSync(`${server.folder}/${name}`)

  it('a file is written, and replaced by the next one', async () => {
    expect(await (await bridge.write(server, 'out.csv', 'ID\r\n1\r\n2\r\n')).json()).toEqual({ bytes: 10 })
    expect((await bridge.write(server, 'out.csv', 'ID\r\n3\r\n')).status).toBe(200)
    expect(stored('out.csv').toString()).toBe('ID\r\n3\r\n')
    expect(readdirSync(server.folder).filter((name) => name.startsWith('out.csv'))).toEqual(['out.csv'])
  })

  it('a large file arrives byte for byte, and an empty one is a file', async () => {
    const large = randomBytes(5_000_000)
    expect((await bridge.write(server, 'large.csv', large)).status).toBe(200)
    expect(stored('large.csv').equals(large)).toBe(true)
    expect((await bridge.write(server, 'large.csv', '')).status).toBe(200)
    expect(stored('large.csv')).toHaveLength(0)
  })

  it('what an earlier attempt left half-written is overwritten, also where the file itself is missing', async () => {
    writeFileSync(`${server.folder}/left.csv.tmp`, 'ID\r\n1\r\n2\r\n3\r\n4\r\n')
    chmodSync(`${server.folder}/left.csv.tmp`, 0o666)
    expect((await bridge.write(server, 'left.csv', 'ID\r\n9\r\n')).status).toBe(200)
    expect(stored('left.csv').toString()).toBe('ID\r\n9\r\n')
    expect(existsSync(`${server.folder}/left.csv.tmp`)).toBe(false)
  })

  it.each([
    { is: 'too short', head: { bytes: 11 } },
    { is: 'another one', head: { sha256: '0'.repeat(64) } },
  ])('content that is $is replaces nothing', async ({ head }) => {
    await bridge.write(server, 'kept.csv', 'ID\r\n1\r\n')
    const response = await bridge.write(server, 'kept.csv', 'ID\r\n2\r\n3\r\n', head)
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'bridge_unavailable' }])
    expect(stored('kept.csv').toString()).toBe('ID\r\n1\r\n')
  })

  it('a folder in place of the file stays', async () => {
    mkdirSync(`${server.folder}/folder`)
    expect(await (await bridge.write(server, 'folder', 'ID\r\n')).json()).toMatchObject({
      code: 'not_found',
      advice: 'Add the name of the file to the path.',
    })
    expect(readdirSync(`${server.folder}/folder`)).toEqual([])
  })
})

describe('what a server refuses', () => {
  let server: OpenSsh
  beforeAll(async () => {
    server = await startOpenSsh()
  })
  afterAll(() => server?.stop())

  it('a missing folder is named', async () => {
    const response = await bridge.write(server, 'none/out.csv', 'ID\r\n')
    expect([response.status, await response.json()]).toMatchObject([
      424,
      { code: 'not_found', message: 'The server does not have the folder of out.csv.' },
    ])
  })

  it('a folder that the user may not write to is named, with the permission to ask for', async () => {
    mkdirSync(`${server.folder}/closed`)
    const response = await bridge.write(server, 'closed/out.csv', 'ID\r\n')
    expect([response.status, await response.json()]).toMatchObject([
      424,
      { code: 'forbidden', advice: expect.stringContaining('permission to write, rename and delete files') },
    ])
  })

  it('a drop folder that may be written to and not looked into takes the file', async () => {
    mkdirSync(`${server.folder}/drop`)
    execFileSync('chown', [server.username, `${server.folder}/drop`])
    chmodSync(`${server.folder}/drop`, 0o333)
    expect((await bridge.write(server, 'drop/out.csv', 'ID\r\n')).status).toBe(200)
    expect(readFileSync(`${server.folder}/drop/out.csv`, 'utf8')).toBe('ID\r\n')
  })

  it('a wrong password writes nothing', async () => {
    const response = await bridge.write(server, 'secret.csv', 'ID\r\n', { password: 'wr0ng' })
    expect([response.status, await response.json()]).toMatchObject([424, { code: 'unauthorized' }])
    expect(existsSync(`${server.folder}/secret.csv`)).toBe(false)
  })

  it('a connection that is lost half-way leaves the old file, and the next attempt replaces it', async () => {
    await bridge.write(server, 'lost.csv', 'ID\r\n1\r\n')
    const large = randomBytes(2_000_000)
    let sent = 0
    const proxy = await startProxy(server.port, () => ({
      answer: (bytes, client) => {
        client.write(bytes)
        // Enough answers for the sign-in and the first writes.
        sent += bytes.length
        if (sent > 5000) client.destroySoon()
      },
    }))
    const response = await bridge.write(server, 'lost.csv', large, { port: proxy.port })
    expect([response.status, await response.json()]).toMatchObject([424, { code: 'unreachable' }])
    proxy.close()
    expect(readFileSync(`${server.folder}/lost.csv`, 'utf8')).toBe('ID\r\n1\r\n')
    expect((await bridge.write(server, 'lost.csv', large)).status).toBe(200)
    expect(readFileSync(`${server.folder}/lost.csv`).equals(large)).toBe(true)
  })

  it('a server that stalls half-way is given up', async () => {
    const proxy = await startProxy(server.port, () => cutAfter(5000, 'stall'))
    const timeouts = { idle: 1000 }
    const response = await bridge.write(server, 'stall.csv', randomBytes(2_000_000), { port: proxy.port, timeouts })
    expect([response.status, await response.json()]).toMatchObject([424, { code: 'timeout' }])
    proxy.close()
    expect(existsSync(`${server.folder}/stall.csv`)).toBe(false)
  })
})

describe('a request to write', () => {
  let server: OpenSsh
  beforeAll(async () => {
    server = await startOpenSsh()
  })
  afterAll(() => server?.stop())

  it.each(['out.csv.tmp', '.out.csv', 'out-*.csv', ''])('the name “%s” is refused', async (name) => {
    expect((await bridge.write(server, name, 'ID\r\n')).status).toBe(400)
    expect(readdirSync(server.folder)).toEqual([])
  })

  it('a request to write that is not signed, or has no end of its head, is refused', async () => {
    const head = JSON.stringify(openRequest(server, 'out.csv'))
    const send = async (body: string) => (await fetch(`${bridge.url}/write`, { method: 'POST', body })).status
    expect([await send(`${head}\nID`), await send(head), await send('x'.repeat(200_000))]).toEqual([401, 400, 413])
    expect(readdirSync(server.folder)).toEqual([])
  })
})
