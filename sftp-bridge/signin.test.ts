import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenRequest } from './request.ts'
import { type KeyOptions, type OpenSsh, startOpenSsh } from './testing/openssh.ts'
import { type BridgeProcess, openRequest, startBridge } from './testing/process.ts'

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
  it('a password signs in', async () => expect(await content()).toBe(CONTENT))

  it('the failure for a wrong password names it and the ways that the server accepts, without showing it', async () => {
    const failure = await bridge.failure('/open', request({ password: 'swordfish' }))
    expect(failure).toMatchObject({
      code: 'unauthorized',
      message: 'The server refused the user name or the password.',
      advice: 'Check both with the server’s administrator. It takes a private key or a password.',
    })
    expect(JSON.stringify(failure)).not.toContain('swordfish')
  })

  it('a password of a user who does not exist fails the same way as a wrong one', async () => {
    expect(await bridge.failure('/open', request({ username: 'nobody-here' }))).toMatchObject({ code: 'unauthorized' })
  })

  it('a sign-in without credentials fails and names what the server wants', async () => {
    expect(await bridge.failure('/open', request({ password: null }))).toMatchObject({
      code: 'unauthorized',
      message: 'The server wants a private key or a password from this user.',
    })
  })

  it('a password answers a hidden prompt if the server only accepts keyboard-interactive', async () => {
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

  it.each(kinds)('the private key $type $format signs in', async (kind) => {
    expect(await content({ password: null, privateKey: server.addKey(kind) })).toBe(CONTENT)
  })

  it.each(kinds)('the private key $type $format signs in with its passphrase, and only with that', async (kind) => {
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

  it('a private key that the server does not know is refused', async () => {
    const stranger = await startOpenSsh()
    const privateKey = stranger.addKey({ type: 'ed25519' })
    await stranger.stop()
    expect(await bridge.failure('/open', request({ password: null, privateKey }))).toMatchObject({
      code: 'unauthorized',
      message: 'The server refused the user name or the private key.',
    })
  })

  it('a text that is not a private key is refused without being shown', async () => {
    const privateKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO public'
    const failure = await bridge.failure('/open', request({ password: null, privateKey }))
    expect(failure).toMatchObject({ code: 'unauthorized', message: 'The private key cannot be read.' })
    expect(JSON.stringify(failure)).not.toContain('AAAAC3')
  })

  it('a private key and a password sign in together if the server wants both', async () => {
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
  it('an unconfirmed host key is shown, and the bridge does not sign in', async () => {
    expect(await bridge.failure('/open', request({ hostKey: null, password: 'swordfish' }))).toMatchObject({
      code: 'host_key_unknown',
      hostKey: server.hostKeys.ed25519,
    })
  })

  it.each(['ed25519', 'ecdsa', 'rsa'] as const)(
    'a server may be pinned by the fingerprint of its %s key',
    async (type) => {
      expect(await content({ hostKey: server.hostKeys[type] })).toBe(CONTENT)
    },
  )

  it('a changed host key is refused with both fingerprints, before the password is sent', async () => {
    const pinned = server.hostKeys.ed25519
    await server.replaceHostKeys()
    const failure = await bridge.failure('/open', request({ hostKey: pinned, password: 'swordfish' }))
    expect(failure).toMatchObject({ code: 'host_key_changed', hostKey: server.hostKeys.ed25519 })
    expect(failure.message).toContain(pinned)
    expect(failure.message).toContain(server.hostKeys.ed25519)
  })
})

describe('a server', () => {
  it('a server that does not listen is unreachable', async () => {
    expect(await bridge.failure('/open', request({ port: 1 }))).toMatchObject({ code: 'unreachable' })
  })

  it('a server whose name does not exist is dns_failed', async () => {
    expect(await bridge.failure('/open', request({ host: 'sftp.invalid' }))).toMatchObject({ code: 'dns_failed' })
  })

  it('the failure for a server that does not speak SSH says so', async () => {
    await withListener('HTTP/1.1 400 Bad Request\r\n\r\n', async (port) => {
      const failure = await bridge.failure('/open', request({ port }))
      expect(failure).toMatchObject({ code: 'unreachable' })
      expect(failure.message).toContain('is not an SSH server')
    })
  })

  it('a server that sends nothing times out', async () => {
    await withListener(null, async (port) => {
      const failure = await bridge.failure('/open', request({ port, timeouts: { firstByte: 300 } }))
      expect(failure).toMatchObject({ code: 'timeout' })
    })
  })
})

/**
 * Runs `use` with the port of a server that greets each connection with `greeting` and hangs up, or never sends
 * anything.
 */
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
