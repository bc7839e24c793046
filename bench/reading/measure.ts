import { readdirSync, readFileSync } from 'node:fs'
import type { Muster } from '../../e2e/muster.ts'
import type { Inspector } from '../inspector.ts'
import type { Asked } from './requests.ts'

/** How a request answers, in milliseconds, and what it costs. */
export interface Answered {
  name: string
  p50: number
  p95: number
  /** CPU time of the runtime for one request, in milliseconds, with the database's; null where it cannot be measured. */
  cpu: number | null
  items: number | null
  queries: number | null
  rowsRead: number | null
}

/** Calls the request `rounds` times, one after the other, and times each. Throws if an answer is not a success. */
export async function timeRequest(muster: Muster, { name, path }: Asked, rounds: number): Promise<Answered> {
  const items = await call(muster, path(0))
  const runtime = runtimeOf(muster.pid)
  const before = cpuOf(runtime)
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    await call(muster, path(round))
    times.push(performance.now() - started)
  }
  const spent = cpuOf(runtime)
  const cpu = before === null || spent === null ? null : (spent - before) / rounds
  return { name, ...percentiles(times), cpu, items, queries: null, rowsRead: null }
}

/** Adds what D1 says about the request to its figures. */
export async function countRequest(
  muster: Muster,
  inspector: Inspector,
  { path }: Asked,
  answered: Answered,
): Promise<void> {
  await call(muster, path(0))
  const { cost } = await inspector.observe(() => call(muster, path(0)))
  answered.queries = cost.queries
  answered.rowsRead = cost.rowsRead
}

/** Reads a list to its end and returns the figures of its pages. */
export async function timePages(muster: Muster, name: string, path: string): Promise<Answered> {
  const runtime = runtimeOf(muster.pid)
  const before = cpuOf(runtime)
  const times: number[] = []
  let items = 0
  for (let cursor: string | null = ''; cursor !== null; ) {
    const started = performance.now()
    const { status, body } = await muster.api('GET', `${path}&cursor=${cursor}`)
    times.push(performance.now() - started)
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
    items += body.items.length
    cursor = body.next
  }
  const spent = cpuOf(runtime)
  const cpu = before === null || spent === null ? null : (spent - before) / times.length
  return { name, ...percentiles(times), cpu, items, queries: null, rowsRead: null }
}

/** An export: milliseconds to its first bytes and to its end, its size, and CPU time, also in the seconds after a client has left. */
export interface Exported {
  name: string
  firstBytes: number
  seconds: number
  bytes: number
  cpu: number | null
  cpuAfterLeaving: number | null
}

/** How long the runtime is watched after a client has left, in milliseconds. */
const AFTERWARDS = 3000

/** Downloads an export to its end, and again until its first bytes. */
export async function timeExport(muster: Muster, path: string): Promise<Exported> {
  const runtime = runtimeOf(muster.pid)
  const before = cpuOf(runtime)
  const started = performance.now()
  const response = await muster.download(path)
  if (!response.ok || response.body === null) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  let [bytes, firstBytes] = [0, 0]
  for await (const piece of response.body) {
    if (bytes === 0) firstBytes = performance.now() - started
    bytes += piece.length
  }
  const seconds = (performance.now() - started) / 1000
  const spent = cpuOf(runtime)
  const left = await muster.download(path)
  const reader = left.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  const leaving = cpuOf(runtime)
  await new Promise((resolve) => setTimeout(resolve, AFTERWARDS))
  const afterwards = cpuOf(runtime)
  return {
    name: path,
    firstBytes,
    seconds,
    bytes,
    cpu: before === null || spent === null ? null : spent - before,
    cpuAfterLeaving: leaving === null || afterwards === null ? null : afterwards - leaving,
  }
}

async function call(muster: Muster, path: string): Promise<number | null> {
  const { status, body } = await muster.api('GET', path)
  if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
  return body.items?.length ?? null
}

function percentiles(times: readonly number[]): { p50: number; p95: number } {
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95) }
}

/** Returns the process of the runtime, a child of the main process; null where `/proc` does not tell. */
function runtimeOf(parent: number): number | null {
  try {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue
      const [name, fields] = statOf(Number(pid))
      if (name === 'workerd' && Number(fields[1]) === parent) return Number(pid)
    }
  } catch {
    // Another system, or a process that ended meanwhile.
  }
  return null
}

/** CPU time of a process in milliseconds. Linux counts it in hundredths of a second. */
function cpuOf(pid: number | null): number | null {
  if (pid === null) return null
  const [, fields] = statOf(pid)
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Returns the name of a process and the fields after it (proc(5), `stat`), the state first. */
function statOf(pid: number): [name: string, fields: string[]] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const end = text.lastIndexOf(')')
  return [text.slice(text.indexOf('(') + 1, end), text.slice(end + 2).split(' ')]
}
