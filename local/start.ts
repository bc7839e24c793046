import type { Part } from './system.ts'

/** Time for a step to come to its end, and less than a process manager waits before it kills. */
const STOP_WITHIN = 8_000

/** What runs, in the order in which it was started. */
const parts: Part[] = []
const stopping = new AbortController()

/** Notes a part for stopping; one that comes up while all is being stopped is stopped with the rest. */
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

// npm passes some signals to a shell that keeps them to itself, and killed it passes none; so its end is ours too.
if (process.env.npm_lifecycle_event === 'start') {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) void stop(0)
  }, 300).unref()
}

try {
  // Loaded only now: the tools take a second to load, and a signal in that second must find its handler.
  const { startSystem } = await import('./system.ts')
  await startSystem(process.env, keep, stopping.signal)
} catch (error) {
  // Stopped while starting: what was still on its way up failed because of that.
  if (!stopping.signal.aborted) {
    console.error(error instanceof Error ? error.message : String(error))
    await stop(1)
  }
}
