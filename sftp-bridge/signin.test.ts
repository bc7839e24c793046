import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KeyOptions, type OpenSsh, startOpenSsh } from './openssh.ts'
import { type BridgeProcess, openRequest, startBridge } from './process.ts'
import type { OpenRequest } from './request.ts'

const CONTENT = 'ID,Name\n1,Ana\n'

let server: OpenSsh
let bridge: BridgeProcess

beforeAll(async () => {
  server = await startOpenSsh()
  bridge = await startBridge()
  writeFileSync(`${server.folder}/contacts.csv`, CONTENT)
})

afterAll(async () => {
  await bridge?.stop()
  await server?.stop()
})

const request = (changes: Partial<OpenRequest> = {}) => openRequest(server, 'contacts.csv', changes)

async function content(changes: Partial<OpenRequest> = {}): Promise<string> {
  return (await bridge.post('/open', request(changes))).text()
}

describe('a password', () => {
  it('signs in', async () => expect(await content()).toBe(CONTENT))

  it('that is wrong is named, with what the server takes, and not shown', async () => {
    const failure = await bridge.failure('/open', request({ password: 'swordfish' }))
    expect(failure).toMatchObject({
      code: 'unauthorized',
      message: 'The server refused the user name or the password.',
      advice: 'Check both with whoever runs the server. It takes a private key or a password.',
    })
    expect(JSON.stringify(failure)).not.toContain('swordfish')
  })

  it('of a user who does not exist fails the same way', async () => {
    expect(await bridge.failure('/open', request({ username: 'nobody-here' }))).toMatchObject({ code: 'unauthorized' })
  })

  it('is asked for when there is nothing to sign in with', async () => {
    expect(await bridge.failure('/open', request({ password: null }))).toMatchObject({
      code: 'unauthorized',
      message: 'The server wants a private key or a password from this user.',
    })
  })

  it('answers a hidden prompt where the server only knows keyboard-interactive', async () => {
    const asking = await startOpenSsh(['UsePAM yes', 'KbdInteractiveAuthentication yes', 'PasswordAuthentication no'])
    try {
      writeFileSync(`${asking.folder}/contacts.csv`, CONTENT)
      const response = await bridge.post('/open', openRequest(asking, 'contacts.csv'))
      expect(await response.text()).toBe(CONTENT)
      const wrong = openRequest(asking, 'contacts.csv', { password: 'swordfish' })
      expect(await bridge.failure('/open', wrong)).toMatchObject({ code: 'unauthorized' })
    } finally {
      await asking.stop()
    }
  })
})

describe('a private key', () => {
  const kinds: KeyOptions[] = [
    { type: 'ed25519' },
    { type: 'ecdsa' },
    { type: 'rsa' },
    { type: 'ecdsa', format: 'PEM' },
    { type: 'rsa', format: 'PEM' },
    { type: 'ecdsa', format: 'PKCS8' },
    { type: 'rsa', format: 'PKCS8' },
  ]

  it.each(kinds)('$type $format signs in', async (kind) => {
    expect(await content({ password: null, privateKey: server.addKey(kind) })).toBe(CONTENT)
  })

  it.each(kinds)('$type $format signs in with its passphrase, and only with that', async (kind) => {
    const passphrase = 'correct horse'
    const key = { password: null, privateKey: server.addKey({ ...kind, passphrase }) }
    expect(await content({ ...key, passphrase })).toBe(CONTENT)
    expect(await bridge.failure('/open', request({ ...key, passphrase: 'wrong horse' }))).toMatchObject({
      code: 'unauthorized',
      message: 'The passphrase does not open the private key.',
    })
    expect(await bridge.failure('/open', request(key))).toMatchObject({
      code: 'unauthorized',
      message: 'The private key is protected by a passphrase.',
    })
  })

  it('that the server does not know is refused', async () => {
    const stranger = await startOpenSsh()
    const privateKey = stranger.addKey({ type: 'ed25519' })
    await stranger.stop()
    expect(await bridge.failure('/open', request({ password: null, privateKey }))).toMatchObject({
      code: 'unauthorized',
      message: 'The server refused the user name or the private key.',
    })
  })

  it('that is no private key is refused without being shown', async () => {
    const privateKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO public'
    const failure = await bridge.failure('/open', request({ password: null, privateKey }))
    expect(failure).toMatchObject({ code: 'unauthorized', message: 'The private key cannot be read.' })
    expect(JSON.stringify(failure)).not.toContain('AAAAC3')
  })

  it('and a password sign in together where the server wants both', async () => {
    const strict = await startOpenSsh(['AuthenticationMethods publickey,password'])
    try {
      writeFileSync(`${strict.folder}/contacts.csv`, CONTENT)
      const both = openRequest(strict, 'contacts.csv', { privateKey: strict.addKey({ type: 'ed25519' }) })
      expect(await (await bridge.post('/open', both)).text()).toBe(CONTENT)
      expect(await bridge.failure('/open', { ...both, password: null })).toMatchObject({ code: 'unauthorized' })
    } finally {
      await strict.stop()
    }
  })
})

describe('the host key', () => {
  it('that nobody has confirmed is shown, and nothing is signed in to', async () => {
    expect(await bridge.failure('/open', request({ hostKey: null, password: 'swordfish' }))).toMatchObject({
      code: 'host_key_unknown',
      hostKey: server.hostKeys.ed25519,
    })
  })

  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('may be pinned by the fingerprint of its %s key', async (type) => {
    expect(await content({ hostKey: server.hostKeys[type] })).toBe(CONTENT)
  })

  it('that has changed is refused with both fingerprints, before the password is sent', async () => {
    const pinned = server.hostKeys.ed25519
    await server.replaceHostKeys()
    const failure = await bridge.failure('/open', request({ hostKey: pinned, password: 'swordfish' }))
    expect(failure).toMatchObject({ code: 'host_key_changed', hostKey: server.hostKeys.ed25519 })
    expect(failure.message).toContain(pinned)
    expect(failure.message).toContain(server.hostKeys.ed25519)
  })
})

describe('a server', () => {
  it('that is not there is unreachable', async () => {
    expect(await bridge.failure('/open', request({ port: 1 }))).toMatchObject({ code: 'unreachable' })
  })

  it('whose name nobody knows fails in the look-up', async () => {
    expect(await bridge.failure('/open', request({ host: 'sftp.invalid' }))).toMatchObject({ code: 'dns_failed' })
  })

  it('that does not speak SSH is named as such', async () => {
    await withListener('HTTP/1.1 400 Bad Request\r\n\r\n', async (port) => {
      const failure = await bridge.failure('/open', request({ port }))
      expect(failure).toMatchObject({ code: 'unreachable' })
      expect(failure.message).toContain('is not an SSH server')
    })
  })

  it('that says nothing is given up on in time', async () => {
    await withListener(null, async (port) => {
      const failure = await bridge.failure('/open', request({ port, timeouts: { firstByte: 300 } }))
      expect(failure).toMatchObject({ code: 'timeout' })
    })
  })
})

/** A server that greets each connection with `greeting` and hangs up, or says nothing for ever. */
async function withListener(greeting: string | null, use: (port: number) => Promise<void>): Promise<void> {
  const listener = createServer((socket) => {
    socket.on('error', () => {})
    if (greeting !== null) socket.end(greeting)
  })
  await new Promise<void>((ready) => listener.listen(0, '127.0.0.1', ready))
  const address = listener.address()
  try {
    await use(typeof address === 'object' && address !== null ? address.port : 0)
  } finally {
    listener.close()
  }
}
