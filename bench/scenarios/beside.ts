import { setTimeout as wait } from 'node:timers/promises'
import type { Muster } from '../../e2e/muster.ts'
import { csvBytes } from '../files.ts'
import { rosterRows } from '../roster.ts'
import { type Bench, type Figure, quantile, type Scenario } from '../scenario.ts'

const READERS = 20
const STREAMS = 30
/** How many contacts are there before the import. */
const THERE = 100_000

/** An answer that a reader waited for. */
interface Reading {
  kind: string
  /** From when the request was due to its last byte, in milliseconds. */
  took: number
}

/** Readers and event streams beside an import. */
export const beside: Scenario = {
  name: 'beside',
  title: 'Beside an import',
  does: `A directory of ${THERE.toLocaleString('en')} contacts. While a second source of 200,000 other people is imported, ${READERS} readers send one request a second each, by timetable: a page of contacts, a search, a group, the runs, in turns. A request is timed from when it was due, so one that had to wait for another counts as late. ${STREAMS} event streams follow the run. Before it, the same readers read for a while without an import. The readers run on the same machine, in the process of the benchmark.`,
  async measure(bench) {
    const { open, found, seed } = bench
    const rows = 200_000
    const muster = await open()
    try {
      muster.serve('There', csvBytes(rosterRows(THERE, seed, 'first')))
      const before = await muster.import(await muster.source('There'))
      muster.serve('Beside', csvBytes(rosterRows(rows, seed, 'first', { from: THERE })))
      const source = await muster.source('Beside')
      const paths = await pathsOf(muster.system)
      const alone = await readUntil(muster.system, paths, wait(before.seconds * 2 * 1000), bench)
      const importing = muster.import(source)
      const followed = followRun(muster.system, source)
      const during = await readUntil(muster.system, paths, importing, bench)
      const { seconds } = await importing
      const gaps = await followed
      found(
        { what: 'import of 200,000 beside the readers', value: seconds, unit: 's' },
        ...latencies('without an import', alone),
        ...latencies('beside the import', during, true),
        { what: 'event streams that followed the run to its end', value: gaps.length, unit: '' },
        {
          what: 'longest time without progress in a stream',
          value: Math.max(...gaps) / 1000,
          unit: 's',
          goal: 'progress',
        },
      )
    } finally {
      await muster.close()
    }
  },
}

function latencies(when: string, readings: readonly Reading[], judged = false): Figure[] {
  const figure = (what: string, value: number, goal?: Figure['goal']): Figure => ({
    what: `${when}: ${what}`,
    value,
    unit: 'ms',
    ...(goal && { goal }),
  })
  const all = readings.map(({ took }) => took)
  const kinds = Object.entries(Object.groupBy(readings, ({ kind }) => kind))
  return [
    { what: `${when}: requests`, value: readings.length, unit: '' },
    figure('half of the requests within', quantile(all, 0.5)),
    figure('95 of 100 within', quantile(all, 0.95), judged ? 'besideP95' : undefined),
    figure('the slowest', Math.max(...all), judged ? 'besideMost' : undefined),
    ...kinds.map(([kind, some = []]) =>
      figure(
        `95 of 100 within, ${kind}`,
        quantile(
          some.map(({ took }) => took),
          0.95,
        ),
      ),
    ),
  ]
}

/** Returns what the readers ask for, by kind. */
async function pathsOf(system: Muster): Promise<[string, string][]> {
  const { body } = await system.api('GET', '/api/groups?limit=1')
  return [
    ['page of contacts', '/api/contacts'],
    ['search', '/api/contacts?search=tremblay'],
    ['group', `/api/contacts?group=${body.items[0].id}`],
    ['runs', '/api/runs'],
  ]
}

/** Lets the readers read until `end`, and returns what they waited for once all answers are there. */
async function readUntil(
  system: Muster,
  paths: [string, string][],
  end: Promise<unknown>,
  { signal }: Bench,
): Promise<Reading[]> {
  let over = false
  const ended = end.finally(() => {
    over = true
  })
  const readings: Promise<Reading>[] = []
  const begun = performance.now()
  for (let turn = 0; !over; turn++) {
    signal.throwIfAborted()
    const due = begun + (turn * 1000) / READERS
    await wait(Math.max(0, due - performance.now()))
    const [kind, path] = paths[(turn + Math.floor(turn / READERS)) % paths.length] ?? ['', '']
    readings.push(
      system.api('GET', path).then(({ status }) => {
        if (status !== 200) throw new Error(`${path}: ${status}`)
        return { kind, took: performance.now() - due }
      }),
    )
  }
  await ended
  return Promise.all(readings)
}

/**
 * Follows the run of a source with event streams, and returns the longest time between two events of each stream while the
 * run is active, in milliseconds.
 */
async function followRun(system: Muster, source: string): Promise<number[]> {
  let run: { id: string } | undefined
  while (run === undefined) {
    await wait(20)
    const { body } = await system.api('GET', `/api/runs?source=${source}`)
    run = body.items[0]
  }
  const path = `/api/runs/${run.id}/events`
  return Promise.all(Array.from({ length: STREAMS }, () => longestGap(system, path)))
}

async function longestGap(system: Muster, path: string): Promise<number> {
  const { body } = await system.download(path)
  if (body === null) throw new Error(`${path} has no body`)
  let longest = 0
  let last: number | null = null
  for await (const _ of body) {
    const now = performance.now()
    if (last !== null) longest = Math.max(longest, now - last)
    last = now
  }
  return longest
}
