import { type BlockReader, blockReader } from '../core/bytes.ts'
import { Failure } from '../core/failure.ts'

/** The bounds of a file while it arrives. */
export interface BodyBounds {
  /** The remote side, as messages name it: `files.example.com`. */
  from: string
  /** The longest file, in bytes. */
  maxBytes: number
  /** The longest time without a byte, in milliseconds. Time in which the reader does not read does not count. */
  idleMs: number
  /** The announced length of `stream`, in bytes; null if the remote side announced none. */
  expectedBytes: number | null
  signal: AbortSignal
}

/**
 * Returns the bytes of `stream`, within bounds. Errors with a `Failure`: `too_large` (at once if the announced length
 * is too large), `timeout` when it stalls, `truncated` when it ends early or before the announced length. Errors with
 * the signal's reason when aborted. Nothing is read ahead, and in each of these cases the underlying stream is
 * cancelled.
 */
export function boundedBody(stream: ReadableStream<Uint8Array>, bounds: BodyBounds): ReadableStream<Uint8Array> {
  const reader = boundedReader(blockReader(stream), bounds)
  return new ReadableStream(
    {
      async pull(controller) {
        const chunk = await reader.read()
        if (chunk === null) controller.close()
        else controller.enqueue(chunk)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

/** Returns a reader within the same bounds as `boundedBody`, and with the same failures. */
export function boundedReader(reader: BlockReader, bounds: BodyBounds): BlockReader {
  let received = 0

  async function next(): Promise<Uint8Array | null> {
    if ((bounds.expectedBytes ?? 0) > bounds.maxBytes) throw tooLarge(bounds)
    const value = await readInTime(reader, bounds)
    if (value === null) {
      if (received < (bounds.expectedBytes ?? 0)) throw truncated(bounds.from)
      return null
    }
    received += value.byteLength
    if (received > bounds.maxBytes) throw tooLarge(bounds)
    return value
  }

  return {
    async read() {
      try {
        return await next()
      } catch (error) {
        // Cancelling may fail because the stream itself is broken. The error to report is the reason for cancelling.
        reader.cancel(error).catch(() => undefined)
        throw error
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }
}

/** Returns the first bytes of a stream (empty if it has none), and a stream that still yields all of its bytes. */
export async function peek(
  stream: ReadableStream<Uint8Array>,
): Promise<{ start: Uint8Array; stream: ReadableStream<Uint8Array> }> {
  const reader = blockReader(stream)
  const first = await reader.read()
  const whole = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (first === null) controller.close()
        else controller.enqueue(first)
      },
      async pull(controller) {
        const block = await reader.read()
        if (block === null) controller.close()
        else controller.enqueue(block)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
  return { start: first ?? new Uint8Array(), stream: whole }
}

async function readInTime(reader: BlockReader, bounds: BodyBounds): Promise<Uint8Array | null> {
  const { from, idleMs, signal } = bounds
  signal.throwIfAborted()
  const stop = Promise.withResolvers<never>()
  const abort = () => stop.reject(signal.reason)
  const timer = setTimeout(() => stop.reject(stalled(from, idleMs)), idleMs)
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([reader.read(), stop.promise])
  } catch (error) {
    if (error instanceof Failure) throw error
    signal.throwIfAborted()
    throw truncated(from)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

function tooLarge({ from, maxBytes }: BodyBounds): Failure {
  return new Failure(
    'too_large',
    `The file on ${from} is larger than ${readableSize(maxBytes)}, the most that can be imported.`,
    'Check that the address leads to the contact file. A spreadsheet with pictures or many sheets is smaller saved as CSV.',
  )
}

function truncated(from: string): Failure {
  return new Failure(
    'truncated',
    `${from} broke off before the whole file had arrived.`,
    'Nothing was imported. Run the import again; if this goes on, ask the server’s administrator.',
  )
}

function stalled(from: string, idleMs: number): Failure {
  return new Failure(
    'timeout',
    `${from} stopped sending for more than ${Math.round(idleMs / 1000)} seconds.`,
    'Nothing was imported. Run the import again; if this goes on, ask the server’s administrator.',
  )
}

function readableSize(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MB` : `${bytes} bytes`
}
