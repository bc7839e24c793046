import { blockReader } from '../../core/bytes.ts'

/**
 * What a compression or decompression stream makes of the chunks. Leaving the loop early stops both sides. Throws what the
 * chunks throw, and where the stream itself refuses them, what `refusal` makes of that.
 */
export async function* transformed(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  stream: CompressionStream | DecompressionStream,
  refusal: (cause: unknown) => unknown,
): AsyncGenerator<Uint8Array, void> {
  const input = new Input(chunks, stream.writable.getWriter())
  const reader = blockReader(stream.readable)
  input.feed()
  try {
    for (;;) {
      const block = await reader.read().catch((error: unknown) => {
        throw input.failed === null ? refusal(error) : input.failed.reason
      })
      if (block === null) return
      yield block
    }
  } finally {
    input.stop()
    reader.cancel().catch(() => undefined)
  }
}

/** Feeds the writable side. Never rejects: what goes wrong comes out of the readable side. */
class Input {
  readonly #chunks: AsyncIterable<Uint8Array<ArrayBuffer>>
  readonly #writer: WritableStreamDefaultWriter
  #stopped = false
  /** What the chunks themselves threw. */
  failed: { reason: unknown } | null = null

  constructor(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>, writer: WritableStreamDefaultWriter) {
    this.#chunks = chunks
    this.#writer = writer
    writer.closed.catch(() => undefined)
  }

  async feed(): Promise<void> {
    let writing = false
    try {
      for await (const chunk of this.#chunks) {
        if (this.#stopped) return
        writing = true
        await this.#writer.write(chunk)
        writing = false
      }
      writing = true
      await this.#writer.close()
    } catch (reason) {
      if (!writing) this.failed = { reason }
      this.#writer.abort(reason).catch(() => undefined)
    }
  }

  /** Cancelling the readable side does not stop the writes in every runtime, so the writer is told as well. */
  stop(): void {
    this.#stopped = true
    this.#writer.abort().catch(() => undefined)
  }
}
