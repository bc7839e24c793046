import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

interface ToolOptions {
  /** The folder in which the tool runs. */
  cwd: string
  /** Variables in addition to those of this process. */
  env?: NodeJS.ProcessEnv
  /** Ends the tool. */
  signal?: AbortSignal
}

/**
 * Runs a tool of node_modules with the Node of this process, whatever `node` is on the PATH, and keeps its output off
 * the terminal. The tool asks no questions. Throws an `Error` with the output if the tool fails.
 */
export async function runTool(tool: 'wrangler' | 'vite', args: string[], options: ToolOptions): Promise<void> {
  const script = join(dirname(createRequire(import.meta.url).resolve(`${tool}/package.json`)), 'bin', `${tool}.js`)
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', CI: 'true' }
  const child = spawn(process.execPath, [script, ...args], {
    cwd: options.cwd,
    env: { ...env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`${basename(script, '.js')} ${args[0]} failed:\n${output.join('')}`)
}
