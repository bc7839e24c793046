import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePort } from '../local/ports.ts'
import { type Email, readEmails } from './email.ts'

/** An answer of the API: its status, and its body as JSON, or as text if it is not JSON. */
export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the contract says; a wrong shape fails it.
  body: any
}

/** A complete Muster, started as `npm start` starts it, with its own state folder. */
export interface Muster {
  url: string
  admin: { email: string; password: string }
  /** The folder with all its state. */
  state: string
  /** The ID of the main process, which is the parent of all others. */
  pid: number
  /** Calls the API as the signed-in administrator. */
  api(method: string, path: string, body?: unknown): Promise<Answer>
  /** Fetches a path as the signed-in administrator, for answers that are not JSON. */
  download(path: string): Promise<Response>
  /** Returns every e-mail sent so far to an address, oldest first. */
  emails(to: string): Promise<Email[]>
  /** Returns the output on the terminal so far. */
  terminal(): string
  /** Stops Muster as a process manager does, and returns the exit code. */
  stop(): Promise<number | null>
}

/** Makes an empty folder for the state of a Muster. */
export function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'muster-'))
}

/** The root of this checkout. */
export const ROOT = resolve(import.meta.dirname, '..')

/** How often a start is tried whose port was taken meanwhile. */
const STARTS = 5

/** Starts Muster on a free port, and waits until it is ready. */
async function startProcess(root: string, env: NodeJS.ProcessEnv) {
  for (let start = 1; ; start++) {
    const port = await freePort(null)
    const url = `http://localhost:${port}`
    const child = spawn(process.execPath, [join(root, 'local/start.ts')], {
      env: { ...env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const exited = new Promise<number | null>((done) => child.on('exit', done))
    const ready = await new Promise<boolean>((done) => {
      const read = (text: string) => {
        output += text
        if (output.includes(`Ready on ${url}\n`)) done(true)
      }
      child.stdout.setEncoding('utf8').on('data', read)
      child.stderr.setEncoding('utf8').on('data', read)
      void exited.then(() => done(false))
    })
    if (ready) return { url, child, exited, terminal: () => output }
    // Between the look at a port and the start, another test can take it.
    const wasTaken = /^Port \d+ is already taken|ERR_ADDRESS_IN_USE/m.test(output)
    if (!wasTaken || start === STARTS) throw new Error(`Muster did not start:\n${output}`)
  }
}

/**
 * Starts an empty Muster on a free port and signs in. `env` adds to its environment. If `env` has a MUSTER_STATE, that
 * folder is kept after the stop. `root` is the checkout to start, this one if left out.
 */
export async function startMuster(env: Record<string, string> = {}, root = ROOT): Promise<Muster> {
  const state = env.MUSTER_STATE ?? (await makeFolder())
  const admin = {
    email: env.MUSTER_ADMIN_EMAIL ?? 'admin@example.org',
    password: env.MUSTER_ADMIN_PASSWORD ?? 'a long enough password',
  }
  const { url, child, exited, terminal } = await startProcess(root, {
    ...process.env,
    MUSTER_STATE: state,
    MUSTER_DEMO: '0',
    MUSTER_ADMIN_EMAIL: admin.email,
    MUSTER_ADMIN_PASSWORD: admin.password,
    ...env,
  })

  let cookie = ''
  const send = (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      // A kept connection may be closed by the server just when a busy machine gets round to using it again.
      headers: {
        connection: 'close',
        cookie,
        origin: url,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const session = await send('POST', '/api/session', admin)
  if (!session.ok) {
    child.kill('SIGTERM')
    throw new Error(`Signing in failed: ${session.status} ${await session.text()}`)
  }
  cookie = session.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')

  return {
    url,
    admin,
    state,
    pid: child.pid ?? 0,
    async api(method, path, body) {
      const response = await send(method, path, body)
      const text = await response.text()
      const json = response.headers.get('content-type')?.includes('json') === true
      return { status: response.status, body: json ? JSON.parse(text) : text }
    },
    download: (path) => send('GET', path),
    emails: (to) => readEmails(join(state, 'email'), to),
    terminal,
    async stop() {
      child.kill('SIGTERM')
      const code = await exited
      if (env.MUSTER_STATE === undefined)
        await rm(state, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
      return code
    },
  }
}
