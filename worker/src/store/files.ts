import { hex } from '../security/passwords.ts'

declare global {
  // The runtime's own digest over a stream, which the browser's types do not know.
  interface Crypto {
    readonly DigestStream: typeof DigestStream
  }
}

/** R2 wants parts of equal size, at least 5 MiB, but for the last. */
const PART = 6 * 1024 * 1024

/** What a finished file is. `sha256` in hex. */
export interface Written {
  file: string
  bytes: number
  sha256: string
}

/**
 * Writes a file of unknown length into R2, in parts, with its SHA-256; holds at most one part in memory. A file that
 * is not closed never becomes visible.
 */
export class FileWriter {
  readonly file: string
  readonly #bucket: R2Bucket
  readonly #digest = new crypto.DigestStream('SHA-256')
  readonly #hash: WritableStreamDefaultWriter<ArrayBuffer | ArrayBufferView>
  #part = new Uint8Array(64 * 1024)
  #filled = 0
  #bytes = 0
  #upload: R2MultipartUpload | null = null
  readonly #parts: R2UploadedPart[] = []

  constructor(bucket: R2Bucket, file: string) {
    this.#bucket = bucket
    this.file = file
    this.#hash = this.#digest.getWriter()
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Takes the next bytes; they are not kept after it resolves. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#bytes += bytes.length
    let from = 0
    while (from < bytes.length) {
      const slice = bytes.subarray(from, from + PART - this.#filled)
      this.#reserve(slice.length)
      this.#part.set(slice, this.#filled)
      this.#filled += slice.length
      from += slice.length
      if (this.#filled === PART) await this.#flush()
    }
  }

  async close(): Promise<Written> {
    if (this.#upload === null) {
      const bytes = this.#part.subarray(0, this.#filled)
      await Promise.all([this.#hash.write(bytes), this.#bucket.put(this.file, bytes)])
    } else {
      if (this.#filled > 0) await this.#flush()
      await this.#upload.complete(this.#parts)
    }
    await this.#hash.close()
    return { file: this.file, bytes: this.#bytes, sha256: hex(new Uint8Array(await this.#digest.digest)) }
  }

  /** Gives the file up, as after an error or when another attempt has won. */
  async abort(): Promise<void> {
    await this.#upload?.abort()
  }

  #reserve(more: number): void {
    const needed = this.#filled + more
    if (needed <= this.#part.length) return
    const larger = new Uint8Array(Math.min(PART, Math.max(needed, this.#part.length * 2)))
    larger.set(this.#part.subarray(0, this.#filled))
    this.#part = larger
  }

  async #flush(): Promise<void> {
    const bytes = this.#part.subarray(0, this.#filled)
    this.#part = new Uint8Array(this.#filled === PART ? PART : 0)
    this.#filled = 0
    this.#upload ??= await this.#bucket.createMultipartUpload(this.file)
    const [, part] = await Promise.all([
      this.#hash.write(bytes),
      this.#upload.uploadPart(this.#parts.length + 1, bytes),
    ])
    this.#parts.push(part)
  }
}

/** Lines into R2. Lines gather until `flush`, which waits for them to be taken. */
export class LineWriter {
  readonly #writer: FileWriter
  readonly #encoder = new TextEncoder()
  #pending: string[] = []
  #lines = 0

  constructor(bucket: R2Bucket, file: string) {
    this.#writer = new FileWriter(bucket, file)
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
    await this.#writer.write(this.#encoder.encode(text))
  }

  async close(): Promise<Written & { lines: number }> {
    await this.flush()
    return { ...(await this.#writer.close()), lines: this.#lines }
  }

  async abort(): Promise<void> {
    await this.#writer.abort()
  }
}

/** Whole lines of a line-delimited file from a byte position; `next` is where the following line begins, null at the end. */
export async function readLines(
  bucket: R2Bucket,
  file: { file: string; bytes: number },
  from: number,
  most: { bytes: number; lines?: number },
): Promise<{ lines: string[]; next: number | null }> {
  for (let length = most.bytes; ; length *= 4) {
    const object = await bucket.get(file.file, { range: { offset: from, length: Math.min(length, file.bytes - from) } })
    if (object === null) throw new Error('A file of the run has expired or is missing')
    const bytes = new Uint8Array(await object.arrayBuffer())
    const end = bytes.lastIndexOf(10)
    if (end === -1) continue
    const decoder = new TextDecoder()
    let lines = decoder.decode(bytes.subarray(0, end)).split('\n')
    let next = from + end + 1
    if (most.lines !== undefined && lines.length > most.lines) {
      lines = lines.slice(0, most.lines)
      next = from + new TextEncoder().encode(lines.join('\n')).length + 1
    }
    return { lines, next: next >= file.bytes ? null : next }
  }
}
