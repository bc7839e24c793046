import { takeText } from '../../worker/src/run/sms.ts'
import { asPerson, asSystem } from '../../worker/src/testing/signed-in.ts'
import { NO_LIMITS } from '../../worker/src/testing/versions.ts'
import { Random } from '../catalogue/random.ts'
import { Follower } from './follower.ts'
import { judge } from './judging.ts'
import { Platform } from './platform.ts'
import { BucketSource, FileSource, type Remote } from './remote.ts'
import { CrmSource, TeamSource } from './services.ts'
import { SftpSource } from './sftp.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** When every schedule begins: a time of the present, at the beginning of a minute. */
const START = Date.UTC(2026, 10, 28, 12, 0)

/** A source of a schedule. */
export interface Played {
  id: string
  remote: Remote
  enabled: boolean
}

/** What a schedule knows beside the Worker, for the judgement of its end. */
export interface World {
  platform: Platform
  sources: Played[]
  follower: Follower
  /** The last status of a contact that the Worker acknowledged, by key. */
  decided: Map<string, 'opted_in' | 'opted_out'>
  /** Contacts with a decision whose answer was lost: it may count or not. */
  doubtful: Set<string>
  /** Numbers from which a STOP was acknowledged, and nothing that ends it since. */
  stopped: Set<string>
  /** The idempotency keys with which a system has started runs. */
  keys: number
}

/** The outcome of a schedule: null, or what is wrong at its end, with the trace of faults. */
export type Outcome = { fault: string; trace: readonly string[] } | null

/**
 * Plays the schedule of a seed: people, systems, a cron, a remote side and a queue, none of which can be relied on, and calls
 * of the Worker that fail, hang and kill it. Then everything works again, and the end is judged.
 */
export async function playSchedule(seed: number, actions = 40): Promise<Outcome> {
  const random = new Random(seed)
  let trace: readonly string[] = []
  try {
    await Platform.play(random, START, async (platform) => {
      trace = platform.trace
      const world = await begin(platform, new Random(~seed))
      // Most schedules have a few faults, some many.
      platform.faulty = random.pick([0.003, 0.01, 0.01, 0.03, 0.06])
      const troubled = random.pick([0, 0.1, 0.3])
      platform.remote = (request) => answer(world, request, troubled)
      for (let i = 0; i < actions; i++) await act(world)
      platform.faulty = 0
      platform.remote = (request) => answer(world, request, 0)
      // What is set here cannot be written to a source that is disabled.
      for (const { id } of world.sources) await ask(platform, 'PATCH', `/api/sources/${id}`, { enabled: true })
      await comeToRest(world)
      await judge(world)
    })
    return null
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error), trace }
  }
}

/** Begins a schedule. `own`: randomness beside the schedule's, so that a seed still plays what it has found before. */
async function begin(platform: Platform, own: Random): Promise<World> {
  const { random } = platform
  const world: World = {
    ...{ platform, sources: [], follower: new Follower(), keys: 0 },
    ...{ decided: new Map(), doubtful: new Set(), stopped: new Set() },
  }
  const add = async (remote: Remote, more: Record<string, unknown> = {}) => {
    const notify = { emails: ['a@example.org'], when: 'always' }
    const body = { name: `Source ${world.sources.length}`, notify, limits: NO_LIMITS, ...remote.settings, ...more }
    const { id } = await ask<{ id: string }>(platform, 'POST', '/api/sources', body)
    world.sources.push({ id, remote, enabled: true })
  }
  const now = () => platform.clock.now
  const daily = { kind: 'weekly', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], timeZone: 'Etc/UTC' }
  const schedule = { ...daily, times: ['12:03', '12:30', '13:00', '18:00'] }
  await add(random.chance(0.5) ? new FileSource(random, 'a') : new BucketSource(random, 'a'), { schedule })
  if (random.chance(0.4)) {
    const limits = { ...NO_LIMITS, removed: { percent: 0, atLeast: 1 }, changed: { percent: 60, atLeast: 2 } }
    await add(new FileSource(random, 'b'), { limits })
  }
  if (random.chance(0.4)) await add(new CrmSource(random, now))
  if (random.chance(0.2)) await add(new TeamSource(random, now))
  if (own.chance(0.25)) await add(new SftpSource(own))
  return world
}

function answer({ sources }: World, request: Request, troubled: number): Promise<Response> | Response {
  const remote = sources.find((source) => source.remote.has(request.url))?.remote
  if (remote === undefined) return new Response('Nobody', { status: 404 })
  return remote.answer(request, troubled)
}

