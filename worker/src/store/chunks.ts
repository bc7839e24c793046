import { hex } from '../security/passwords.ts'

/**
 * A part of a file that is read, checked and applied as a unit: whole lines, with the SHA-256 of their bytes in hex.
 */
export interface Chunk {
  bytes: number
  sha256: string
}

/**
 * The most bytes in a chunk, unless a single line is longer. It is well under D1's 2 MB for a text. Each query of a
 * reader waits for a chunk, so that readers beside an import wait less for smaller ones (`npm run bench -- --only beside`).
 */
export const CHUNK = 250_000

const LF = 10

/** Cuts lines into chunks by size only, however the lines arrive, and hashes each chunk. */
export class Chunking {
  readonly #most: number
  readonly #chunks: Chunk[]
  #bytes = 0
  #digest: { stream: DigestStream; writer: WritableStreamDefaultWriter<ArrayBuffer | ArrayBufferView> } | null = null

  /**
   * `most`: the most bytes in a chunk, unless a single line is longer. `chunks`: the ones before, if the file is written in
   * several messages.
   */
  constructor(most = CHUNK, chunks: readonly Chunk[] = []) {
    this.#most = most
    this.#chunks = [...chunks]
  }

  /** The chunks that are complete. */
  get chunks(): readonly Chunk[] {
    return this.#chunks
  }

  /** Adds the next whole lines. */
  async take(lines: Uint8Array): Promise<void> {
    for (let from = 0; from < lines.length; ) {
      const end = this.#endOfChunk(lines, from)
      if (end === from) await this.#end()
      else {
        await this.#hash(lines.subarray(from, end))
        from = end
      }
    }
  }

  /** Returns all chunks, in order. */
  async close(): Promise<Chunk[]> {
    await this.#end()
    return this.#chunks
  }

  /** Returns the end of the lines that fit into the current chunk; `from` if no line fits. */
  #endOfChunk(lines: Uint8Array, from: number): number {
    const room = this.#most - this.#bytes
    if (lines.length - from <= room) return lines.length
    const fitting = room <= 0 ? from : lines.lastIndexOf(LF, from + room - 1) + 1
    if (fitting > from) return fitting
    return this.#bytes > 0 ? from : lines.indexOf(LF, from) + 1
  }

  async #hash(bytes: Uint8Array): Promise<void> {
    if (this.#digest === null) {
      const stream = new crypto.DigestStream('SHA-256')
      this.#digest = { stream, writer: stream.getWriter() }
    }
    this.#bytes += bytes.length
    await this.#digest.writer.write(bytes)
  }

  async #end(): Promise<void> {
    if (this.#digest === null) return
    await this.#digest.writer.close()
    const sha256 = hex(new Uint8Array(await this.#digest.stream.digest))
    this.#chunks.push({ bytes: this.#bytes, sha256 })
    this.#bytes = 0
    this.#digest = null
  }
}
