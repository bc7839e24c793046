import { setTimeout as wait } from 'node:timers/promises'
import { startFileServer } from '../../e2e/file-server.ts'
import { type Muster, startMuster } from '../../e2e/muster.ts'
import { peakMemory, processesOf } from '../../e2e/processes.ts'
import { sign } from '../../worker/src/security/signature.ts'
import { crowd, csvOf } from '../../worker/src/testing/roster.ts'
import { NO_LIMITS } from '../../worker/src/testing/versions.ts'
import { quantile } from '../scenario.ts'

/** A figure of the load. Where it `ought` to be a certain one and is not, something was lost. */
interface Counted {
  what: string
  is: string | number
  ought?: string | number
}

interface Asked {
  sources: number
  contacts: number
  webhooks: number
  seconds: number
  readers: number
}

const MINUTE = 60_000
/** How long everything may take to come to rest, in milliseconds. */
const RESTS_WITHIN = 30 * MINUTE
/** How many of the sources are called by webhook. */
const CALLED = 10

/** Puts the load on a Muster of its own, and yields the figures of each kind of load when it has ended. */
export async function* underLoad(asked: Asked): AsyncGenerator<Counted> {
  const server = await startFileServer()
  const system = await startMuster()
  try {
    const sources: string[] = []
    for (let i = 0; i < asked.sources; i++) {
      server.serve(`/${i}`, { body: csvOf(crowd(asked.contacts, {}, `S${i}-`)), etag: `"${i}"` })
      sources.push(await makeSource(system, `${server.url}/${i}`, i))
    }
    yield* await dueAtOnce(system, sources, asked)
    yield* await calledAtOnce(system, sources.slice(0, CALLED), asked)
  } finally {
    await system.stop()
    await server.stop()
  }
}

async function makeSource(system: Muster, url: string, number: number): Promise<string> {
  const body = {
    name: `Source ${number}`,
    connection: { kind: 'https', url },
    limits: NO_LIMITS,
    notify: { when: 'never' },
  }
  const { status, body: made } = await system.api('POST', '/api/sources', body)
  if (status !== 201) throw new Error(JSON.stringify(made))
  return made.id
}

/** Lets every source be due in the same minute, and counts the runs and the contacts. */
async function dueAtOnce(system: Muster, sources: readonly string[], { contacts, readers }: Asked): Promise<Counted[]> {
  // Each PATCH takes its time, and all must be made before the minute.
  const due = new Date(Math.ceil((Date.now() + 20_000 + sources.length * 50) / MINUTE) * MINUTE)
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
  const schedule = { kind: 'weekly', days, times: [due.toISOString().slice(11, 16)], timeZone: 'Etc/UTC' }
  for (const id of sources) await system.api('PATCH', `/api/sources/${id}`, { schedule })
  await wait(Math.max(0, due.getTime() - Date.now()))
  const reading = readAll(system, readers)
  const runs = await atRest(system, (all) => all.length >= sources.length)
  const answers = await reading.stop()
  const one = sources.filter((id) => runs.filter(({ sourceId }) => sourceId === id).length === 1)
  const last = Math.max(...runs.map(({ finishedAt }) => Date.parse(finishedAt ?? '')))
  const { body } = await system.api('GET', '/api/overview')
  return [
    { what: 'runs of the sources that were due in one minute', is: runs.length, ought: sources.length },
    { what: 'sources with exactly one run', is: one.length, ought: sources.length },
    { what: 'runs that succeeded', is: runs.filter(({ status }) => status === 'succeeded').length, ought: runs.length },
    { what: 'contacts in the directory', is: await contactsIn(system), ought: sources.length * contacts },
    { what: 'seconds from the minute to the end of the last run', is: Math.round((last - due.getTime()) / 1000) },
    ...latencies('readers meanwhile', answers.took),
    { what: 'answers to readers that were not 200', is: answers.failed, ought: 0 },
    { what: 'peak memory of the runtime, MB', is: Math.round(peakMemory(processesOf(system).worker) / 1e6) },
    { what: 'the overview answers', is: typeof body, ought: 'object' },
  ]
}

