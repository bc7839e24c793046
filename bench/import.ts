import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measure, type Result } from './measure.ts'
import { muster } from './muster.ts'
import { sqlite } from './sqlite.ts'
import { table } from './table.ts'
import type { Tool } from './tool.ts'

/*
 * `npm run bench -- [--rounds 3] [--seed 1] [rows …]`: whole imports of generated files through Muster, and beside
 * each, in the same run, what a person would use instead. Sizes are rows, as 10k, 100k (the default) or 1M.
 */
const TOOLS = [muster, sqlite]

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
})
const sizes = (positionals.length === 0 ? ['100k'] : positionals).map(readSize)
const rounds = Number(values.rounds)
const seed = Number(values.seed)
if (![rounds, seed, ...sizes].every(Number.isSafeInteger)) throw new Error('Rounds, seed and sizes are whole numbers.')

const there: Tool[] = []
for (const tool of TOOLS) {
  const missing = await tool.missing()
  if (missing === null) there.push(tool)
  else console.log(`Left out: ${tool.name}. ${missing}`)
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`
const measured: { rows: number; results: Result[] }[] = []
for (const rows of sizes) {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'))
  try {
    const results = await measure(there, { folder, rows, rounds, seed })
    measured.push({ rows, results })
    console.log(`\n${rows.toLocaleString('en')} rows, seconds, medians of ${rounds}, ${machine}\n${tableOf(results)}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const target = resolve(import.meta.dirname, 'results')
await mkdir(target, { recursive: true })
const file = join(target, `import-${new Date().toISOString().replaceAll(':', '-')}.json`)
await writeFile(file, JSON.stringify({ machine, node: process.version, rounds, seed, measured }, null, 2))
console.log(`\nWritten to ${file}`)

function readSize(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([kM]?)$/.exec(text) ?? []
  return digits === '' ? Number.NaN : Number(digits) * (unit === 'M' ? 1_000_000 : unit === 'k' ? 1000 : 1)
}

/** A line for each work: Muster, what it wrote, and each of the others with how many times as long Muster took. */
function tableOf(results: Result[]): string {
  const own = results.filter((result) => result.tool === muster.name)
  const others = there.filter((tool) => tool !== muster).map((tool) => tool.name)
  const header = ['', muster.name, 'contacts written', ...others.flatMap((name) => [name, 'ratio'])]
  const lines = own.map(({ work, seconds, written }) => [
    work,
    seconds.toFixed(2),
    String(written ?? ''),
    ...others.flatMap((name) => {
      const other = results.find((result) => result.tool === name && result.work === work)?.seconds ?? Number.NaN
      return [other.toFixed(2), `${(seconds / other).toFixed(2)} ×`]
    }),
  ])
  return table([header, ...lines])
}
