import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readArguments } from './arguments.ts'
import { chartOf } from './chart.ts'
import { checkOut } from './checkout.ts'
import { describeMachine, type Figures, type Measured, measuredAgain, titleOf, type Watched } from './figures.ts'
import { measure } from './measure.ts'
import { muster, musterAt, openMuster } from './muster.ts'
import { pageOf } from './page.ts'
import { plainNode } from './plain-node.ts'
import { postgres } from './postgres.ts'
import { readers } from './readers.ts'
import type { Figure, Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'
import { sqlite } from './sqlite.ts'
import { sqliteUtils } from './sqlite-utils.ts'
import { inColumns, tableOf, tableOfFigures } from './table.ts'
import type { Tool } from './tool.ts'
import type { Size } from './works.ts'

/*
 * Measures whole imports of generated files through Muster and, in the same run, through the tools a person would use
 * instead; then scenarios that only Muster has. `arguments.ts` explains the arguments.
 */
const TOOLS = [muster, plainNode, sqlite, postgres, sqliteUtils, ...readers]

const { sizes, scenarios, quick, leftOut, seed, tools, beside, write, again, command } = readArguments(
  process.argv.slice(2),
)

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
  scenarios: [],
  beside: before?.commit ?? null,
  leftOut,
  quick,
}
console.log(figures.machine)
const results = resolve(import.meta.dirname, 'results')
const docs = resolve(import.meta.dirname, '../docs')
/** The figures of the page that there is; null if all of it is written. */
const page: Figures | null = again ? JSON.parse(await readFile(join(docs, 'performance.json'), 'utf8')) : null
await mkdir(results, { recursive: true })
try {
  for (const size of sizes) {
    const measured = await measureIn(await mkdtemp(join(tmpdir(), 'muster-bench-')), size)
    figures.measured.push(measured)
    console.log(`\n${titleOf(measured)}\n${inColumns(tableOf(measured))}`)
    await writeAll()
  }
  for (const scenario of SCENARIOS.filter(({ name }) => scenarios.includes(name))) {
    console.log(`\n${scenario.title} …`)
    const watched = await measureScenario(scenario)
    figures.scenarios.push(watched)
    console.log(inColumns(tableOfFigures(watched.figures, figures.beside)))
    if (watched.failed !== null) console.log(`Ended early: ${watched.failed}`)
    await writeAll()
  }
} finally {
  await before?.remove()
}
console.log(`\nWritten to ${results}${write ? ' and docs/performance.md' : ''}`)

/** Writes what there is after each size and scenario, so that nothing is lost if a longer measurement is interrupted. */
async function writeAll(): Promise<void> {
  await writeResults(join(results, `import-${figures.at.replaceAll(':', '-')}`), figures)
  if (!write) return
  const shown = page === null ? figures : measuredAgain(page, figures)
  await writeResults(join(docs, 'performance'), shown)
  await writeFile(join(docs, 'performance.md'), pageOf(shown, 'performance.svg'))
}

/** Measures a scenario, and the same of the other commit. A scenario that fails does not end the measurement. */
async function measureScenario(scenario: Scenario): Promise<Watched> {
  const { name, title, does } = scenario
  const started = performance.now()
  const [own, other] = [await figuresOf(scenario), before && (await figuresOf(scenario, before.root))]
  const seconds = (performance.now() - started) / 1000
  const beforeOf = (what: string) => other?.figures.find((figure) => figure.what === what)?.value
  return {
    name,
    title,
    does,
    seconds,
    figures: own.figures.map((figure) => ({ ...figure, ...(other && { before: beforeOf(figure.what) }) })),
    failed: own.failed ?? (other?.failed ? `at ${figures.beside}: ${other.failed}` : null),
  }
}

async function figuresOf(scenario: Scenario, root?: string): Promise<{ figures: Figure[]; failed: string | null }> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'))
  const found: Figure[] = []
  let opened = 0
  try {
    await scenario.measure({
      open: (options) => openMuster(join(folder, String(opened++)), { ...options, ...(root && { root }) }),
      found: (...figures) => void found.push(...figures),
      sized: ({ quick: short, whole }) => (quick ? short : whole),
      seed,
      signal: interrupted.signal,
    })
    return { figures: found, failed: null }
  } catch (error) {
    interrupted.signal.throwIfAborted()
    return { figures: found, failed: error instanceof Error ? error.message : String(error) }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
  }
}

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

async function writeResults(base: string, shown: Figures): Promise<void> {
  await writeFile(`${base}.json`, `${JSON.stringify(shown, null, 2)}\n`)
  await writeFile(`${base}.svg`, chartOf(shown))
}
