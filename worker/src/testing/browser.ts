import { app } from '../api/app.ts'
import type { Muster } from './muster.ts'

/** A password that is strong enough. */
export const PASSWORD = 'trout-ladder-violet'

/** A browser with its cookies, at an address of its own. */
export class Browser {
  readonly #cookies = new Map<string, string>()
  readonly #address: string

  readonly #world: Muster
  /** What the Worker does after its answers. */
  readonly later: Promise<unknown>[] = []
  /** The cookies that were set, as they were sent. */
  readonly set: string[] = []

  constructor(world: Muster, address = '192.0.2.1') {
    this.#world = world
    this.#address = address
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await app.request(
      `https://muster.example.org${path}`,
      {
        method,
        headers: {
          Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          Origin: 'https://muster.example.org',
          'Content-Type': 'application/json',
          'CF-Connecting-IP': this.#address,
          'User-Agent': 'A browser',
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      this.#world.env,
      {
        waitUntil: (work: Promise<unknown>) => void this.later.push(work),
        passThroughOnException: () => undefined,
        props: {},
      },
    )
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = cookie.split(';')[0]?.split('=') ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
      this.set.push(cookie)
    }
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers }
  }

  signIn(password = PASSWORD, email = 'may@example.org') {
    return this.send('POST', '/api/session', { email, password })
  }

  /** Moves to another machine without the cookies, but with the device's if `known`. */
  elsewhere(address: string, known = false): Browser {
    const other = new Browser(this.#world, address)
    for (const [name, value] of this.#cookies) if (known && name.includes('device')) other.#cookies.set(name, value)
    return other
  }
}
