import * as z from 'zod'

const messageSchema = z.union([
  z.object({ id: z.number(), result: z.unknown().optional(), error: z.object({ message: z.string() }).optional() }),
  z.object({ method: z.string(), params: z.unknown() }),
])
const heapSchema = z.object({ usedSize: z.number(), backingStorageSize: z.number() })

/** A connection to the inspector of one isolate (Chrome DevTools Protocol). */
interface DevTools {
  /** Sends a command and returns its result. Throws an `Error` if the inspector refuses it. */
  send(method: string, params?: object): Promise<unknown>
  close(): void
}

/** Connects to an inspector. `hear` is called with each event. Throws if there is no inspector. */
export async function openDevTools(
  url: string,
  hear: (method: string, params: unknown) => void = () => {},
): Promise<DevTools> {
  const socket = new WebSocket(url)
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  socket.addEventListener('message', ({ data }) => {
    const message = messageSchema.parse(JSON.parse(String(data)))
    if ('method' in message) {
      hear(message.method, message.params)
      return
    }
    const { id, result, error } = message
    if (error === undefined) waiting.get(id)?.resolve(result)
    else waiting.get(id)?.reject(new Error(`The inspector says: ${error.message}`))
    waiting.delete(id)
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error(`No inspector answers at ${url}.`)))
  })
  let last = 0
  return {
    send(method, params = {}) {
      last++
      const answer = Promise.withResolvers<unknown>()
      waiting.set(last, answer)
      socket.send(JSON.stringify({ id: last, method, params }))
      return answer.promise
    },
    close: () => socket.close(),
  }
}

/** Returns the memory of an isolate, in bytes: objects, and buffers outside of the heap. */
export async function heapUsage({ send }: DevTools): Promise<number> {
  const { usedSize, backingStorageSize } = heapSchema.parse(await send('Runtime.getHeapUsage'))
  return usedSize + backingStorageSize
}
