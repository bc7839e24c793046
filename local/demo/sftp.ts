import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import ssh2, { type Connection } from 'ssh2'
import { LOOPBACK } from '../ports.ts'
import { type RemoteFile, serveFiles } from './sftp-files.ts'

/** A user of the server. */
export interface SftpLogin {
  username: string
  password: string
}

/** An SFTP server whose files can be read and not written; a new machine has no SFTP server. */
export interface SftpServer {
  /** The fingerprint of its host key, as `ssh-keygen -l` prints it. */
  hostKey: string
  /** Sets the bytes of the file at this absolute path from now on. */
  put(path: string, bytes: Uint8Array): void
  stop(): Promise<void>
}

/** Makes a new host key in OpenSSH's format. */
export function makeHostKey(): string {
  return ssh2.utils.generateKeyPairSync('ed25519').private
}

/** Starts the server on a loopback port with its host key, for one user who signs in with a password. */
export async function startSftp(options: { port: number; hostKey: string; login: SftpLogin }): Promise<SftpServer> {
  const files = new Map<string, RemoteFile>()
  const connections = new Set<Connection>()
  const server = new ssh2.Server({ hostKeys: [options.hostKey] }, (client) => {
    connections.add(client)
    client
      .on('authentication', (attempt) => {
        const { username, password } = options.login
        const right =
          attempt.method === 'password' && same(attempt.username, username) && same(attempt.password, password)
        if (right) attempt.accept()
        else attempt.reject(['password'])
      })
      .on('session', (accept) => {
        accept().on('sftp', (acceptSftp) => serveFiles(acceptSftp(), files))
      })
      // A client that disconnects in the middle does not concern this server.
      .on('error', () => {})
      .on('close', () => connections.delete(client))
  })
  server.listen(options.port, LOOPBACK)
  await once(server, 'listening')
  return {
    hostKey: fingerprint(options.hostKey),
    put: (path, bytes) => void files.set(path, { bytes, modified: Math.floor(Date.now() / 1000) }),
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const client of connections) client.end()
      await closed
    },
  }
}

function fingerprint(privateKey: string): string {
  const key = ssh2.utils.parseKey(privateKey)
  if (key instanceof Error) throw key
  return `SHA256:${createHash('sha256').update(key.getPublicSSH()).digest('base64').replace(/=+$/, '')}`
}

function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}
