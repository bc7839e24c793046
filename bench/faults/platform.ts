import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Env, Step } from '../../worker/src/env.ts'
import worker from '../../worker/src/index.ts'
import { HashingStream } from '../../worker/src/testing/hashing-stream.ts'
import { digestAtOnce, emptyDatabase, lightDatabase, lightFiles } from '../../worker/src/testing/light-storage.ts'
import { insertAdministrator, insertSession } from '../../worker/src/testing/signed-in.ts'
import type { Random } from '../catalogue/random.ts'
import { callsOf } from './calls.ts'
import { Clock } from './clock.ts'
import { CompressionAtOnce } from './compression.ts'
import { BRIDGE } from './sftp.ts'

/** What may happen to one external call. `hangs` never answers; `dies` ends the whole invocation without a word. */
const FAULTS = ['fails before', 'fails after', 'hangs before', 'hangs after', 'dies before', 'dies after'] as const
type Fault = (typeof FAULTS)[number]

/** An external call that waits for its turn. */
interface Call {
  name: string
  /** Lets it happen, with a fault or without. */
  happen(fault: Fault | null): void
}

/** One invocation of the Worker: a message, a tick or a request. */
interface Invocation {
  name: string
  startedAt: number
  state: 'running' | 'ended' | 'dead'
  calls: Call[]
  /** The notification that it sends, if it is one that does. */
  notification: string | null
  /** What ends with the invocation, also if it dies. */
  over: (died: boolean) => void
}

/** A message of a queue. */
export interface Message {
  step: Step
  queue: string
  at: number
  attempts: number
}

/** An e-mail that arrived. `doubtful`: the Worker did not learn it, or could not record it. */
export interface Sent {
  by: Invocation | undefined
  notification: string
  to: string[]
  doubtful: boolean
}

/** How long the platform lets an invocation take, in milliseconds. */
const WALL = 15 * 60_000
const DEAD_LETTERS = 'muster-dead-letters'
/** How often a message is tried again, and how long after a failure, as `wrangler.toml` has it. */
const RETRIES = 5
const RETRY_DELAY = 10_000
/** After how many turns of the event loop without any work an invocation waits for a timer, or for ever. */
const IDLE_TURNS = 12

/**
 * The platform around the Worker: the bindings, with every call of the Worker to them under control, the queue, the clock, and
 * the death of invocations. One call happens at a time, so that a schedule is the same for the same seed.
 */
export class Platform {
  readonly clock: Clock
  readonly random: Random
  /** The bindings as they are without faults, for what is no part of the Worker. */
  readonly bindings: Env
  readonly running = new Set<Invocation>()
  messages: Message[] = []
  readonly sent: Sent[] = []
  /** The answer of the world outside to a request. */
  remote: (request: Request) => Promise<Response> | Response = () => new Response(null, { status: 404 })
  /** The share of calls that have a fault, and of requests to the outside. */
  faulty = 0
  /** What happened, newest last: the trace of a failing schedule. */
  readonly trace: string[] = []
  readonly #env: Env
  readonly #inside = new AsyncLocalStorage<Invocation>()
  #busy = 0

  private constructor(random: Random, start: number) {
    this.random = random
    this.clock = new Clock(start)
    const bindings: Partial<Env> = {
      DB: lightDatabase(emptyDatabase()),
      FILES: lightFiles(),
      ENCRYPTION_KEY: btoa(String.fromCharCode(...new Uint8Array(32).fill(1))),
      PUBLIC_URL: 'https://muster.example.org',
      SENDER: 'muster@north-shore-rescue.ca',
      ...BRIDGE,
      // Small pieces, so that a plan is applied in several transactions and several messages.
      PLAN_CHUNK: 300,
      SPILL: 300,
    }
    this.bindings = bindings as Env
    this.#env = { ...this.bindings, ...callsOf(this) }
  }

  /** Plays a schedule on a new platform, whose clock and randomness this process has meanwhile. */
  static async play(random: Random, start: number, schedule: (platform: Platform) => Promise<void>): Promise<void> {
    const platform = new Platform(random, start)
    const putBack = platform.#install()
    try {
      await insertAdministrator(platform.bindings)
      await insertSession(platform.bindings)
      await schedule(platform)
    } finally {
      for (const invocation of platform.running) platform.#end(invocation, true)
      putBack()
    }
  }

