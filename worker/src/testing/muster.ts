import { expect, vi } from 'vitest'
import { routes } from '../api/routes.ts'
import type { RunView } from '../api/views/run.ts'
import type { SourceView } from '../api/views/source.ts'
import type { Env, Step } from '../env.ts'
import worker from '../index.ts'
import { tick } from '../schedule/tick.ts'
import { FaultInjection, powered, poweredFiles } from './crashing.ts'
import { asPerson, asSystem, insertAdministrator, insertSession } from './signed-in.ts'

/** The answer of the remote server: a file's text, or a function that returns the answer. */
export type Remote = string | ((request: Request) => Response | Promise<Response>)

interface Mail {
  to: string[]
  subject: string
  text: string
  html: string
  attachments: { filename: string; content: ArrayBuffer }[]
}

interface UploadOptions {
  /** With its question mark. */
  query?: string
  headers?: Record<string, string>
  as?: 'person' | 'system' | { token: string }
}

/** The clock of the machine, and how far ahead of it tests have moved the time, in milliseconds. */
const clock = { now: Date.now.bind(Date), ahead: 0 }
export const FILE_URL = 'https://files.example.org/contacts.csv'

/**
 * A complete Muster that a test controls: real D1 and R2, a queue whose messages are visible until they are delivered,
 * a remote server, and a clock for the tick. Requests to the API have a session, like those of the pages.
 */
export class Muster {
  readonly faults = new FaultInjection()
  /** The messages that were sent and are not delivered yet. */
  messages: { step: Step; delay: number }[] = []
  /** Every message that was ever sent. */
  readonly sent: Step[] = []
  readonly mails: Mail[] = []
  /** Every request that left the Worker. */
  readonly requests: Request[] = []
  readonly env: Env
  remote: Remote = ''
  now: number
  readonly #bindings: Env

