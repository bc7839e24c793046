import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { truncateSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SIGNATURE_HEADER, signRequest } from './signature.ts'
import { type OpenSsh, startOpenSsh } from './testing/openssh.ts'
import { type BridgeProcess, openRequest, startBridge } from './testing/process.ts'

/** More than a connection holds while its reader does nothing, in bytes. */
const LONG = 50_000_000

let server: OpenSsh
let bridge: BridgeProcess

beforeAll(async () => {
  server = await startOpenSsh()
  bridge = await startBridge()
  writeFileSync(`${server.folder}/contacts.csv`, 'ID\n1\n')
  writeFileSync(`${server.folder}/long.csv`, '')
  truncateSync(`${server.folder}/long.csv`, LONG)
})

afterAll(async () => {
  await bridge?.stop()
  await server?.stop()
})

/** Sends a body and returns the status of the answer. By default the request is signed correctly. */
async function send(body: string, options: { at?: number; secret?: string; signed?: string } = {}): Promise<number> {
  const at = options.at ?? Math.floor(Date.now() / 1000)
  const signed = { method: 'POST', path: '/open', body: new TextEncoder().encode(options.signed ?? body) }
  const headers = { [SIGNATURE_HEADER]: await signRequest([options.secret ?? bridge.secret], signed, at) }
  const response = await fetch(`${bridge.url}/open`, { method: 'POST', body, headers })
  await response.arrayBuffer()
  return response.status
}

describe('a request', () => {
  const body = () => JSON.stringify(openRequest(server, 'contacts.csv'))

  it('a signed request is answered', async () => expect(await send(body())).toBe(200))

  it('a request without a signature is refused', async () => {
    const response = await fetch(`${bridge.url}/open`, { method: 'POST', body: body() })
    expect([response.status, await response.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'bridge_unavailable' }),
    ])
  })

  it('a request that was signed too long ago or in the future is refused', async () => {
    const now = Math.floor(Date.now() / 1000)
    expect(await send(body(), { at: now - 70 })).toBe(401)
    expect(await send(body(), { at: now + 70 })).toBe(401)
  })

  it('a request that was changed after signing or signed with another secret is refused', async () => {
    expect(await send(body(), { signed: body().replace('contacts', 'payroll') })).toBe(401)
    expect(await send(body(), { secret: 'some other secret' })).toBe(401)
  })

  it('a request is refused the second time', async () => {
    const bytes = new TextEncoder().encode(body())
    const signed = { method: 'POST', path: '/open', body: bytes }
    const headers = { [SIGNATURE_HEADER]: await signRequest([bridge.secret], signed, Math.floor(Date.now() / 1000)) }
    const statuses = []
    for (let i = 0; i < 2; i++) {
      const response = await fetch(`${bridge.url}/open`, { method: 'POST', body: bytes, headers })
      await response.arrayBuffer()
      statuses.push(response.status)
    }
    expect(statuses).toEqual([200, 401])
  })

  it('a request that does not keep the contract is refused without repeating its values', async () => {
    expect(await send('no JSON')).toBe(400)
    const response = await bridge.post('/open', { ...openRequest(server, 'contacts.csv'), hostKey: 'swordfish' })
    const text = await response.text()
    expect([response.status, text]).toEqual([400, expect.stringContaining('hostKey')])
    expect(text).not.toContain('swordfish')
  })

  it('a request that is too long is refused', async () => expect(await send('x'.repeat(100_001))).toBe(413))

  it('a request for another path or method is not found', async () => {
    expect((await fetch(`${bridge.url}/`)).status).toBe(404)
    expect((await fetch(`${bridge.url}/open`)).status).toBe(404)
  })
})

