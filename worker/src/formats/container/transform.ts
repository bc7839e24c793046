import { blockReader } from '../../core/bytes.ts'

/**
 * Compresses or decompresses chunks. Takes only as many chunks as the reader asks for, however many the stream could
 * buffer. Leaving the loop early stops both sides. Throws what the chunks throw; if the stream itself rejects the data,
 * throws the error that `refusal` returns.
 */
export async function* transformed(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  stream: CompressionStream | DecompressionStream,
  refusal: (cause: unknown) => unknown,
): AsyncGenerator<Uint8Array, void> {
  const input = new Input(chunks, stream.writable.getWriter())
  const reader = blockReader(stream.readable)
  try {
    for (;;) {
      const block = await input.feedUntil(reader.read()).catch((error: unknown) => {
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

/** Feeds the writable side. Never rejects by itself: errors reach the caller through the readable side. */
class Input {
  readonly #chunks: AsyncIterator<Uint8Array<ArrayBuffer>>
  readonly #writer: WritableStreamDefaultWriter
  #writing: Promise<void> | null = null
  #ended = false
  /** The error that the chunks threw. */
  failed: { reason: unknown } | null = null

  constructor(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>, writer: WritableStreamDefaultWriter) {
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.#writer = writer
    writer.closed.catch(() => undefined)
  }

  /**
   * Writes chunk after chunk until `reading` has its block. Not every runtime holds back a write until its bytes are
   * read. Without this pacing the stream would take all chunks while a slow reader is still at the first.
   */
  async feedUntil<T>(reading: Promise<T>): Promise<T> {
    let waiting = true
    const ended = reading.then(
      () => {
        waiting = false
      },
      () => {
        waiting = false
      },
    )
    while (waiting && !this.#ended) {
      this.#writing ??= this.#writeNext()
      await Promise.race([ended, this.#writing])
    }
    return reading
  }

  async #writeNext(): Promise<void> {
    try {
      const next = await this.#next()
      if (next === null) await this.#writer.close()
      else await this.#writer.write(next)
    } catch (reason) {
      this.#ended = true
      this.#writer.abort(reason).catch(() => undefined)
    } finally {
      this.#writing = null
    }
  }

  async #next(): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const { done, value } = await this.#chunks.next()
      if (done !== true) return value
    } catch (reason) {
      this.failed = { reason }
      throw reason
    }
    this.#ended = true
    return null
  }

  /**
   * Stops both sides. In some runtimes cancelling the readable side does not stop the writes, so the writer is aborted
   * as well.
   */
  stop(): void {
    this.#ended = true
    this.#chunks.return?.().catch(() => undefined)
    this.#writer.abort().catch(() => undefined)
  }
}
