import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { Client, type ServerHostKeyAlgorithm, type SFTPWrapper } from 'ssh2'
import { Failure } from '../worker/src/core/failure.ts'
import { bound, type Config } from './config.ts'
import type { Deadline } from './deadline.ts'
import { dial } from './dial.ts'
import { RemoteFiles } from './files.ts'
import { HostKeyFailure } from './hostkey.ts'
import type { Target } from './request.ts'
import { SignIn } from './signin.ts'

/**
 * The types of host keys to ask for. A server may have a key of each type, and the confirmed one need not be of our
 * first choice.
 */
const HOST_KEY_TYPES: readonly ServerHostKeyAlgorithm[][] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
]

/** A signed-in SFTP session. `close` may be called more than once. */
export interface Session {
  files: RemoteFiles
  close(): void
}

/**
 * Connects, checks the host key and signs in. No credential is sent before the host key is known to be the pinned one.
 * Throws `Failure` `dns_failed`, `address_refused`, `unreachable`, `timeout`, `host_key_unknown`, `host_key_changed`,
 * `unauthorized` or `server_error`.
 */
export async function openSession(target: Target, deadline: Deadline, config: Config): Promise<Session> {
  const algorithms = HOST_KEY_TYPES.flat()
  try {
    return await signIn(target, deadline, config, algorithms)
  } catch (error) {
    if (!(error instanceof HostKeyFailure) || target.hostKey === null) throw error
    const session = await signInByOtherKey(target, deadline, config)
    if (session === null) throw error
    return session
  }
}

/** Asks the server for its host key of each type in turn: the pinned one may not be of the type that came first. */
async function signInByOtherKey(target: Target, deadline: Deadline, config: Config): Promise<Session | null> {
  for (const algorithms of HOST_KEY_TYPES) {
    try {
      return await signIn(target, deadline, config, algorithms)
    } catch (error) {
      const wrongKey = error instanceof HostKeyFailure || (error instanceof Failure && error.code === 'server_error')
      if (!wrongKey || deadline.signal.aborted) throw error
    }
  }
  return null
}

async function signIn(
  target: Target,
  deadline: Deadline,
  config: Config,
  serverHostKey: ServerHostKeyAlgorithm[],
): Promise<Session> {
  const ways = new SignIn(target)
  deadline.expect('accept a connection', bound('connect', target, config))
  const socket = await dial(target, config, deadline.signal)
  deadline.expect('send the first bytes of the file', bound('firstByte', target, config))

  const client = new Client()
  const close = () => {
    client.end()
    // The server has a second to close the session properly.
    setTimeout(() => socket.destroy(), 1000).unref()
  }
  try {
    const sftp = await negotiate(client, socket, target, ways, serverHostKey, deadline.signal)
    const files = new RemoteFiles(sftp)
    for (const ending of [client, sftp]) {
      ending.on('close', () => files.end(deadline.signal.aborted ? deadline.signal.reason : lost()))
    }
    return { files, close }
  } catch (error) {
    close()
    throw error
  }
}

function negotiate(
  client: Client,
  socket: Socket,
  target: Target,
  ways: SignIn,
  serverHostKey: ServerHostKeyAlgorithm[],
  signal: AbortSignal,
): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    let refusedKey: HostKeyFailure | null = null
    const abort = () => {
      reject(signal.reason)
      socket.destroy()
    }
    signal.addEventListener('abort', abort, { once: true })
    client
      .on('error', (error) => reject(refusedKey ?? ways.failure(error) ?? handshakeFailure(error, target)))
      .on('close', () => reject(lost()))
      .on('change password', () => reject(ways.expired()))
      .on('ready', () => client.sftp((error, sftp) => (error ? reject(noSftp(error)) : resolve(sftp))))
      .connect({
        sock: socket,
        username: target.username,
        authHandler: (left) => ways.next(left),
        algorithms: { serverHostKey },
        // The deadline bounds the handshake.
        readyTimeout: 0,
        hostVerifier: (key: Buffer) => {
          const shown = fingerprint(key)
          if (shown === target.hostKey?.replace(/=$/, '')) return true
          refusedKey = new HostKeyFailure(shown, target.hostKey)
          return false
        },
      })
    if (signal.aborted) abort()
  })
}

/** Returns the fingerprint of a public key as OpenSSH prints it: `SHA256:` and base64 without padding. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

function lost(): Failure {
  return new Failure(
    'unreachable',
    'The connection to the SFTP server was lost.',
    'Muster tries again by itself. If this keeps happening, ask the server’s administrator to look at its log.',
  )
}

function noSftp(cause: Error): Failure {
  return new Failure(
    'forbidden',
    'The server let the user in but does not offer SFTP to them.',
    'Ask the server’s administrator to switch on SFTP for this user.',
    { cause },
  )
}

function handshakeFailure(cause: Error & { level?: string }, target: Target): Failure {
  if (cause.level === 'handshake') {
    return new Failure(
      'server_error',
      'The server and Muster could not agree on how to encrypt the connection.',
      'The server’s SSH software is probably out of date. Ask its administrator to update it.',
      { cause },
    )
  }
  if (cause.level === 'protocol') {
    return new Failure(
      'unreachable',
      `What answers at ${target.host}, port ${target.port}, is not an SSH server, or it hung up at once.`,
      'Check the port: 22 is usual for SFTP. FTP and FTPS are something else and are not supported.',
      { cause },
    )
  }
  return lost()
}
