import { type BlockReader, blockReader } from '../core/bytes.ts'

/** The body of a request, which the handler of a route reads as it arrives. Its blocks are lost with the next `read`. */
export interface BodyReader extends BlockReader {
  /**
   * Reads the rest and drops it, before an answer that did not need it: most senders read an answer only once they have sent
   * everything, and report a broken connection if they cannot. It never fails, and stops after a bounded time and size.
   */
  discard(): Promise<void>
}

/** The most bytes that are read and dropped. */
const MOST = 1024 * 1024 * 1024
/** How long a sender may pause and may take altogether while its bytes are dropped, in milliseconds. */
const PAUSES = 10_000
const LASTS = 5 * 60_000

/** Returns the reader of a request's body. */
export function bodyReader(request: Request): BodyReader {
  const reader = blockReader(request.body ?? new Blob().stream(), { reuse: true })
  let begun = false
  let ended = false

  async function read(): Promise<Uint8Array | null> {
    begun = true
    const block = ended ? null : await reader.read()
    ended = block === null
    return block
  }

  async function drop(): Promise<void> {
    // Such a sender waits for the answer before it sends anything.
    const waits = !begun && /100-continue/i.test(request.headers.get('Expect') ?? '')
    const until = Date.now() + LASTS
    for (let dropped = 0; !ended && !waits && dropped < MOST && Date.now() < until; ) {
      const block = await within(PAUSES, read())
      dropped += block?.length ?? 0
    }
    if (!ended) await reader.cancel()
  }

  // Cancelling is left to `discard`, after the answer is known.
  return { read, cancel: async () => undefined, discard: () => drop().catch(() => undefined) }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const stop = Promise.withResolvers<never>()
  const timer = setTimeout(() => stop.reject(new Error('The sender stopped sending')), ms)
  try {
    return await Promise.race([promise, stop.promise])
  } finally {
    clearTimeout(timer)
  }
}
