import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import { forgetPeak, peakMemory } from '../e2e/processes.ts'
import { heapUsage, openDevTools } from './dev-tools.ts'

/** What a piece of work costs the Worker. */
export interface Cost {
  /** The most live memory of the isolate that was seen, by the file in `worker/src/run` that was at work, in bytes. */
  liveMemory: Record<string, number>
  /** How often the live memory was measured. */
  samples: number
  /** The most memory of the whole runtime, with D1, R2 and the queues, in bytes; NaN where it cannot be measured. */
  processMemory: number
  /** Statements that D1 ran. Each statement of a batch counts. */
  queries: number
  /** Rows that D1 reports as read, including rows of indexes. */
  rowsRead: number
  /** Rows that D1 reports as written, including rows of indexes. */
  rowsWritten: number
}

/** Returns the most live memory of any phase, in bytes. */
export function mostLive({ liveMemory }: Cost): number {
  return Math.max(0, ...Object.values(liveMemory))
}

/** The inspector of the runtime, connected to a running Worker. */
export interface Inspector {
  /** Does the work and returns its result and cost. Only one piece of work may run at a time. */
  observe<T>(work: () => Promise<T>): Promise<{ result: T; cost: Cost }>
  close(): void
}

/** How often this side asks whether the Worker waits to be measured, in milliseconds. */
const ASK_EVERY = 3

const contextSchema = z.object({ context: z.object({ id: z.number() }) })
const valueSchema = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.unknown().optional(),
})
const countsSchema = z.object({ queries: z.number(), rowsRead: z.number(), rowsWritten: z.number() })

/**
 * Runs in the Worker, whose own code has nothing for measuring. D1's binding sends every statement through one method,
 * and its answer says how many rows were read and written.
 *
 * A sampler from outside would see nothing of a busy isolate: the inspector gets its turn only when the isolate rests. So
 * the Worker itself stops, at every yield and before every call of D1 and R2, and waits until it has been measured: at
 * most once in `every` milliseconds, and always before a large file is written. `place` is the stack of the place where it
 * waits, and null while it works.
 */
const MEASURING = `
globalThis.measuring ??= (() => {
  const { env } = process.getBuiltinModule('cloudflare:workers')
  const it = { counts: { queries: 0, rowsRead: 0, rowsWritten: 0 }, on: false, place: null }
  const every = 200, large = 1_000_000
  const rest = scheduler.wait.bind(scheduler)
  let last = 0
  const stop = async (always) => {
    if (!it.on || it.place !== null || (!always && Date.now() - last < every)) return
    const most = Error.stackTraceLimit
    Error.stackTraceLimit = 60
    it.place = new Error().stack
    Error.stackTraceLimit = most
    while (it.on && it.place !== null) await rest(1)
    it.place = null
    last = Date.now()
  }
  scheduler.wait = async (...args) => {
    await stop(false)
    return rest(...args)
  }
  const files = Object.getPrototypeOf(env.FILES)
  const { get, put } = files
  files.get = async function (...args) {
    await stop(false)
    return get.apply(this, args)
  }
  files.put = async function (...args) {
    await stop((args[1]?.byteLength ?? args[1]?.length ?? 0) > large)
    return put.apply(this, args)
  }
  const session = Object.getPrototypeOf(env.DB.withSession())
  const send = session._sendOrThrow
  session._sendOrThrow = async function (...args) {
    await stop(false)
    const answer = await send.apply(this, args)
    for (const { meta } of [answer].flat()) {
      it.counts.queries++
      it.counts.rowsRead += meta.rows_read
      it.counts.rowsWritten += meta.rows_written
    }
    return answer
  }
  return it
})()
undefined`

/** What else is known of the observed system: the process of its runtime, and its places in the words of the sources. */
interface Known {
  pid: number
  readable: (stack: string) => string
}

/**
 * Connects to the Worker's inspector (Chrome DevTools Protocol) on this machine. Without `known`, the memory of the process
 * is not measured, and all memory belongs to one phase. Throws if there is no inspector.
 */
export async function openInspector(port: number, known: Known | null = null): Promise<Inspector> {
  const context = Promise.withResolvers<number>()
  const tools = await openDevTools(`ws://127.0.0.1:${port}/core:user:muster`, (method, params) => {
    if (method === 'Runtime.executionContextCreated') context.resolve(contextSchema.parse(params).context.id)
  })
  const evaluate = async (expression: string) => {
    const answer = await tools.send('Runtime.evaluate', {
      contextId: await context.promise,
      expression,
      returnByValue: true,
    })
    const { result, exceptionDetails } = valueSchema.parse(answer)
    if (exceptionDetails !== undefined) throw new Error(`The Worker throws: ${JSON.stringify(exceptionDetails)}`)
    return result.value
  }
  const live = async () => {
    await tools.send('HeapProfiler.collectGarbage')
    return heapUsage(tools)
  }
  const counts = async () => countsSchema.parse(await evaluate('measuring.counts'))
  await tools.send('Runtime.enable')
  await evaluate(MEASURING)

  return {
    async observe(work) {
      const before = await counts()
      if (known !== null) forgetPeak(known.pid)
      await evaluate('measuring.on = true')
      let done = false
      const measuring = (async () => {
        const most: Record<string, number> = {}
        let phase = 'start'
        let samples = 0
        while (!done) {
          const place = await evaluate('measuring.place')
          if (typeof place !== 'string') {
            await wait(ASK_EVERY)
            continue
          }
          // A stream that is read on its own has no step in its stack, so it belongs to the step before.
          phase = (known && phaseOf(known.readable(place))) ?? phase
          most[phase] = Math.max(most[phase] ?? 0, await live())
          samples++
          await evaluate('measuring.place = null')
        }
        return { liveMemory: most, samples }
      })()
      const result = await work().finally(() => {
        done = true
      })
      const memory = await measuring.finally(() => evaluate('measuring.on = false'))
      const after = await counts()
      return {
        result,
        cost: {
          ...memory,
          processMemory: known === null ? Number.NaN : peakMemory(known.pid),
          queries: after.queries - before.queries,
          rowsRead: after.rowsRead - before.rowsRead,
          rowsWritten: after.rowsWritten - before.rowsWritten,
        },
      }
    },
    close: tools.close,
  }
}

/**
 * Returns the phase of a run that a stack is in: the name of the innermost file of the steps; null outside of them. Files
 * that several steps have in common say nothing of the phase.
 */
function phaseOf(stack: string): string | null {
  return /worker\/src\/run\/(?!consume|staging|step)([\w-]+)\.ts/.exec(stack)?.[1] ?? null
}
