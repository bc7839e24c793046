/*
 * Prints how large the deployed parts are, compressed, and fails when one is over its bound: a Worker is loaded at each cold
 * start, and the pages are opened on telephones with a bad connection.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build as buildPages, type Rolldown } from 'vite'
import { build } from '../local/build.ts'

const root = resolve(import.meta.dirname, '..')

/** Returns the Worker's size as wrangler counts it, in bytes: one module, compressed. */
async function workerSize(): Promise<number> {
  const { worker } = await build(root, AbortSignal.timeout(120_000))
  return gzipSync(await readFile(worker)).length
}

/** Returns the scripts that the pages are made of. */
async function scripts(): Promise<Rolldown.OutputChunk[]> {
  const built = await buildPages({ root: resolve(root, 'web'), logLevel: 'warn', build: { write: false } })
  if (!('output' in built)) throw new Error('Vite did not build the pages once.')
  return built.output.filter((file) => file.type === 'chunk')
}

/** Returns the bytes of the scripts, compressed, without which `first` do not run: each is sent by itself. */
function loadSize(scripts: readonly Rolldown.OutputChunk[], first: readonly Rolldown.OutputChunk[]): number {
  const needed = new Set(first)
  for (const { imports } of needed) {
    for (const script of scripts) if (imports.includes(script.fileName)) needed.add(script)
  }
  return [...needed].reduce((size, { code }) => size + gzipSync(code).length, 0)
}

function scriptOf(scripts: readonly Rolldown.OutputChunk[], module: string): Rolldown.OutputChunk {
  const script = scripts.find(({ facadeModuleId }) => facadeModuleId === resolve(root, 'web', module))
  if (script === undefined) throw new Error(`${module} is not a script of its own any more.`)
  return script
}

const [worker, pages] = await Promise.all([workerSize(), scripts()])
const signIn = scriptOf(pages, 'index.html')
const overview = scriptOf(pages, 'src/pages/overview.tsx')
const sizes = [
  { part: 'Worker', size: worker, most: 396 * 1024 },
  { part: 'Sign-in page', size: loadSize(pages, [signIn]), most: 40_000 },
  { part: 'First page (Overview)', size: loadSize(pages, [signIn, overview]), most: 80_000 },
]

const kilobytes = (size: number) => `${(size / 1000).toFixed(1).padStart(6)} KB`
for (const { part, size, most } of sizes) {
  console.log(`${part.padEnd(20)} ${kilobytes(size)} of ${kilobytes(most)}${size > most ? '  TOO LARGE' : ''}`)
  if (size > most) process.exitCode = 1
}