  constructor(bindings: Env) {
    clock.ahead = 0
    this.now = Date.now()
    const { faults } = this
    this.#bindings = bindings
    this.env = {
      ...bindings,
      DB: powered(bindings.DB, faults),
      FILES: poweredFiles(bindings.FILES, faults),
      ...{ FETCHES: queue(this), LONG_FETCHES: queue(this), STEPS: queue(this) },
      ...{ MAILS: queue(this), CALLS: queue(this) },
      EMAIL: mailbox(this),
    }
    vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init)
      this.requests.push(request)
      return typeof this.remote === 'string' ? new Response(this.remote) : this.remote(request)
    })
    for (const method of ['error', 'log'] as const) vi.spyOn(console, method).mockImplementation(() => undefined)
  }

  /** Makes the administrator and the token for the requests. The database must be empty. */
  async begin(): Promise<this> {
    await insertAdministrator(this.#bindings)
    return this.signIn()
  }

  /** Makes the session of the administrator, whom the database has. */
  async signIn(): Promise<this> {
    await insertSession(this.#bindings)
    return this
  }

  /** Changes the bindings, as a deployment with other secrets does. */
  deploy(change: Partial<Env>): void {
    Object.assign(this.env, change)
    Object.assign(this.#bindings, change)
  }

  /** Lets time pass for everything, in milliseconds. */
  passTime(ms: number): void {
    clock.ahead += ms
    this.now += ms
    vi.spyOn(Date, 'now').mockImplementation(() => clock.now() + clock.ahead)
  }

  /** Sends a request to the API. `as` is a person at the pages or a system with a token. */
  async request(method: string, path: string, body?: unknown, as: 'person' | 'system' = 'person'): Promise<Response> {
    const headers: Record<string, string> = as === 'person' ? asPerson(this.env.PUBLIC_URL) : asSystem()
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
    const request = new Request(`https://muster.example.org${path}`, init)
    // A GET only observes and is not under test: its calls neither count nor die.
    const response = await worker.fetch(request, method === 'GET' ? this.#bindings : this.env)
    await insistOnDescription(method, path, response)
    return response
  }

  /** Uploads a file to a source, with the query and the headers. */
  async upload(
    source: string,
    body: BodyInit | null,
    { query = '', headers = {}, as = 'system' }: UploadOptions = {},
  ): Promise<Response> {
    const auth: Record<string, string> =
      as === 'person' ? asPerson(this.env.PUBLIC_URL) : asSystem(as === 'system' ? undefined : as.token)
    const path = `/api/sources/${source}/file${query}`
    const request = new Request(`https://muster.example.org${path}`, {
      method: 'PUT',
      headers: { ...auth, ...headers },
      body,
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    })
    const response = await worker.fetch(request, this.env)
    await insistOnDescription('PUT', path, response)
    return response
  }

  /** Sends a request like `request`, and throws unless the answer is a success. */
  async api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.request(method, path, body)
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? JSON.parse('null') : JSON.parse(text)
  }

  async source(settings: Record<string, unknown> = {}): Promise<string> {
    const connection = { kind: 'https', url: FILE_URL }
    const { id } = await this.api<SourceView>('POST', '/api/sources', { name: 'Staff', connection, ...settings })
    return id
  }

  run(id: string): Promise<RunView> {
    return this.api('GET', `/api/runs/${id}`)
  }

  /** Starts a run and delivers messages until none are left. */
  async import(source: string, remote: Remote, mode: 'apply' | 'preview' = 'apply'): Promise<RunView> {
    this.remote = remote
    const { id } = await this.api<{ id: string }>('POST', `/api/sources/${source}/runs`, { mode })
    await this.drain()
    return this.run(id)
  }

  /**
   * Delivers one message as the queue does, or as the dead-letter queue. Throws if the step fails, unless the Worker
   * died.
   */
  async deliver(step: Step, name = 'muster-steps'): Promise<void> {
    let failed = false
    const fail = () => {
      failed = true
    }
    const message = { id: crypto.randomUUID(), timestamp: new Date(this.now), attempts: 1, body: step }
    const messages = [{ ...message, ack: () => undefined, retry: fail }]
    const metrics = { backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: new Date(0) }
    const batch = { queue: name, messages, metadata: { metrics }, ackAll: () => undefined, retryAll: fail }
    await worker.queue(batch, this.env)
    if (failed && !this.faults.dead) throw new Error(`The step ${step.step} failed`)
  }

  /** Delivers messages, each `times` times, until none are left. */
  async drain(times = 1): Promise<void> {
    for (let next = this.messages.shift(); next !== undefined; next = this.messages.shift()) {
      for (let i = 0; i < times; i++) await this.deliver(next.step)
    }
  }

  /**
   * Runs the cron's tick after this many minutes. If the test uses fake timers, the Worker's clock advances as well.
   */
  async tick(minutes: number): Promise<void> {
    this.now += minutes * 60_000
    if (vi.isFakeTimers()) vi.setSystemTime(this.now)
    await tick(this.env, this.now)
  }
}

function queue(world: Muster): Queue<Step> {
  const answer = { metadata: { metrics: { backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: new Date(0) } } }
  return {
    send: (step, options) =>
      world.faults.run(async () => {
        world.messages.push({ step, delay: options?.delaySeconds ?? 0 })
        world.sent.push(step)
        return answer
      }),
    sendBatch: () => Promise.reject(new Error('Muster sends one message at a time')),
    metrics: () => Promise.reject(new Error('Muster does not ask')),
  }
}

function mailbox(world: Muster): SendEmail {
  return {
    async send(message: EmailMessage | EmailMessageBuilder) {
      if (!('subject' in message)) throw new Error('Muster builds its messages')
      const { to, subject, text, html, attachments } = message
      world.mails.push({
        to: Array.isArray(to) ? to.map(String) : [String(to)],
        subject,
        text: text ?? '',
        html: html ?? '',
        attachments: (attachments ?? []).map(({ filename, content }) => ({
          filename,
          content: content as ArrayBuffer,
        })),
      })
      return { messageId: String(world.mails.length) }
    },
  }
}

/** Fails the test if a successful answer differs from the API description or has more than the description names. */
async function insistOnDescription(method: string, path: string, response: Response): Promise<void> {
  if (!response.ok || !response.headers.get('Content-Type')?.startsWith('application/json')) return
  const route = routes.find((one) => one.method === method.toLowerCase() && matches(one.path, path))
  if (route === undefined) return
  if (route.answer === undefined) throw new Error(`${method} ${route.path} answers with JSON that nothing describes`)
  const body: unknown = await response.clone().json()
  // Parsing drops what the description does not name.
  expect(route.answer.parse(body), `${method} ${route.path}`).toEqual(body)
  expect(response.status, `${method} ${route.path}`).toBe(route.status)
}

function matches(route: string, path: string): boolean {
  const [asked = ''] = path.split('?')
  return new RegExp(`^${route.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`).test(asked)
}
