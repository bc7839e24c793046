import { blockReader } from '../core/bytes.ts'
import { type Chunk, Chunking } from './chunks.ts'
import { type FilePart, FileWriter, readFile, readSome, readWhole, type StoredFile } from './files.ts'

/** A file of lines that another message goes on writing. The lines after the last chunk belong to a chunk that is open. */
export interface PausedLines {
  parts: readonly FilePart[]
  lines: number
  chunks: readonly Chunk[]
}

const NO_LINES: PausedLines = { parts: [], lines: 0, chunks: [] }

/** Writes lines to R2. It buffers lines until `flush`, which resolves when they are written. */
export class LineWriter {
  readonly #bucket: R2Bucket
  readonly #before: PausedLines
  readonly #writer: FileWriter
  readonly #encoder = new TextEncoder()
  #pending: string[] = []
  #lines: number
  readonly #chunking: Chunking
  /** Whether the chunk that was open when the file was paused is open again. */
  #opened: boolean

  /** `chunk`: the most bytes in a chunk; see `Chunking`. `before`: the file that an earlier message paused. */
  constructor(bucket: R2Bucket, file: string, chunk?: number, before = NO_LINES) {
    this.#bucket = bucket
    this.#before = before
    this.#writer = new FileWriter(bucket, file)
    this.#lines = before.lines
    this.#chunking = new Chunking(chunk, before.chunks)
    this.#opened = before.parts.length === 0
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
    if (!this.#opened) await this.#openChunk()
    const text = `${this.#pending.join('\n')}\n`
    this.#pending = []
    const bytes = this.#encoder.encode(text)
    await Promise.all([this.#writer.write(bytes), this.#chunking.take(bytes)])
  }

  async close(): Promise<StoredFile & { lines: number; chunks: Chunk[] }> {
    await this.flush()
    if (!this.#opened) await this.#openChunk()
    const { file, bytes, parts } = joinedFile([...this.#before.parts, await this.#writer.close()], this.#writer.file)
    const whole = { file, bytes, lines: this.#lines, chunks: await this.#chunking.close() }
    return parts === undefined ? whole : { ...whole, parts }
  }

  /** Writes everything, and leaves the rest of the file to another message. */
  async pause(): Promise<PausedLines> {
    await this.flush()
    const { file, bytes } = await this.#writer.close()
    const parts = [...this.#before.parts, ...(bytes > 0 ? [{ file, bytes }] : [])]
    return { parts, lines: this.#lines, chunks: this.#chunking.chunks }
  }

  async abort(): Promise<void> {
    await this.#writer.abort()
  }

  /** Reads the lines of the open chunk again, since its digest cannot be kept. */
  async #openChunk(): Promise<void> {
    this.#opened = true
    const before = joinedFile(this.#before.parts, '')
    const from = this.#before.chunks.reduce((sum, { bytes }) => sum + bytes, 0)
    if (from === before.bytes) return
    await this.#chunking.take(await readWhole(this.#bucket, before, from, before.bytes - from))
  }
}

/** Returns a file whose bytes are in other files; `name` is its own name if it has none. */
function joinedFile(files: readonly FilePart[], name: string): StoredFile {
  const parts = files.filter(({ bytes }) => bytes > 0).map(({ file, bytes }) => ({ file, bytes }))
  const [first] = parts
  if (first === undefined) return { file: name, bytes: 0 }
  if (parts.length === 1) return first
  return { file: first.file, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0), parts }
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