describe('the bridge', () => {
  it('the health check answers without a signature and says nothing else', async () => {
    expect(await (await fetch(`${bridge.url}/health`)).json()).toEqual({ ok: true })
  })

  it('the bridge logs one line a request, with no secret, user, server, path or file in it', async () => {
    const failing = openRequest(server, 'contacts.csv', { password: 'swordfish' })
    await bridge.failure('/open', failing)
    const lines = () => bridge.log.filter((line) => line.includes('unauthorized'))
    await expect.poll(lines).toHaveLength(1)
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ route: '/open', status: 424, code: 'unauthorized' })
    for (const word of ['swordfish', server.username, server.folder, 'contacts', '127.0.0.1', bridge.secret]) {
      expect(bridge.log.join('\n')).not.toContain(word)
    }
  })

  it('the bridge runs no more sessions at a time than its setting allows', async () => {
    const small = await startBridge({ BRIDGE_MAX_SESSIONS: '1' })
    const first = await small.post('/open', openRequest(server, 'long.csv'))
    const second = await small.post('/open', openRequest(server, 'contacts.csv'))
    expect([second.status, await second.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'bridge_unavailable', message: expect.stringContaining('busy') }),
    ])
    await first.body?.cancel()
    await small.stop()
  })

  it('the bridge refuses loopback and private addresses, by name or number, unless loopback is allowed', async () => {
    const strict = await startBridge({ BRIDGE_ALLOW_LOOPBACK: '0' })
    for (const host of [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '0x7f.1',
      '::ffff:127.0.0.1',
      '10.0.0.1',
      '169.254.169.254',
    ]) {
      expect([host, (await strict.failure('/open', openRequest(server, 'contacts.csv', { host }))).code]).toEqual([
        host,
        'address_refused',
      ])
    }
    await strict.stop()
    const lan = await bridge.failure('/open', openRequest(server, 'contacts.csv', { host: '192.168.1.1' }))
    expect(lan.code).toBe('address_refused')
    expect((await bridge.post('/open', openRequest(server, 'contacts.csv', { host: 'localhost' }))).status).toBe(200)
  })

  it('the bridge does not start with a short secret, and says so', () => {
    const entry = new URL('server.ts', import.meta.url).pathname
    const { status, stderr } = spawnSync(process.execPath, [entry], {
      env: { BRIDGE_SECRET: 'short' },
      encoding: 'utf8',
    })
    expect(status).not.toBe(0)
    expect(stderr).toContain('BRIDGE_SECRET: at least 32 characters')
    expect(stderr).not.toContain('short')
  })
})

describe('SIGTERM', () => {
  it('a bridge that gets SIGTERM lets a stream finish, refuses new requests for a while, and ends the process', async () => {
    const stopping = await startBridge({ BRIDGE_GRACE_MS: '600000' })
    const response = await stopping.post('/open', openRequest(server, 'long.csv'))
    const exited = once(stopping.child, 'exit')
    stopping.child.kill('SIGTERM')
    await expect.poll(() => stopping.log.at(-1)).toContain('stopping')
    const refused = await stopping.post('/open', openRequest(server, 'contacts.csv'))
    expect([refused.status, refused.headers.get('Retry-After'), await refused.json()]).toEqual([
      503,
      '60',
      expect.objectContaining({ code: 'bridge_unavailable', message: 'The SFTP bridge is being restarted.' }),
    ])
    expect((await fetch(`${stopping.url}/health`)).status).toBe(503)
    expect((await response.arrayBuffer()).byteLength).toBe(LONG)
    expect(await exited).toEqual([0, null])
  })

  it('a bridge that gets SIGTERM breaks off a stream that is not read in time', async () => {
    const stopping = await startBridge({ BRIDGE_GRACE_MS: '300' })
    const response = await stopping.post('/open', openRequest(server, 'long.csv'))
    const exited = once(stopping.child, 'exit')
    stopping.child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
    await expect(response.arrayBuffer()).rejects.toThrow()
  })

  it('an idle bridge that gets SIGTERM ends without waiting', async () => {
    const idle = await startBridge({ BRIDGE_GRACE_MS: '600000' })
    await (await fetch(`${idle.url}/health`)).json()
    const exited = once(idle.child, 'exit')
    idle.child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  })
})
