import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'

/** What a piece of work costs the Worker. */
export interface Cost {
  /**
   * The peak memory of the isolate, in bytes: V8's heap in use, including garbage not yet collected, and array buffers.
   */
  peakMemory: number
  /** Statements that D1 ran. Each statement of a batch counts. */
  queries: number
  /** Rows that D1 reports as written, including rows of indexes. */
  rowsWritten: number
}

/** The inspector of the runtime, connected to a running Worker. */
export interface Inspector {
  /** Does the work and returns its result and cost. Only one piece of work may run at a time. */
  observe<T>(work: () => Promise<T>): Promise<{ result: T; cost: Cost }>
  close(): void
}

/** How often the memory is sampled, in milliseconds. */
const LOOK_EVERY = 10

const messageSchema = z.union([
  z.object({ id: z.number(), result: z.unknown().optional(), error: z.object({ message: z.string() }).optional() }),
  z.object({ method: z.string(), params: z.unknown() }),
])
const contextSchema = z.object({ context: z.object({ id: z.number() }) })
const heapSchema = z.object({ usedSize: z.number(), backingStorageSize: z.number() })
const valueSchema = z.object({
  result: z.object({ value: z.object({ queries: z.number(), rowsWritten: z.number() }) }),
})

/**
 * Counts D1's statements and written rows. D1's binding sends every statement through one method, and its answer says
 * how many rows were written. The measured Worker is the deployed one: it contains no code for measuring.
 */
const COUNT_D1 = `
if (globalThis.d1Counts === undefined) {
  globalThis.d1Counts = { queries: 0, rowsWritten: 0 }
  const session = Object.getPrototypeOf(process.getBuiltinModule('cloudflare:workers').env.DB.withSession())
  const send = session._sendOrThrow
  session._sendOrThrow = async function (...args) {
    const answer = await send.apply(this, args)
    for (const { meta } of [answer].flat()) {
      globalThis.d1Counts.queries++
      globalThis.d1Counts.rowsWritten += meta.rows_written
    }
    return answer
  }
}
globalThis.d1Counts`

/** Connects to the Worker's inspector (Chrome DevTools Protocol) on this machine. Throws if there is no inspector. */
export async function openInspector(port: number): Promise<Inspector> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/core:user:muster`)
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const context = Promise.withResolvers<number>()
  socket.addEventListener('message', ({ data }) => {
    const message = messageSchema.parse(JSON.parse(String(data)))
    if ('method' in message) {
      if (message.method === 'Runtime.executionContextCreated') {
        context.resolve(contextSchema.parse(message.params).context.id)
      }
      return
    }
    const { id, result, error } = message
    if (error === undefined) waiting.get(id)?.resolve(result)
    else waiting.get(id)?.reject(new Error(`The inspector says: ${error.message}`))
    waiting.delete(id)
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error(`No inspector answers on port ${port}.`)))
  })

  let last = 0
  const send = (method: string, params: object = {}): Promise<unknown> => {
    last++
    const answer = Promise.withResolvers<unknown>()
    waiting.set(last, answer)
    socket.send(JSON.stringify({ id: last, method, params }))
    return answer.promise
  }
  const counts = async () => {
    const parameters = { contextId: await context.promise, expression: COUNT_D1, returnByValue: true }
    return valueSchema.parse(await send('Runtime.evaluate', parameters)).result.value
  }
  await send('Runtime.enable')

  return {
    async observe(work) {
      await send('HeapProfiler.collectGarbage')
      const before = await counts()
      let done = false
      const looking = (async () => {
        let peak = 0
        while (!done) {
          const { usedSize, backingStorageSize } = heapSchema.parse(await send('Runtime.getHeapUsage'))
          peak = Math.max(peak, usedSize + backingStorageSize)
          await wait(LOOK_EVERY)
        }
        return peak
      })()
      const result = await work().finally(() => {
        done = true
      })
      const peakMemory = await looking
      const after = await counts()
      return {
        result,
        cost: {
          peakMemory,
          queries: after.queries - before.queries,
          rowsWritten: after.rowsWritten - before.rowsWritten,
        },
      }
    },
    close: () => socket.close(),
  }
}
