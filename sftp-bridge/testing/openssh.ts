import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * OpenSSH's own server for tests, on a free port of loopback. Its configuration and host keys are in a folder of its
 * own, and its user exists as long as it runs. sshd checks passwords against the system's users, so this needs root.
 */
export interface OpenSsh {
  port: number
  username: string
  password: string
  /** The absolute path of a folder in which the user has all permissions. */
  folder: string
  /** The fingerprint of each host key, by type, as `ssh-keygen -l` prints it. */
  hostKeys: Record<HostKeyType, string>
  /** Lets the user in with a new private key, and returns the key's text. */
  addKey(options: KeyOptions): string
  /** Replaces the host keys, as if the server had been reinstalled. */
  replaceHostKeys(): Promise<void>
  stop(): Promise<void>
}

type HostKeyType = 'ed25519' | 'ecdsa' | 'rsa'

export interface KeyOptions {
  type: HostKeyType
  passphrase?: string
  /** Defaults to OpenSSH's own format. */
  format?: 'PEM' | 'PKCS8'
}

const SSHD = '/usr/sbin/sshd'
/** An RSA key that is shorter than ssh-keygen's default takes a tenth of the time to make. */
const RSA_BITS = '2048'
const HOST_KEY_TYPES: readonly HostKeyType[] = ['ed25519', 'ecdsa', 'rsa']

/**
 * Starts the server. `settings` are lines of sshd_config that precede the usual ones and so override them. Throws
 * `Error` that says what to install, or that root is needed.
 */
export async function startOpenSsh(settings: string[] = []): Promise<OpenSsh> {
  install()
  const state = mkdtempSync(join(tmpdir(), 'muster-sshd-'))
  const folder = join(state, 'files')
  const username = `muster-${randomBytes(4).toString('hex')}`
  const password = randomBytes(12).toString('base64url')
  chmodSync(state, 0o755)
  mkdirSync(folder)
  mkdirSync('/run/sshd', { recursive: true })
  run('useradd', ['--no-create-home', '--home-dir', folder, '--shell', '/bin/sh', username])
  run('chpasswd', [], `${username}:${password}\n`)
  run('chown', [username, folder])
  writeFileSync(join(state, 'authorized_keys'), '')

  const port = await freePort()
  writeFileSync(
    join(state, 'sshd_config'),
    [
      ...settings,
      ...HOST_KEY_TYPES.map((type) => `HostKey ${state}/host_${type}`),
      `ListenAddress 127.0.0.1:${port}`,
      `AllowUsers ${username}`,
      `AuthorizedKeysFile ${state}/authorized_keys`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PasswordAuthentication yes',
      'Subsystem sftp internal-sftp',
      'ForceCommand internal-sftp',
      'MaxStartups 100',
      ...penalties(),
      '',
    ].join('\n'),
  )
  const hostKeys = makeHostKeys(state)
  const remove = () => {
    run('userdel', ['--force', username])
    rmSync(state, { recursive: true, force: true })
  }
  let server = await startServer(state, port).catch((error: unknown) => {
    remove()
    throw error
  })

  return {
    port,
    username,
    password,
    folder,
    hostKeys,
    addKey: (options) => addKey(state, options),
    async replaceHostKeys() {
      await end(server)
      Object.assign(hostKeys, makeHostKeys(state))
      server = await startServer(state, port)
    },
    async stop() {
      await end(server)
      remove()
    },
  }
}

function install(): void {
  if (process.getuid?.() !== 0) throw new Error('The SFTP tests start sshd with a user of its own: run them as root')
  if (existsSync(SSHD)) return
  try {
    run('apt-get', ['update'])
    run('apt-get', ['install', '-y', '--no-install-recommends', 'openssh-server'])
  } catch {
    throw new Error('The SFTP tests need OpenSSH’s server: install the package openssh-server')
  }
}

/**
 * Returns the setting that switches penalties off. From version 9.8 on sshd locks out an address after failed sign-ins,
 * and the tests have many; earlier versions do not know the setting.
 */
function penalties(): string[] {
  const version = /OpenSSH_(\d+\.\d+)/.exec(spawnSync('ssh', ['-V'], { encoding: 'utf8' }).stderr)?.[1]
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  return major > 9 || (major === 9 && minor >= 8) ? ['PerSourcePenalties no'] : []
}

function makeHostKeys(state: string): Record<HostKeyType, string> {
  const [ed25519 = '', ecdsa = '', rsa = ''] = HOST_KEY_TYPES.map((type) => {
    const file = join(state, `host_${type}`)
    rmSync(file, { force: true })
    run('ssh-keygen', ['-q', '-t', type, ...size(type), '-N', '', '-f', file])
    return /SHA256:\S+/.exec(run('ssh-keygen', ['-l', '-f', `${file}.pub`]))?.[0] ?? ''
  })
  return { ed25519, ecdsa, rsa }
}

function addKey(state: string, { type, passphrase = '', format }: KeyOptions): string {
  const file = join(state, `key_${randomBytes(4).toString('hex')}`)
  const form = format === undefined ? [] : ['-m', format]
  run('ssh-keygen', ['-q', '-t', type, ...size(type), '-N', passphrase, '-f', file, ...form])
  writeFileSync(join(state, 'authorized_keys'), readFileSync(`${file}.pub`), { flag: 'a' })
  return readFileSync(file, 'utf8')
}

function size(type: HostKeyType): string[] {
  return type === 'rsa' ? ['-b', RSA_BITS] : []
}

async function startServer(state: string, port: number) {
  const server = spawn(SSHD, ['-D', '-e', '-f', join(state, 'sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  server.stderr.on('data', (text) => {
    complaint += text
  })
  for (let tries = 0; !(await answers(port)); tries++) {
    if (server.exitCode !== null || tries === 2000) throw new Error(`sshd did not start: ${complaint}`)
    await sleep(50)
  }
  return server
}

async function end(server: ReturnType<typeof spawn>): Promise<void> {
  const exited = once(server, 'exit')
  server.kill()
  await exited
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('No free port')
  return address.port
}

function run(command: string, args: string[], input?: string): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], input: input ?? '' })
}
