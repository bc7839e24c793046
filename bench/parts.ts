import Papa from 'papaparse'
import { startMiniflare } from '../local/miniflare.ts'
import { detailsWith, readDetails, writeDetails } from '../worker/src/core/contact.ts'
import { RowReader } from '../worker/src/formats/csv/rows.ts'
import { rosterRows } from './roster.ts'

/*
 * Measures Muster's own parts beside the libraries that it could have used instead: `npm run bench:parts`. The figures
 * in docs/decisions.md come from here. Ratios are medians of pairs that run in turns. Below 1, Muster is faster.
 */
const ROWS = 100_000
const ROUNDS = 9
/** How much text a reader receives at a time, in characters, as in an import. */
const PIECE = 256 * 1024

csv()
damage()
details()
await queue()

/** Compares readers of delimited text. */
function csv(): void {
  const rows = [...rosterRows(ROWS, 1, 'first')]
  const plain = rows.map((cells) => cells.map((cell) => cell.replaceAll(',', ';')).join(',')).join('\r\n')
  const quoted = rows.map((cells) => cells.map((cell) => `"${cell}"`).join(',')).join('\r\n')
  for (const [name, text] of Object.entries({ plain, quoted })) {
    report(
      `CSV of ${ROWS.toLocaleString('en')} rows, ${name}: own reader / PapaParse`,
      ratio(
        () => readOwn(text),
        () => readPapa(text),
      ),
    )
  }
}

/** Shows what each reader makes of malformed text. The rows after the damage must not be lost. */
function damage(): void {
  const header = 'ID,Name,Number'
  const people = Array.from({ length: 100 }, (_, i) => `E${i},Person ${i},604555${String(1000 + i)}`)
  const stray = [header, ...people.with(3, 'E3,"Person 3,6045551003').with(60, 'E60,Person "60",6045551060')].join('\n')
  const mixed = [header, ...people.slice(0, 50)].join('\r\n').concat('\n', people.slice(50).join('\n'), '\n')
  for (const [name, text] of Object.entries({
    'with a stray quote in row 5 and one in row 62': stray,
    'with CRLF, then LF': mixed,
  })) {
    console.log(`101 rows ${name}: own reader finds ${readOwn(text)}, PapaParse ${readPapa(text)}`)
  }
}

/** Compares details as a list without names with the same details as an object. */
function details(): void {
  const all = Array.from({ length: ROWS }, (_, i) =>
    detailsWith({
      name: `Ana O’Brien ${i}`,
      organization: 'Northern Ridge Rescue',
      numbers: [{ number: `+1604555${1000 + (i % 9000)}`, type: 'mobile', description: null, extension: null }],
      emails: [`ana.${i}@example.org`],
      groups: ['search', 'rope'],
    }),
  )
  const packed = all.map(writeDetails)
  const objects = all.map((one) => JSON.stringify(one))
  const bytes = (texts: string[]) => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  report(
    `Details of ${ROWS.toLocaleString('en')} contacts, written and read: packed / as JSON objects`,
    ratio(
      () => all.map(writeDetails).map(readDetails).length,
      () => all.map((one) => JSON.stringify(one)).map((text) => JSON.parse(text)).length,
    ),
  )
  report('Details in bytes: packed / as JSON objects', bytes(packed) / bytes(objects))
}

/** Shows whether the runtime's own queue delivers a message while another one is being processed. */
async function queue(): Promise<void> {
  const script = `export default {
    async fetch(request, env) {
      await env.QUEUE.sendBatch([1, 2, 3].map((body) => ({ body })))
      while (finished < 3) await scheduler.wait(50)
      return new Response(String(most))
    },
    async queue() {
      most = Math.max(most, ++working)
      await scheduler.wait(500)
      working--
      finished++
    },
  }
  let working = 0, most = 0, finished = 0`
  const runtime = await startMiniflare({
    modules: true,
    script,
    compatibilityDate: '2026-11-01',
    queueProducers: { QUEUE: 'steps' },
    queueConsumers: { steps: { maxBatchSize: 1, maxBatchTimeout: 0 } },
  })
  try {
    const most = await (await runtime.dispatchFetch('http://localhost/')).text()
    console.log(
      `Messages that the runtime's own queue has delivered at once, of 3 that take half a second each: ${most}`,
    )
  } finally {
    await runtime.dispose()
  }
}

function readOwn(text: string): number {
  const reader = new RowReader(',')
  let rows = 0
  let rest = ''
  for (let at = 0; at < text.length; at += PIECE) {
    rest += text.slice(at, at + PIECE)
    const { batch, used } = reader.read(rest, at + PIECE >= text.length)
    rows += batch.cells.length
    rest = rest.slice(used)
  }
  return rows
}

function readPapa(text: string): number {
  let rows = 0
  let rest = ''
  for (let at = 0; at < text.length; at += PIECE) {
    rest += text.slice(at, at + PIECE)
    const last = at + PIECE >= text.length
    const { data, meta } = new Papa.Parser({ delimiter: ',' }).parse(rest, 0, !last) as Papa.ParseResult<string[]>
    rows += data.length
    rest = rest.slice(meta.cursor)
  }
  return rows
}

/** Returns the median of the ratio of the time of `one` to the time of `other`. The two run in turns. */
function ratio(one: () => number, other: () => number): number {
  const ratios = Array.from({ length: ROUNDS + 1 }, () => time(one) / time(other)).slice(1)
  return ratios.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN
}

function time(work: () => number): number {
  const started = process.cpuUsage()
  if (work() === 0) throw new Error('Nothing was done')
  const { user, system } = process.cpuUsage(started)
  return user + system
}

function report(what: string, value: number): void {
  console.log(`${what}: ${value.toFixed(2)}`)
}
