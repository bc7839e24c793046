import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import type { WorkerLog } from './log.ts'

const UP_WITHIN = 180_000

/** The API as a signed-in administrator calls it. */
export interface Api {
  /** Sends a POST request. Throws an `Error` with the text of the answer unless the answer is a success. */
  post(path: string, body: unknown): Promise<unknown>
  /** Ends the session, which would otherwise stand among those of the administrator. */
  signOut(): Promise<void>
}

const healthSchema = z.object({ checks: z.record(z.string(), z.string()) })

/** Waits until the pages answer and the API can work. Throws an `Error` with the end of the log if they never do. */
export async function waitUntilReady(url: string, log: WorkerLog, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + UP_WITHIN
  for (;;) {
    const [health, pages] = await Promise.all([healthOf(url), statusOf(url)])
    if (health === 'ok' && pages === 200) return
    if (Date.now() > deadline) {
      throw new Error(`Muster did not come up (health ${health}, pages ${pages}). ${log.path} ends:\n${log.tail(20)}`)
    }
    await wait(100, undefined, { signal })
  }
}

/** The checks without which Muster cannot work. What was late or failed before the last stop does not keep it from starting. */
const NEEDED = ['database', 'files', 'migrations', 'encryptionKey', 'publicUrl']

/** Returns `ok`, or the needed checks that fail. */
async function healthOf(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(10_000) })
    const { checks } = healthSchema.parse(await response.json())
    return NEEDED.filter((name) => checks[name] !== 'ok').join(', ') || 'ok'
  } catch {
    return 'no answer'
  }
}

async function statusOf(url: string): Promise<number> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    await response.body?.cancel()
    return response.status
  } catch {
    // The server is not listening yet.
    return 0
  }
}

/**
 * Signs in as an administrator. Returns null if the directory has another administrator and refuses these credentials.
 */
export async function signIn(url: string, email: string, password: string): Promise<Api | null> {
  const send = (method: string, path: string, cookie: string, body: unknown = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', origin: url, cookie, 'user-agent': 'Muster, starting' },
      body: JSON.stringify(body),
    })
  const session = await send('POST', '/api/session', '', { email, password })
  if (session.status === 401) return null
  if (!session.ok) throw new Error(`Signing in failed: ${session.status} ${await session.text()}`)
  const cookie = session.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  return {
    async post(path, body) {
      const response = await send('POST', path, cookie, body)
      if (!response.ok) throw new Error(`POST ${path} failed: ${response.status} ${await response.text()}`)
      return response.json()
    },
    async signOut() {
      await send('DELETE', '/api/session', cookie)
    },
  }
}