  /** Starts an invocation, which comes as far as its first call. `over`: what happens when it ends or dies. */
  async start<T>(
    name: string,
    work: (env: Env) => T | Promise<T>,
    over: (result: T | null) => void = () => undefined,
    notification: string | null = null,
  ): Promise<Invocation> {
    let result: T | null = null
    const invocation: Invocation = {
      ...{ name, startedAt: this.clock.now, state: 'running', calls: [], notification },
      over: (died) => over(died ? null : result),
    }
    this.running.add(invocation)
    void this.#inside.run(invocation, async () => {
      try {
        result = await work(this.#env)
      } catch (error) {
        this.trace.push(`${name} threw ${String(error).slice(0, 200)}`)
      }
      if (invocation.state === 'running') this.#end(invocation, false)
    })
    await this.#quiet()
    return invocation
  }

  /** Delivers a message. */
  deliver(message: Message): Promise<Invocation> {
    let failed = true
    const name = `${message.queue} ${JSON.stringify(message.step)}`
    const deliver = async (env: Env) => {
      const fail = () => {
        failed = true
      }
      const answers = { ack: () => (failed = false), retry: fail }
      const body = { id: '', timestamp: new Date(this.clock.now), attempts: message.attempts + 1, body: message.step }
      const metrics = { backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: new Date(0) }
      const both = { queue: message.queue, metadata: { metrics }, ackAll: () => undefined, retryAll: fail }
      await worker.queue({ ...both, messages: [{ ...body, ...answers }] }, env)
    }
    const again = () => {
      if (!failed) return
      const attempts = message.attempts + 1
      const next = { ...message, attempts, at: this.clock.now + RETRY_DELAY }
      if (attempts <= RETRIES) this.messages.push(next)
      else if (message.queue !== DEAD_LETTERS) this.messages.push({ ...next, queue: DEAD_LETTERS, attempts: 0 })
    }
    const { step } = message
    return this.start(name, deliver, again, step.step === 'notify' ? step.notification : null)
  }

  /** Runs the tick of the time `scheduled`. */
  tick(scheduled: number): Promise<Invocation> {
    return this.start('tick', (env) =>
      worker.scheduled({ scheduledTime: scheduled, cron: '* * * * *', noRetry() {} }, env),
    )
  }

  /** Sends a request. Returns the answer; null if it never comes. */
  async request(request: () => Request): Promise<Response | null> {
    let answer: Response | null = null
    const asked = request()
    const invocation = await this.start(
      `${asked.method} ${new URL(asked.url).pathname}`,
      (env) => worker.fetch(asked, env) as Promise<Response>,
      (response) => {
        answer = response
      },
    )
    await this.finish(invocation)
    return answer
  }

  /** Puts a message into a queue, as a producer does. */
  enqueue(queue: string, step: Step, delaySeconds = 0): void {
    this.messages.push({ step, queue, at: this.clock.now + delaySeconds * 1000, attempts: 0 })
  }

  /** Lets the next call of an invocation happen, with a fault as often as the schedule has them. */
  async proceed(invocation: Invocation): Promise<void> {
    const call = invocation.calls.splice(this.random.below(invocation.calls.length), 1)[0]
    if (call === undefined) return
    const fault = this.faulty > 0 && this.random.chance(this.faulty) ? this.random.pick(FAULTS) : null
    if (fault !== null) this.trace.push(`${call.name} of ${invocation.name} ${fault}`)
    this.clock.now += 1 + this.random.below(5)
    call.happen(fault)
    if (fault !== null) this.#doubt(invocation)
    if (fault?.startsWith('dies') === true) this.#end(invocation, true)
    await this.#quiet()
  }

  /** Lets an invocation go on until it is over. If only time can end it, time passes. */
  async finish(invocation: Invocation): Promise<void> {
    while (invocation.state === 'running') {
      if (invocation.calls.length > 0) await this.proceed(invocation)
      else await this.pass(Math.max(1, (this.clock.next ?? Number.POSITIVE_INFINITY) - this.clock.now))
    }
  }

  /** Lets time pass, in milliseconds. Timers fire on the way, and the platform ends what takes too long. */
  async pass(ms: number): Promise<void> {
    const walls = [...this.running].map(({ startedAt }) => startedAt + WALL)
    const until = Math.min(this.clock.now + ms, ...(Number.isFinite(ms) ? [] : walls))
    const next = this.clock.next
    this.clock.now = next !== null && next < until ? Math.max(this.clock.now, next) : until
    this.clock.fire()
    await this.#quiet()
    for (const invocation of [...this.running]) {
      if (this.clock.now - invocation.startedAt < WALL) continue
      this.trace.push(`${invocation.name} takes too long and is ended`)
      this.#end(invocation, true)
    }
    if (this.clock.now < until) await this.pass(until - this.clock.now)
  }

  /**
   * Makes a call of the invocation that is running: it waits for its turn. `doubtful` hears that the call happened although
   * the Worker does not learn it.
   */
  call<T>(name: string, make: () => Promise<T>, doubtful: (result: T) => void = () => undefined): Promise<T> {
    const invocation = this.#inside.getStore()
    if (invocation === undefined || invocation.state !== 'running') return new Promise(() => undefined)
    return new Promise<T>((resolve, reject) => {
      const happen = (fault: Fault | null) => {
        if (fault === 'fails before') return reject(failureOf(name))
        if (fault === 'hangs before' || fault === 'dies before') return
        make().then((result) => {
          if (fault === null) return resolve(result)
          doubtful(result)
          if (fault === 'fails after') reject(failureOf(name))
        }, reject)
      }
      invocation.calls.push({ name, happen })
    })
  }

  /** The invocation that is running. */
  get invocation(): Invocation | undefined {
    return this.#inside.getStore()
  }

  /** What an invocation has sent may be sent again, since the invocation may not come to record it. */
  #doubt(invocation: Invocation): void {
    for (const one of this.sent) if (one.by === invocation) one.doubtful = true
  }

  #end(invocation: Invocation, died: boolean): void {
    invocation.state = died ? 'dead' : 'ended'
    if (died) this.#doubt(invocation)
    invocation.calls = []
    this.running.delete(invocation)
    invocation.over(died)
  }

  /** Waits until every invocation waits for a call, for a timer or for nothing. */
  async #quiet(): Promise<void> {
    for (let idle = 0, before = this.clock.activity; idle < IDLE_TURNS; ) {
      await nextTurn()
      const works = this.#busy > 0 || this.clock.activity !== before
      before = this.clock.activity
      if ([...this.running].every(({ calls }) => calls.length > 0) && !works) return
      idle = works ? 0 : idle + 1
    }
  }

  /** Gives this process the clock, the randomness and the network of the platform. Returns a function that takes them back. */
  #install(): () => void {
    const wrap = (call: () => void) => {
      const invocation = this.#inside.getStore()
      return () => {
        if (invocation === undefined) call()
        else if (invocation.state === 'running') this.#inside.run(invocation, call)
      }
    }
    const clockBack = this.clock.install(wrap)
    const { fetch, CompressionStream } = globalThis
    Object.assign(globalThis, { CompressionStream: CompressionAtOnce })
    const { error, log } = console
    const { getRandomValues, randomUUID } = crypto
    const subtle = crypto.subtle
    const counted = new Proxy(subtle, {
      get: (target, name: keyof SubtleCrypto) => {
        if (name === 'digest') return digestAtOnce
        const method = target[name] as (...given: unknown[]) => Promise<unknown>
        return async (...given: unknown[]) => {
          this.#busy++
          return method.apply(target, given).finally(() => {
            this.#busy--
            this.clock.activity++
          })
        }
      },
    })
    const bytes = (array: Uint8Array) => {
      for (let i = 0; i < array.length; i++) array[i] = this.random.below(256)
      return array
    }
    Object.assign(crypto, { DigestStream: HashingStream })
    Object.defineProperty(crypto, 'subtle', { value: counted, configurable: true })
    Object.defineProperty(crypto, 'getRandomValues', {
      configurable: true,
      value: <T extends ArrayBufferView>(array: T): T => {
        bytes(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
        return array
      },
    })
    Object.defineProperty(crypto, 'randomUUID', {
      configurable: true,
      value: () => Buffer.from(bytes(new Uint8Array(16))).toString('hex'),
    })
    globalThis.fetch = (input: RequestInfo | URL, init?: RequestInit) => this.#fetch(new Request(input, init))
    Object.assign(console, { error: () => undefined, log: () => undefined })
    return () => {
      clockBack()
      Object.assign(globalThis, { fetch, CompressionStream })
      Object.assign(console, { error, log })
      Object.defineProperty(crypto, 'subtle', { value: subtle, configurable: true })
      Object.defineProperty(crypto, 'getRandomValues', { value: getRandomValues, configurable: true })
      Object.defineProperty(crypto, 'randomUUID', { value: randomUUID, configurable: true })
    }
  }

  #fetch(request: Request): Promise<Response> {
    const { promise, reject } = Promise.withResolvers<never>()
    request.signal.addEventListener('abort', () => reject(request.signal.reason))
    return Promise.race([promise, this.call(`fetch ${new URL(request.url).host}`, async () => this.remote(request))])
  }
}

/** Returns the error of a call that fails, as its service words it. */
function failureOf(name: string): Error {
  if (name.startsWith('fetch')) return new TypeError('fetch failed')
  return new Error(name.startsWith('D1') ? 'D1_ERROR: Network connection lost.' : 'Network connection lost.')
}
