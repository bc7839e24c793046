import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { AfterImportRequest, FailureAnswer, OpenRequest, WriteRequest } from '../request.ts'
import { failureAnswerSchema } from '../request.ts'
import { SIGNATURE_HEADER, signRequest } from '../signature.ts'
import type { OpenSsh } from './openssh.ts'

/** The bridge as a process of its own, for tests, with the Worker's side of the contract to call it. */
export interface BridgeProcess {
  url: string
  secret: string
  child: ChildProcess
  /** The lines that it has logged so far. */
  log: string[]
  /** Sends a signed request. */
  post(path: '/open' | '/settle', body: OpenRequest | AfterImportRequest, signal?: AbortSignal): Promise<Response>
  /** Sends a signed request that must fail, and returns the failure. */
  failure(path: '/open' | '/settle', body: OpenRequest | AfterImportRequest): Promise<FailureAnswer>
  /** Sends a signed request to write a file. `head` overrides what the request says about the content. */
  write(server: OpenSsh, path: string, content: string | Buffer, head?: Partial<WriteRequest>): Promise<Response>
  stop(): Promise<void>
}

/** A busy machine is no reason for a timeout: the requests that are about time bring their own bounds. */
const PATIENT = {
  BRIDGE_CONNECT_MS: '600000',
  BRIDGE_FIRST_BYTE_MS: '600000',
  BRIDGE_IDLE_MS: '600000',
  BRIDGE_STABLE_MS: '200',
}

/**
 * Returns a request for a file in the folder of the server's user, by password, with the host key pinned; `changes`
 * override it.
 */
export function openRequest(server: OpenSsh, name: string, changes: Partial<OpenRequest> = {}): OpenRequest {
  return {
    host: '127.0.0.1',
    port: server.port,
    path: `${server.folder}/${name}`,
    username: server.username,
    password: server.password,
    privateKey: null,
    passphrase: null,
    hostKey: server.hostKeys.ed25519,
    since: null,
    maxBytes: 1_000_000_000,
    ...changes,
  }
}

/** Starts the bridge on a free port. `environment` adds to the required variables; `entry` is the file to run. */
export async function startBridge(
  environment: Record<string, string> = {},
  entry = fileURLToPath(new URL('../server.ts', import.meta.url)),
): Promise<BridgeProcess> {
  const secret = randomBytes(32).toString('base64')
  const child = spawn(process.execPath, [entry], {
    env: { PORT: '0', BRIDGE_SECRET: secret, BRIDGE_ALLOW_LOOPBACK: '1', ...PATIENT, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const log: string[] = []
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The bridge ended with ${code} before it listened`)))
    createInterface(child.stdout).on('line', (line) => {
      log.push(line)
      const { event, port } = JSON.parse(line)
      if (event === 'listening') resolve(port)
    })
  })
  const url = `http://127.0.0.1:${port}`

  async function post(path: string, body: object, signal?: AbortSignal, content?: Buffer): Promise<Response> {
    const bytes = new TextEncoder().encode(JSON.stringify(body))
    const whole = content === undefined ? bytes : Buffer.concat([bytes, Buffer.from('\n'), content])
    const signature = await signRequest([secret], { method: 'POST', path, body: bytes }, Math.floor(Date.now() / 1000))
    const headers = { [SIGNATURE_HEADER]: signature }
    return fetch(url + path, { method: 'POST', body: whole, headers, ...(signal === undefined ? {} : { signal }) })
  }

  return {
    url,
    secret,
    child,
    log,
    post,
    async failure(path, body) {
      const response = await post(path, body)
      if (response.ok) throw new Error('The request was to fail, and it did not')
      return failureAnswerSchema.parse(await response.json())
    },
    write(server, path, content, head = {}) {
      const bytes = Buffer.from(content)
      const { since, maxBytes, ...target } = openRequest(server, path)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return post('/write', { ...target, bytes: bytes.length, sha256, ...head }, undefined, bytes)
    },
    async stop() {
      if (child.exitCode !== null) return
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await exited
    },
  }
}
