import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readArguments } from './arguments.ts'
import { chartOf } from './chart.ts'
import { checkOut } from './checkout.ts'
import { describeMachine, type Figures, type Measured, titleOf } from './figures.ts'
import { measure } from './measure.ts'
import { muster, musterAt } from './muster.ts'
import { pageOf } from './page.ts'
import { postgres } from './postgres.ts'
import { readers } from './readers.ts'
import { sqlite } from './sqlite.ts'
import { sqliteUtils } from './sqlite-utils.ts'
import { inColumns, tableOf } from './table.ts'
import type { Tool } from './tool.ts'
import type { Size } from './works.ts'

/*
 * Measures whole imports of generated files through Muster and, in the same run, through the tools a person would use
 * instead. `arguments.ts` explains the arguments.
 */
const TOOLS = [muster, sqlite, postgres, sqliteUtils, ...readers]

const { sizes, seed, tools, beside, write, command } = readArguments(process.argv.slice(2))

/** Ends a measurement after the current work, so that no server keeps running. */
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())

const there: Tool[] = []
const gaps: string[] = []
for (const tool of TOOLS) {
  if (tool !== muster && tools !== null && !tools.includes(tool.name)) continue
  const missing = await tool.missing()
  if (missing === null) there.push(tool)
  else gaps.push(`${tool.name}: ${missing}`)
}
const before = beside === null ? null : await checkOut(beside)
if (before !== null) there.splice(1, 0, musterAt(before.commit, before.root))
for (const gap of gaps) console.log(`Left out: ${gap}`)

const figures: Figures = {
  command,
  at: new Date().toISOString(),
  machine: describeMachine(),
  seed,
  tools: there.map(({ name, does }) => ({ name, does })),
  gaps,
  measured: [],
}
console.log(figures.machine)
const results = resolve(import.meta.dirname, 'results')
const docs = resolve(import.meta.dirname, '../docs')
await mkdir(results, { recursive: true })
try {
  for (const size of sizes) {
    const measured = await measureIn(await mkdtemp(join(tmpdir(), 'muster-bench-')), size)
    figures.measured.push(measured)
    console.log(`\n${titleOf(measured)}\n${inColumns(tableOf(measured))}`)
    // Written after each size, so that the results are not lost if a longer measurement is interrupted.
    await writeResults(join(results, `import-${figures.at.replaceAll(':', '-')}`))
    if (write) {
      await writeResults(join(docs, 'performance'))
      await writeFile(join(docs, 'performance.md'), pageOf(figures, 'performance.svg'))
    }
  }
} finally {
  await before?.remove()
}
console.log(`\nWritten to ${results}${write ? ' and docs/performance.md' : ''}`)

async function measureIn(folder: string, size: Size): Promise<Measured> {
  try {
    // PostgreSQL runs as another user and must be able to reach its folder.
    await chmod(folder, 0o711)
    const results = await measure(there, folder, size, seed, interrupted.signal)
    return { size, bytes: (await stat(join(folder, `first.${size.type}`))).size, results }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeResults(base: string): Promise<void> {
  await writeFile(`${base}.json`, `${JSON.stringify(figures, null, 2)}\n`)
  await writeFile(`${base}.svg`, chartOf(figures))
}
