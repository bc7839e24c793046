import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { truncateSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenSsh, startOpenSsh } from './openssh.ts'
import { type BridgeProcess, openRequest, startBridge } from './process.ts'
import { SIGNATURE_HEADER, signRequest } from './signature.ts'

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

/** Sends bytes as they are, signed unless told otherwise, and gives the status. */
async function send(body: string, options: { at?: number; secret?: string; signed?: string } = {}): Promise<number> {
  const at = options.at ?? Math.floor(Date.now() / 1000)
  const signed = { method: 'POST', path: '/open', body: new TextEncoder().encode(options.signed ?? body) }
  const headers = { [SIGNATURE_HEADER]: await signRequest(options.secret ?? bridge.secret, signed, at) }
  const response = await fetch(`${bridge.url}/open`, { method: 'POST', body, headers })
  await response.arrayBuffer()
  return response.status
}

describe('a request', () => {
  const body = () => JSON.stringify(openRequest(server, 'contacts.csv'))

  it('is answered when it is signed', async () => expect(await send(body())).toBe(200))

  it('is refused without a signature', async () => {
    const response = await fetch(`${bridge.url}/open`, { method: 'POST', body: body() })
    expect([response.status, await response.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'bridge_unavailable' }),
    ])
  })

  it('is refused when it was signed too long ago, or in the future', async () => {
    const now = Math.floor(Date.now() / 1000)
    expect(await send(body(), { at: now - 70 })).toBe(401)
    expect(await send(body(), { at: now + 70 })).toBe(401)
  })

  it('is refused when anything of it was changed, or another secret signed it', async () => {
    expect(await send(body(), { signed: body().replace('contacts', 'payroll') })).toBe(401)
    expect(await send(body(), { secret: 'some other secret' })).toBe(401)
  })

  it('is refused the second time', async () => {
    const bytes = new TextEncoder().encode(body())
    const signed = { method: 'POST', path: '/open', body: bytes }
    const headers = { [SIGNATURE_HEADER]: await signRequest(bridge.secret, signed, Math.floor(Date.now() / 1000)) }
    const statuses = []
    for (let i = 0; i < 2; i++) {
      const response = await fetch(`${bridge.url}/open`, { method: 'POST', body: bytes, headers })
      await response.arrayBuffer()
      statuses.push(response.status)
    }
    expect(statuses).toEqual([200, 401])
  })

  it('is refused when it is not of the contract, without repeating its values', async () => {
    expect(await send('no JSON')).toBe(400)
    const response = await bridge.post('/open', { ...openRequest(server, 'contacts.csv'), hostKey: 'swordfish' })
    const text = await response.text()
    expect([response.status, text]).toEqual([400, expect.stringContaining('hostKey')])
    expect(text).not.toContain('swordfish')
  })

  it('is refused when it is too long', async () => expect(await send('x'.repeat(100_001))).toBe(413))

  it('finds nothing anywhere else', async () => {
    expect((await fetch(`${bridge.url}/`)).status).toBe(404)
    expect((await fetch(`${bridge.url}/open`)).status).toBe(404)
  })
})

describe('the bridge', () => {
  it('tells that it is there, without a signature and without anything else', async () => {
    expect(await (await fetch(`${bridge.url}/health`)).json()).toEqual({ ok: true })
  })

  it('logs one line a request, with no secret, user, server, path or file in it', async () => {
    const failing = openRequest(server, 'contacts.csv', { password: 'swordfish' })
    await bridge.failure('/open', failing)
    const lines = () => bridge.log.filter((line) => line.includes('unauthorized'))
    await expect.poll(lines).toHaveLength(1)
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ route: '/open', status: 424, code: 'unauthorized' })
    for (const word of ['swordfish', server.username, server.folder, 'contacts', '127.0.0.1', bridge.secret]) {
      expect(bridge.log.join('\n')).not.toContain(word)
    }
  })

  it('takes no more sessions at a time than it may', async () => {
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

  it('refuses loopback and private addresses, by name or number, unless it is told otherwise', async () => {
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

  it('does not start without a secret worth the name, and says so', () => {
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
  it('lets a stream finish, takes nothing new, and ends the process', async () => {
    const stopping = await startBridge({ BRIDGE_GRACE_MS: '600000' })
    const response = await stopping.post('/open', openRequest(server, 'long.csv'))
    const exited = once(stopping.child, 'exit')
    stopping.child.kill('SIGTERM')
    await expect.poll(() => stopping.log.at(-1)).toContain('stopping')
    await expect(fetch(`${stopping.url}/health`)).rejects.toThrow()
    expect((await response.arrayBuffer()).byteLength).toBe(LONG)
    expect(await exited).toEqual([0, null])
  })

  it('breaks off a stream that nobody takes once its time is over', async () => {
    const stopping = await startBridge({ BRIDGE_GRACE_MS: '300' })
    const response = await stopping.post('/open', openRequest(server, 'long.csv'))
    const exited = once(stopping.child, 'exit')
    stopping.child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
    await expect(response.arrayBuffer()).rejects.toThrow()
  })

  it('ends an idle bridge without waiting', async () => {
    const idle = await startBridge({ BRIDGE_GRACE_MS: '600000' })
    await (await fetch(`${idle.url}/health`)).json()
    const exited = once(idle.child, 'exit')
    idle.child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  })
})
