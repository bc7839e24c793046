import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import type { Part } from './system.ts'

/**
 * How long a step may take to finish at a stop, in milliseconds. A process manager waits longer than this before it
 * kills.
 */
const STOP_WITHIN = 8_000

/** The running parts, in the order in which they were started. */
const parts: Part[] = []
const stopping = new AbortController()

/** Keeps a part so that it can be stopped. A part that starts while everything is being stopped is stopped as well. */
function keep<T extends Part>(part: T): T {
  parts.push(part)
  return part
}

async function stop(code: number): Promise<void> {
  if (stopping.signal.aborted) return
  stopping.abort()
  setTimeout(() => process.exit(code), STOP_WITHIN).unref()
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    await part.stop().catch((error: unknown) => console.error(String(error)))
  }
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))

// npm passes some signals to a shell that does not forward them, and a killed npm passes none. So Muster ends when npm
// ends.
if (process.env.npm_lifecycle_event === 'start') {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) void stop(0)
  }, 300).unref()
}

try {
  // The tools are 20 MB of code, which the next start then need not compile.
  enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/code'))
  // Loaded only here: the tools take a second to load, and a signal in that second must find its handler.
  const { startSystem } = await import('./system.ts')
  await startSystem(process.env, keep, stopping.signal)
} catch (error) {
  // If Muster was stopped while starting, the parts that were not up yet failed because of the stop.
  if (!stopping.signal.aborted) {
    console.error(error instanceof Error ? error.message : String(error))
    await stop(1)
  }
}
