import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Muster, makeFolder, startMuster } from '../e2e/muster.ts'
import { freePort } from '../local/ports.ts'
import { describeMachine } from './figures.ts'
import { openInspector } from './inspector.ts'
import { type Filled, fill } from './reading/directory.ts'
import { type Answered, countRequest, type Exported, timeExport, timePages, timeRequest } from './reading/measure.ts'
import { type Asked, requestsOf } from './reading/requests.ts'
import { inColumns } from './table.ts'

/*
 * Measures how a large directory is read, through the whole system: `npm run bench:reading -- [--contacts N] [--rounds N]
 * [--only TEXT] [--state FOLDER] [--exports]`. The folder is filled if it is new, and kept; without it, a new one is used and
 * removed.
 */
const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '1200000' },
    rounds: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
    state: { type: 'string' },
    exports: { type: 'boolean', default: false },
    count: { type: 'boolean', default: false },
  },
})
const contacts = Number(values.contacts)
const rounds = Number(values.rounds)
const state = values.state ?? (await makeFolder())
try {
  await measureReading(await filledIn(state), state)
} finally {
  if (values.state === undefined) await rm(state, { recursive: true, force: true })
}

/** Returns what the folder was filled with; fills it first if it is new. */
async function filledIn(folder: string): Promise<Filled> {
  const note = join(folder, 'filled.json')
  const { default: filled } = await import(note, { with: { type: 'json' } }).catch(() => ({ default: null }))
  if (filled !== null) return filled
  await mkdir(folder, { recursive: true })
  const muster = await startMuster({ MUSTER_STATE: folder })
  const sources: string[] = []
  for (const name of ['Large', 'Second', 'Third', 'Small']) sources.push(await makeSource(muster, name))
  for (const key of ['cohort', 'campus']) {
    const field = { key, label: key, type: 'text', list: false, required: false }
    await required(muster, '/api/fields', field)
  }
  await muster.stop()
  const started = performance.now()
  const made = fill(folder, contacts, sources)
  console.log(
    `Filled with ${contacts.toLocaleString('en')} contacts in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  )
  await writeFile(note, JSON.stringify(made))
  return made
}

async function makeSource(muster: Muster, name: string): Promise<string> {
  const connection = { kind: 'https', url: `http://localhost:9/${name}.csv` }
  return (await required(muster, '/api/sources', { name, connection, schedule: null })).id
}

async function required(muster: Muster, path: string, body: object) {
  const answer = await muster.api('POST', path, body)
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

async function measureReading(filled: Filled, folder: string): Promise<void> {
  const requests = requestsOf(filled, contacts).filter(({ name }) => name.includes(values.only))
  const answered: Answered[] = []
  const pages: Answered[] = []
  const exported: Exported[] = []
  const muster = await startMuster({ MUSTER_STATE: folder })
  try {
    for (const request of requests) answered.push(await timeRequest(muster, request, rounds))
    for (const channel of ['sms', 'email']) {
      const name = `recipients by ${channel}, a group of 100,000 to the end`
      if (!name.includes(values.only)) continue
      const path = `/api/groups/${filled.largeGroup}/recipients?limit=500&channel=${channel}`
      pages.push(await timePages(muster, name, path))
    }
    if (values.exports) {
      for (const type of ['csv', 'xlsx']) exported.push(await timeExport(muster, `/api/contacts.${type}`))
    }
  } finally {
    await muster.stop()
  }
  if (values.count) await countRows(folder, requests, answered)
  const machine = describeMachine()
  const all = [...answered, ...pages]
  console.log(
    `${machine}\n${inColumns([['', 'p50', 'p95', 'CPU', 'items', 'queries', 'rows read'], ...all.map(lineOf)])}`,
  )
  if (exported.length > 0) {
    const header = ['', 'first bytes', 'all', 'MB', 'CPU', 'CPU after leaving']
    console.log(inColumns([header, ...exported.map(exportLine)]))
  }
  const results = resolve(import.meta.dirname, 'results')
  await mkdir(results, { recursive: true })
  const file = join(results, `reading-${new Date().toISOString().replaceAll(':', '-')}.json`)
  await writeFile(file, `${JSON.stringify({ machine, contacts, rounds, requests: all, exports: exported }, null, 2)}\n`)
  console.log(`Written to ${file}`)
}

async function countRows(folder: string, requests: readonly Asked[], answered: Answered[]): Promise<void> {
  const port = await freePort(null)
  const watched = await startMuster({ MUSTER_STATE: folder, MUSTER_INSPECTOR_PORT: String(port) })
  const inspector = await openInspector(port)
  try {
    for (const [i, request] of requests.entries()) {
      const figures = answered[i]
      if (figures !== undefined) await countRequest(watched, inspector, request, figures)
    }
  } finally {
    inspector.close()
    await watched.stop()
  }
}

function lineOf({ name, p50, p95, cpu, items, queries, rowsRead }: Answered): string[] {
  const count = (figure: number | null) => figure?.toLocaleString('en') ?? '–'
  return [name, milliseconds(p50), milliseconds(p95), milliseconds(cpu), count(items), count(queries), count(rowsRead)]
}

function exportLine({ name, firstBytes, seconds, bytes, cpu, cpuAfterLeaving }: Exported): string[] {
  const size = (bytes / 1e6).toFixed(1)
  return [
    name,
    milliseconds(firstBytes),
    `${seconds.toFixed(1)} s`,
    size,
    milliseconds(cpu),
    milliseconds(cpuAfterLeaving),
  ]
}

function milliseconds(figure: number | null): string {
  return figure === null ? '–' : `${figure.toFixed(figure < 10 ? 1 : 0)} ms`
}
