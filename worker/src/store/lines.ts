import { blockReader } from '../core/bytes.ts'
import { type Chunk, Chunking } from './chunks.ts'
import { FileWriter, readFile, readSome, type StoredFile, type Written } from './files.ts'

/** Writes lines to R2. It buffers lines until `flush`, which resolves when they are written. */
export class LineWriter {
  readonly #writer: FileWriter
  readonly #encoder = new TextEncoder()
  #pending: string[] = []
  #lines = 0
  readonly #chunking: Chunking

  /** `chunk`: the most bytes in a chunk; see `Chunking`. */
  constructor(bucket: R2Bucket, file: string, chunk?: number) {
    this.#writer = new FileWriter(bucket, file)
    this.#chunking = new Chunking(chunk)
  }

  get lines(): number {
    return this.#lines
  }

  add(line: string): void {
    this.#pending.push(line)
    this.#lines++
  }

  async flush(): Promise<void> {
    if (this.#pending.length === 0) return
    const text = `${this.#pending.join('\n')}\n`
    this.#pending = []
    const bytes = this.#encoder.encode(text)
    await Promise.all([this.#writer.write(bytes), this.#chunking.take(bytes)])
  }

  async close(): Promise<Written & { lines: number; chunks: Chunk[] }> {
    await this.flush()
    return { ...(await this.#writer.close()), lines: this.#lines, chunks: await this.#chunking.close() }
  }

  async abort(): Promise<void> {
    await this.#writer.abort()
  }
}

/**
 * Reads whole lines of a line-delimited file from a byte position. `next` is where the following line begins; null at
 * the end.
 */
export async function readLines(
  bucket: R2Bucket,
  file: StoredFile,
  from: number,
  most: { bytes: number },
): Promise<{ lines: string[]; next: number | null }> {
  let bytes = await readSome(bucket, file, from, most.bytes)
  // A line may be longer than one read, or cross from one object into the next.
  while (!bytes.includes(LF)) bytes = joined(bytes, await readSome(bucket, file, from + bytes.length, most.bytes))
  const end = bytes.lastIndexOf(LF)
  const lines = new TextDecoder().decode(bytes.subarray(0, end)).split('\n')
  const next = from + end + 1
  return { lines, next: next >= file.bytes ? null : next }
}

/** Yields all lines of a line-delimited file, some at a time. Between them, others have the thread. */
export async function* eachLines(bucket: R2Bucket, file: StoredFile): AsyncGenerator<string[]> {
  if (file.bytes === 0) return
  const decoder = new TextDecoder()
  const reader = blockReader(readFile(bucket, file))
  let rest = ''
  for (let block = await reader.read(); block !== null; block = await reader.read()) {
    const lines = (rest + decoder.decode(block, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (lines.length > 0) yield lines
  }
}

const LF = 10

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(one.length + other.length)
  bytes.set(one)
  bytes.set(other, one.length)
  return bytes
}