/** Calls the webhooks of some sources many times a second, and counts the answers and the runs. */
async function calledAtOnce(
  system: Muster,
  sources: readonly string[],
  { webhooks, seconds, readers }: Asked,
): Promise<Counted[]> {
  const hooks: { id: string; url: string; secret: string }[] = []
  for (const id of sources) hooks.push({ id, ...(await system.api('POST', `/api/sources/${id}/webhook`)).body })
  const before = (await everyRun(system)).length
  const reading = readAll(system, readers)
  const answers: Promise<{ status: number; took: number }>[] = []
  /** When each source was called last, in milliseconds since 1970. */
  const lastCalls = new Map<string, number>()
  const started = Date.now()
  for (let call = 0; call < webhooks * seconds; call++) {
    await wait(Math.max(0, started + (call * 1000) / webhooks - Date.now()))
    const hook = hooks[call % hooks.length]
    if (hook === undefined) continue
    lastCalls.set(hook.id, Date.now())
    answers.push(callHook(hook.url, hook.secret, call))
  }
  const answered = await Promise.all(answers)
  const last = Date.now()
  const runs = await atRest(system, () => true)
  const rested = Date.now()
  const { took, failed } = await reading.stop()
  const accepted = answered.filter(({ status }) => status === 202).length
  // A call is lost if no run of its source has looked at the file since. A follow-up run that many calls share was made before.
  const lost = sources.filter((id) => {
    const looks = runs.flatMap((run) =>
      run.sourceId === id && run.startedAt !== null ? Date.parse(run.startedAt) : [],
    )
    return Math.max(0, ...looks) < (lastCalls.get(id) ?? 0)
  })
  return [
    { what: 'webhooks that were answered with 202', is: accepted, ought: webhooks * seconds },
    ...latencies(
      'answers to webhooks',
      answered.map((one) => one.took),
    ),
    { what: 'runs that they started', is: runs.length - before },
    { what: 'sources whose last call was followed by no run', is: lost.length, ought: 0 },
    {
      what: 'runs that did not end well',
      is: runs.filter(({ status }) => !['succeeded', 'unchanged'].includes(status)).length,
      ought: 0,
    },
    { what: 'seconds from the last call to rest', is: Math.round((rested - last) / 1000) },
    ...latencies('readers meanwhile', took),
    { what: 'answers to readers that were not 200', is: failed, ought: 0 },
  ]
}

async function callHook(url: string, secret: string, call: number): Promise<{ status: number; took: number }> {
  const body = new TextEncoder().encode(JSON.stringify({ call }))
  const signature = await sign(body, secret, Math.floor(Date.now() / 1000))
  const started = performance.now()
  const response = await fetch(url, { method: 'POST', headers: { 'Muster-Signature': signature }, body })
  await response.text()
  return { status: response.status, took: performance.now() - started }
}

interface Run {
  sourceId: string
  status: string
  startedAt: string | null
  finishedAt: string | null
}

async function everyRun(system: Muster): Promise<Run[]> {
  const all: Run[] = []
  for (let cursor = ''; ; ) {
    const { body } = await system.api('GET', `/api/runs?limit=500${cursor}`)
    all.push(...body.items)
    if (body.next === null) return all
    cursor = `&cursor=${encodeURIComponent(body.next)}`
  }
}

/** Waits until `isDone` and every run has ended. */
async function atRest(system: Muster, isDone: (runs: readonly Run[]) => boolean): Promise<Run[]> {
  for (const until = Date.now() + RESTS_WITHIN; Date.now() < until; ) {
    const runs = await everyRun(system)
    if (isDone(runs) && runs.every(({ finishedAt }) => finishedAt !== null)) return runs
    await wait(1000)
  }
  throw new Error('The runs do not come to rest')
}

async function contactsIn(system: Muster): Promise<number> {
  const { body } = await system.api('GET', '/api/groups?limit=1')
  return body.items[0]?.contacts ?? 0
}

/** Sends requests of pages once a second for each reader, until it is stopped. */
function readAll(system: Muster, readers: number) {
  const stop = new AbortController()
  const took: number[] = []
  let failed = 0
  const paths = [
    '/api/contacts?limit=50',
    '/api/contacts?search=person',
    '/api/runs',
    '/api/sources',
    '/api/overview',
    '/api/health',
  ]
  const read = async (reader: number) => {
    for (let round = reader; !stop.signal.aborted; round++) {
      const started = performance.now()
      const { status } = await system.api('GET', paths[round % paths.length] ?? '')
      took.push(performance.now() - started)
      if (status !== 200) failed++
      await wait(Math.max(0, 1000 - (performance.now() - started)))
    }
  }
  const all = Promise.all(Array.from({ length: readers }, (_, reader) => read(reader)))
  return {
    async stop() {
      stop.abort()
      await all
      return { took, failed }
    },
  }
}

function latencies(what: string, took: readonly number[]): Counted[] {
  const ms = (part: number) => (took.length === 0 ? 0 : Math.round(quantile(took, part)))
  return [
    {
      what: `${what}, ${took.length} answers: p50, p95 and the slowest, in ms`,
      is: `${ms(0.5)}, ${ms(0.95)}, ${ms(1)}`,
    },
  ]
}
