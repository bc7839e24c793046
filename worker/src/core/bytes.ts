/**
 * A file that can be read more than once and from any place: an R2 object, or a `File` in the browser.
 * `read()` gives all of it; `read(offset, length)` gives that range.
 */
export interface ByteSource {
  readonly name: string
  readonly size: number
  read(offset?: number, length?: number): Promise<ReadableStream<Uint8Array>>
}

/**
 * Rows in the order of the file. `numbers[i]` is the number of `cells[i]` as a spreadsheet shows it: the first row is 1,
 * a newline inside quotes adds none. Cells are the text a person sees; trailing empty cells may be left out.
 */
export interface RowBatch {
  numbers: number[]
  cells: string[][]
  /** True where the last row is the end of a text and has no line break: the text may have been cut inside it. */
  unfinished?: boolean
}

/** A stream's bytes as they come; null at the end. */
export interface BlockReader {
  read(): Promise<Uint8Array | null>
  cancel(reason?: unknown): Promise<void>
}

const BLOCK = 128 * 1024

/**
 * Reads a stream in blocks of up to 128 KB where it can fill a buffer of ours: the runtime's own streams otherwise give
 * 4 KB at a time, and a turn of the event loop for each costs more than all else that is done with them.
 */
export function blockReader(stream: ReadableStream<Uint8Array>): BlockReader {
  const byob = byobReader(stream)
  if (byob === null) {
    const reader = stream.getReader()
    return { read: async () => (await reader.read()).value ?? null, cancel: (reason) => reader.cancel(reason) }
  }
  return {
    async read() {
      const { done, value } = await byob.read(new Uint8Array(BLOCK))
      return done ? null : value
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
 * Gives back the memory of an array that nobody will use again. The garbage collector alone lets tens of megabytes of them
 * stand until it has a reason to look, which an isolate with a bound on its memory may not live to see.
 */
export function freeMemory({ buffer }: { buffer: ArrayBuffer }): void {
  buffer.transfer(0)
}