/** Does one thing, and then lets the Worker go on for a while. */
async function act(world: World): Promise<void> {
  const { platform, sources } = world
  const { random } = platform
  const source = random.pick(sources)
  const what = random.next()
  if (what < 0.14) source.remote.change(platform.clock.now)
  else if (what < 0.3) await startRun(world, source)
  else if (what < 0.4) await decide(world, source)
  else if (what < 0.44) await undo(world, source)
  else if (what < 0.54) await setStatus(world)
  else if (what < 0.58) await text(world)
  else if (what < 0.61) await enable(world, source)
  else if (what < 0.66) await world.follower.follow(platform)
  else if (what < 0.86) await cron(platform)
  else if (what < 0.9) platform.clock.now -= random.below(90_000)
  else await platform.pass(random.pick([10_000, 90_000, 3 * MINUTE, 6 * MINUTE, 20 * MINUTE, 2 * HOUR, 26 * HOUR]))
  await work(platform, random.pick([0, 3, 10, 30, 100, 400]))
}

/** Lets the Worker make this many calls. Its invocations make them in any order. */
async function work(platform: Platform, calls: number): Promise<void> {
  const { random } = platform
  for (let left = calls; left > 0; left--) {
    const due = platform.messages.filter(({ at }) => at <= platform.clock.now)
    const ready = [...platform.running].filter((one) => one.calls.length > 0)
    if (due.length > 0 && (ready.length === 0 || random.chance(0.05))) {
      const message = random.pick(due)
      const odds = random.next()
      // At least once: a message comes twice at times, and late at times. It is lost only where a call lost it.
      if (odds > 0.06) platform.messages.splice(platform.messages.indexOf(message), 1)
      if (odds > 0.94) platform.messages.push({ ...message, at: platform.clock.now + random.below(HOUR) })
      else if (odds < 0.92 || random.chance(0.7)) await platform.deliver(message)
      continue
    }
    if (ready.length === 0) return
    await platform.proceed(random.pick(ready))
  }
}

async function cron(platform: Platform): Promise<void> {
  const { random, clock } = platform
  await platform.pass(MINUTE - (clock.now % MINUTE))
  const scheduled = clock.now - (clock.now % MINUTE)
  const odds = random.next()
  if (odds < 0.1) return
  await platform.tick(scheduled - (odds > 0.9 ? random.below(20) * MINUTE : 0))
  if (odds > 0.8 && odds < 0.9) await platform.tick(scheduled)
}

async function startRun(world: World, source: Played): Promise<void> {
  const { platform } = world
  const path = `/api/sources/${source.id}/runs`
  if (platform.random.chance(0.5))
    return void (await ask(platform, 'POST', path, {}, ['run_active', 'source_disabled']))
  const key = String(++world.keys)
  await ask(platform, 'POST', path, {}, ['run_active', 'source_disabled'], { ...asSystem(), 'Idempotency-Key': key })
}

async function decide({ platform }: World, source: Played): Promise<void> {
  const runs = await latest(platform, source)
  const run = runs.find(({ status }) => status === 'held') ?? runs[0]
  if (run === undefined) return
  const what = platform.random.pick(['approve', 'approve', 'reject', 'cancel'])
  const body = what === 'approve' ? { planHash: run.plan?.hash ?? 'none' } : undefined
  const refusals = ['not_held', 'plan_stale', 'run_active', 'source_disabled', 'already_over', 'already_applying']
  await ask(platform, 'POST', `/api/runs/${run.id}/${what}`, body, refusals)
}

async function undo({ platform }: World, source: Played): Promise<void> {
  const run = (await latest(platform, source)).find(({ plan }) => plan?.undoable === true)
  if (run !== undefined)
    await ask(platform, 'POST', `/api/runs/${run.id}/undo`, undefined, ['run_active', 'not_undoable'])
}

/** A contact, as far as a text reaches it. */
interface Reachable {
  key: string
  numbers: { number: string }[]
}

function hasNumber({ numbers }: Reachable, wanted: string): boolean {
  return numbers.some(({ number }) => number === wanted)
}

async function setStatus({ platform, decided, doubtful, stopped }: World): Promise<void> {
  const { items } = await read<{ items: Reachable[] }>(platform, '/api/contacts?limit=500')
  if (items.length === 0) return
  const { key, numbers } = platform.random.pick(items)
  const status = platform.random.chance(0.7) ? 'opted_out' : 'opted_in'
  doubtful.add(key)
  // An opt-in ends the STOP from a number that nobody else has, also for who gets the number later.
  const isShared = (number: string) => items.some((other) => other.key !== key && hasNumber(other, number))
  if (status === 'opted_in') for (const { number } of numbers) if (!isShared(number)) stopped.delete(number)
  const answered = await ask(platform, 'PUT', `/api/contacts/${key}/sms-status`, { status }, ['not_found'])
  if (answered === null) return
  doubtful.delete(key)
  decided.set(key, status)
}

