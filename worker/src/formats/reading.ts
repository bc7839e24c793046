import { blockReader } from '../core/bytes.ts'

/**
 * Yields the bytes of a stream, chunk by chunk. Leaving the loop early cancels the stream. Throws the stream's own
 * error or the signal's reason.
 */
export async function* chunksOf(
  stream: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const reader = blockReader(stream)
  let open = true
  try {
    for (;;) {
      signal?.throwIfAborted()
      const block = await reader.read()
      if (block === null) break
      if (block.length > 0) yield block
    }
    open = false
  } finally {
    // Cancelling a stream that has failed rejects with the same error, which the caller already gets from `read`.
    if (open) reader.cancel().catch(() => undefined)
  }
}

/**
 * Yields the same bytes in blocks of at most `size` bytes. A full block ends with its last line, so that rows are seldom
 * cut in two and need not be joined. A block is valid until the next one is requested: all blocks share one buffer, so
 * memory does not grow with the file.
 */
export async function* blocksOf(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array, void> {
  const block = new Uint8Array(size)
  let filled = 0
  for await (const chunk of chunks) {
    let taken = 0
    while (taken < chunk.length) {
      const count = Math.min(size - filled, chunk.length - taken)
      block.set(chunk.subarray(taken, taken + count), filled)
      filled += count
      taken += count
      if (filled === size) {
        const end = block.lastIndexOf(LF) + 1 || size
        yield block.subarray(0, end)
        block.copyWithin(0, end)
        filled = size - end
      }
    }
  }
  if (filled > 0) yield block.subarray(0, filled)
}

const LF = 10

/** Returns the first bytes, at most `limit`, and leaves the rest unread. */
export async function firstBytes(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, limit - length)
    parts.push(part)
    length += part.length
    if (length >= limit) break
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
