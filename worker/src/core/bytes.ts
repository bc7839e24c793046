/**
 * A file that can be read more than once and from any offset: an R2 object, or a `File` in the browser. `read()`
 * returns all of it; `read(offset, length)` returns that range.
 */
export interface ByteSource {
  readonly name: string
  readonly size: number
  /** The encoding of a text as its server says it (`charset` of `Content-Type`). */
  readonly charset?: string | null
  read(offset?: number, length?: number): Promise<ReadableStream<Uint8Array>>
}

/**
 * Rows in the order of the file. `numbers[i]` is the number of `cells[i]` as a spreadsheet shows it: the first row is
 * 1, and a newline inside quotes adds none; records are numbered from 1, below a header of number 0. Cells hold the text
 * that a person sees. Trailing empty cells may be left out.
 */
export interface RowBatch {
  numbers: number[]
  cells: string[][]
  /** True if the last row ends the text without a line break: the text may have been cut inside that row. */
  unfinished?: boolean
}

/**
 * The text of a cell that a record does not have, which differs from a blank one. It is white space, so that whatever does
 * not ask reads it as blank.
 */
export const ABSENT = '\u2029'

/**
 * Thrown after the last row of a file if something at its end, such as merged cells, changes rows that were yielded
 * before. Opened again, the file yields the right rows.
 */
export class ReadAgain extends Error {}

/** Reads a stream's bytes as they arrive; null at the end. */
export interface BlockReader {
  read(): Promise<Uint8Array | null>
  cancel(reason?: unknown): Promise<void>
}

const BLOCK = 128 * 1024

/**
 * Reads a stream in blocks of up to 128 KB if the stream can fill a buffer of ours. Otherwise the runtime's own streams
 * yield 4 KB at a time, and one turn of the event loop for each block costs more than all other work on the bytes.
 * With `reuse`, every block is in the same memory, and is lost with the next `read`. A large stream in small blocks, such
 * as the body of a request, would otherwise leave the garbage collector many times its size.
 */
export function blockReader(stream: ReadableStream<Uint8Array>, { reuse = false } = {}): BlockReader {
  const byob = byobReader(stream)
  if (byob === null) {
    const reader = stream.getReader()
    return { read: async () => (await reader.read()).value ?? null, cancel: (reason) => reader.cancel(reason) }
  }
  let free: Uint8Array<ArrayBuffer> | null = null
  return {
    async read() {
      const { done, value } = await byob.read(free ?? new Uint8Array(BLOCK))
      if (done) return null
      free = reuse ? new Uint8Array(value.buffer) : null
      return value
    },
    cancel: (reason) => byob.cancel(reason),
  }
}

function byobReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return stream.getReader({ mode: 'byob' })
  } catch {
    return null
  }
}

/**
 * Frees the memory of an array that is not used again. Without it, the garbage collector keeps tens of megabytes of
 * such arrays until it has a reason to run, and an isolate with a memory limit may not live until then.
 */
export function freeMemory({ buffer }: { buffer: ArrayBuffer }): void {
  buffer.transfer(0)
}