async function text({ platform, stopped }: World): Promise<void> {
  const { items } = await read<{ items: Reachable[] }>(platform, '/api/contacts?limit=500')
  const numbers = items.flatMap((contact) => contact.numbers.map(({ number }) => number))
  if (numbers.length === 0) return
  const from = platform.random.pick(numbers)
  const one = { id: `text-${platform.clock.now}-${platform.random.below(1e9)}`, from, body: 'STOP' }
  for (let tries = 0; tries < 6; tries++) {
    let taken = false
    const invocation = await platform.start(`text ${one.id}`, async (env) => {
      await takeText(env, one, platform.clock.now)
      taken = true
    })
    await platform.finish(invocation)
    // The provider sends a text again until it is told that it arrived.
    if (taken) return void stopped.add(from)
  }
}

async function enable({ platform }: World, source: Played): Promise<void> {
  const enabled = !source.enabled || platform.random.chance(0.3)
  const answered = await ask(platform, 'PATCH', `/api/sources/${source.id}`, { enabled }, ['run_active'])
  if (answered !== null) source.enabled = enabled
}

interface Run {
  id: string
  status: string
  plan: { hash: string; undoable: boolean } | null
}

async function latest(platform: Platform, source: Played): Promise<Run[]> {
  return (await read<{ items: Run[] }>(platform, `/api/runs?source=${source.id}&limit=20`)).items
}

/** Reads without faults, since reading is not what a schedule is about. */
export async function read<T>(platform: Platform, path: string): Promise<T> {
  const { faulty } = platform
  platform.faulty = 0
  const answer = await ask<T>(platform, 'GET', path)
  platform.faulty = faulty
  if (answer === null) throw new Error(`GET ${path} has no answer`)
  return answer
}

/**
 * Sends a request until it is answered, as a patient client does. Returns the answer; null if it is refused with one of the
 * codes in `refusals`, or if it was not answered in six tries. Throws for any other refusal.
 */
export async function ask<T>(
  platform: Platform,
  method: string,
  path: string,
  body?: unknown,
  refusals: readonly string[] = [],
  headers = asPerson(platform.bindings.PUBLIC_URL),
): Promise<T> {
  const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' }
  const request = () =>
    new Request(`https://muster.example.org${path}`, {
      method,
      headers: { ...headers, ...type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  for (let tries = 0; tries < 6; tries++) {
    const response = await platform.request(request)
    if (response === null || response.status >= 500) continue
    const answer = await response.json<T & { code?: string }>().catch(() => ({}) as T & { code?: string })
    if (response.ok) return answer
    if (refusals.includes(answer.code ?? '')) break
    throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
  }
  return null as T
}

/** Lets everything that is due happen, with ticks and time, until nothing is. */
async function comeToRest(world: World): Promise<void> {
  const { platform } = world
  const pauses = [
    MINUTE,
    MINUTE,
    3 * MINUTE,
    6 * MINUTE,
    20 * MINUTE,
    HOUR,
    3 * HOUR,
    30 * HOUR,
    MINUTE,
    HOUR,
    26 * HOUR,
  ]
  for (const pause of [...pauses, MINUTE]) {
    for (const invocation of platform.running) await platform.finish(invocation)
    await drain(platform)
    await passUntilTick(platform, pause)
  }
  await world.follower.follow(platform)
}

/** Lets time pass, and then what is due by a tick. */
export async function passUntilTick(platform: Platform, pause: number): Promise<void> {
  await platform.pass(pause)
  await platform.finish(await platform.tick(platform.clock.now - (platform.clock.now % MINUTE)))
  await drain(platform)
}

/** Delivers messages, those that come later too, until none are left. */
export async function drain(platform: Platform): Promise<void> {
  for (let left = 3000; platform.messages.length > 0; left--) {
    if (left === 0) throw new Error(`Messages without end: ${JSON.stringify(platform.messages.slice(0, 3))}`)
    const message = platform.messages.reduce((first, one) => (one.at < first.at ? one : first))
    platform.messages.splice(platform.messages.indexOf(message), 1)
    if (message.at > platform.clock.now) await platform.pass(message.at - platform.clock.now)
    await platform.finish(await platform.deliver(message))
  }
}
