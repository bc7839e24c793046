import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { runTool } from './tool.ts'

/** The two deployed parts: the Worker, and the pages' files with the Worker that forwards to it. */
export interface Built {
  /** Absolute path of the Worker as one module. */
  worker: string
  /** Absolute path of the Worker of the Pages project as one module. */
  forward: string
  /** Absolute path of the folder with the pages' files. */
  pages: string
}

const SOURCES = ['worker/src', 'sftp-bridge', 'web', 'wrangler.toml', 'package-lock.json', 'tsconfig.json']
const NOT_SOURCES = new Set(['node_modules', 'dist', '.wrangler'])

/**
 * Builds the system with the tools that build it for Cloudflare, unless the same sources were built before. A build is
 * kept under a digest of its sources, so that a running Muster keeps its own files and two starts at once do not
 * disturb each other. Throws an `Error` with the tool's output if the sources do not build.
 */
export async function build(root: string, signal: AbortSignal): Promise<Built> {
  const cache = join(root, 'node_modules/.cache/muster')
  const target = join(cache, await digestOfSources(root))
  const pages = join(target, 'pages')
  const built = { worker: join(target, 'worker/index.js'), forward: join(pages, '_worker.js'), pages }
  if (!(await exists(built.worker))) {
    await mkdir(cache, { recursive: true })
    await removeOldBuilds(cache)
    const fresh = await mkdtemp(join(cache, 'building-'))
    await Promise.all([
      runTool('wrangler', ['deploy', '--dry-run', '--containers-rollout=none', '--outdir', join(fresh, 'worker')], {
        cwd: root,
        signal,
      }),
      runTool('vite', ['build', 'web', '--outDir', join(fresh, 'pages'), '--logLevel', 'warn'], { cwd: root, signal }),
    ])
    // If two builds run at once, the second finds the same build in place.
    await rename(fresh, target).catch(async (error: unknown) => {
      if (!(await exists(built.worker))) throw error
      await rm(fresh, { recursive: true })
    })
  }
  return built
}

async function digestOfSources(root: string): Promise<string> {
  const hash = createHash('sha256')
  const visit = async (path: string): Promise<void> => {
    const found = await stat(join(root, path))
    if (!found.isDirectory()) {
      hash.update(`${path} ${found.size} ${found.mtimeMs}\n`)
      return
    }
    const names = (await readdir(join(root, path))).filter(
      (name) => !NOT_SOURCES.has(name) && !/\.test\.tsx?$/.test(name),
    )
    for (const name of names.sort()) await visit(join(path, name))
  }
  for (const path of SOURCES) await visit(path)
  return hash.digest('hex').slice(0, 16)
}

/** Removes old builds. A day is longer than any test or demo that still serves an older build. */
async function removeOldBuilds(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > 86_400_000) await rm(path, { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
