import { type BlockReader, type ByteSource, blockReader, freeMemory } from '../core/bytes.ts'
import { hex } from '../security/passwords.ts'
import { yieldThread } from '../yield-thread.ts'

declare global {
  // The Workers runtime's digest over a stream. The browser's types do not have it.
  interface Crypto {
    readonly DigestStream: typeof DigestStream
  }
}

/**
 * The size of the objects `NAME.0`, `NAME.1`, … that hold a file of unknown length; the last one is shorter. A
 * multipart upload takes two more requests.
 */
const PIECE = 6 * 1024 * 1024

/** A file in R2, of `bytes` bytes. */
export interface StoredFile {
  file: string
  bytes: number
  /** The files that have its bytes, one after the other, if it was written in several messages. */
  parts?: readonly FilePart[]
}

/** A file with some of the bytes of another one. */
export type FilePart = Pick<StoredFile, 'file' | 'bytes'>

/** Thrown for a file whose bytes are not all there: it has expired, or an object is missing or short. */
export class FileLost extends Error {
  override name = 'FileLost'
}

/** A finished file. `sha256` is in hex. */
export interface Written extends StoredFile {
  sha256: string
}

/** A file with the SHA-256 of each of its objects, in hex. */
export interface PiecedFile extends StoredFile {
  pieces: string[]
}

/** Writes a file of unknown length and computes its SHA-256. It holds at most one piece in memory. */
export class FileWriter {
  readonly file: string
  /** The SHA-256 of each full object, if the file may have an original. */
  readonly pieces: string[] = []
  readonly #bucket: R2Bucket
  readonly #pieced: boolean
  #original: PiecedFile | null
  readonly #digest = new crypto.DigestStream('SHA-256')
  readonly #hash: WritableStreamDefaultWriter<ArrayBuffer | ArrayBufferView>
  #piece = new Uint8Array(64 * 1024)
  #filled = 0
  #bytes = 0
  /**
   * How many bytes are in R2; `#same` is how many bytes equal the beginning of the original and are stored only there.
   */
  #stored = 0
  #same = 0

  /**
   * With an `original`, nothing is stored while the bytes equal the original's. If they differ later, the beginning is
   * copied from the original. `original` is null if there is none but this file may become one.
   */
  constructor(bucket: R2Bucket, file: string, original?: PiecedFile | null) {
    this.#bucket = bucket
    this.file = file
    this.#pieced = original !== undefined
    this.#original = original ?? null
    this.#hash = this.#digest.getWriter()
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Writes the next bytes, and does not keep them after it resolves. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#bytes += bytes.length
    let from = 0
    while (from < bytes.length) {
      const slice = bytes.subarray(from, from + PIECE - this.#filled)
      this.#reserve(slice.length)
      this.#piece.set(slice, this.#filled)
      this.#filled += slice.length
      from += slice.length
      if (this.#filled === PIECE) await this.#flush()
    }
  }

  /** Ends the file. If its bytes equal the original's, nothing was stored. */
  async close(): Promise<Written> {
    if (this.#filled > 0) await this.#flush()
    if (this.#original !== null && this.#original.bytes !== this.#bytes) await this.#copySame(this.#original)
    await this.#hash.close()
    freeMemory(this.#piece)
    return { file: this.file, bytes: this.#bytes, sha256: hex(new Uint8Array(await this.#digest.digest)) }
  }

  /** Discards the file, for example after an error or when another attempt has won. */
  async abort(): Promise<void> {
    await deleteFile(this.#bucket, { file: this.file, bytes: this.#stored })
  }

  #reserve(more: number): void {
    const needed = this.#filled + more
    if (needed <= this.#piece.length) return
    const larger = new Uint8Array(Math.min(PIECE, Math.max(needed, this.#piece.length * 2)))
    larger.set(this.#piece.subarray(0, this.#filled))
    freeMemory(this.#piece)
    this.#piece = larger
  }

  async #flush(): Promise<void> {
    const bytes = this.#piece.subarray(0, this.#filled)
    this.#filled = 0
    await Promise.all([this.#hash.write(bytes), this.#keep(bytes)])
  }

  async #keep(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#pieced) this.pieces.push(hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))))
    if (this.#original !== null) {
      if (this.#original.pieces[this.pieces.length - 1] === this.pieces.at(-1)) {
        this.#same += bytes.length
        return
      }
      await this.#copySame(this.#original)
    }
    await this.#bucket.put(pieceAt(this.file, this.#stored), bytes)
    this.#stored += bytes.length
  }

  async #copySame(original: StoredFile): Promise<void> {
    this.#original = null
    while (this.#stored < this.#same) {
      const bytes = await readSome(this.#bucket, original, this.#stored, PIECE)
      await this.#bucket.put(pieceAt(this.file, this.#stored), bytes)
      this.#stored += bytes.length
    }
  }
}

/** Returns up to `length` bytes of a file from `from`. The stream errors if the file has expired. */
export function readFile(
  bucket: R2Bucket,
  stored: StoredFile,
  from = 0,
  length = stored.bytes - from,
): ReadableStream<Uint8Array> {
  const end = Math.min(stored.bytes, from + length)
  let at = from
  let reader: BlockReader | null = null
  return new ReadableStream(
    {
      async pull(controller) {
        while (at < end) {
          reader ??= blockReader((await openPiece(bucket, stored, at, end)).body)
          const block = await reader.read()
          if (block !== null) {
            at += block.length
            await yieldThread()
            controller.enqueue(block)
            return
          }
          reader = null
        }
        controller.close()
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

/** Returns a file as bytes that can be read at any offset and more than once; `name` is its original name. */
export function storedBytes(bucket: R2Bucket, file: StoredFile & { name: string; charset?: string }): ByteSource {
  return {
    name: file.name,
    size: file.bytes,
    charset: file.charset ?? null,
    read: async (offset = 0, length = file.bytes - offset) => readFile(bucket, file, offset, length),
  }
}

/**
 * Returns bytes of a file from `from`: as many as one request yields and at most `length`, fewer at the end of an
 * object. Throws `FileLost` if the file ends before `from` or has expired.
 */
export async function readSome(
  bucket: R2Bucket,
  stored: StoredFile,
  from: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (from >= stored.bytes) throw new FileLost('A file of the run ends before it should')
  const piece = await openPiece(bucket, stored, from, Math.min(stored.bytes, from + length))
  return new Uint8Array(await bytesOf(piece))
}

/** Reads exactly `length` bytes of a file from `from`. Throws like `readSome`. */
export async function readWhole(
  bucket: R2Bucket,
  file: StoredFile,
  from: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const first = await readSome(bucket, file, from, length)
  if (first.length === length) return first
  const bytes = new Uint8Array(length)
  bytes.set(first)
  for (let at = first.length; at < length; ) {
    const more = await readSome(bucket, file, from + at, length - at)
    if (more.length === 0) throw new FileLost(LOST)
    bytes.set(more, at)
    at += more.length
  }
  return bytes
}

/** Reads all bytes of an object. It uses only the body, so that a test double for R2 needs nothing else. */
export function bytesOf({ body }: R2ObjectBody): Promise<ArrayBuffer> {
  return new Response(body).arrayBuffer()
}

/** Returns whether a file has not expired. */
export async function hasFile(bucket: R2Bucket, { file }: StoredFile): Promise<boolean> {
  return (await bucket.head(pieceAt(file, 0))) !== null
}

/** Deletes a file. It is no error if some or all of its objects are missing. */
export async function deleteFile(bucket: R2Bucket, stored: StoredFile): Promise<void> {
  const pieces = partsOf(stored).flatMap(({ file, bytes }) =>
    Array.from({ length: Math.ceil(bytes / PIECE) }, (_, index) => pieceAt(file, index * PIECE)),
  )
  if (pieces.length > 0) await bucket.delete(pieces)
}

/** Returns the files that have the bytes of a file, in order. */
export function partsOf({ file, bytes, parts = [{ file, bytes }] }: StoredFile): readonly FilePart[] {
  return parts
}

async function openPiece(bucket: R2Bucket, stored: StoredFile, from: number, end: number): Promise<R2ObjectBody> {
  let start = 0
  for (const { file, bytes } of partsOf(stored)) {
    if (from < start + bytes) {
      const at = from - start
      const offset = at % PIECE
      const length = Math.min(PIECE - offset, bytes - at, end - from)
      const object = await getRange(bucket, pieceAt(file, at), { offset, length })
      if (object === null) break
      return object
    }
    start += bytes
  }
  throw new FileLost(LOST)
}

const LOST = 'A file of the run has expired or is missing'

/** Gets bytes of an object; null if it is missing or ends before them. R2 reports the latter as an error without a code. */
async function getRange(bucket: R2Bucket, key: string, range: { offset: number; length: number }) {
  try {
    return await bucket.get(key, { range })
  } catch (error) {
    const object = await bucket.head(key)
    if (object === null || object.size <= range.offset) return null
    throw error
  }
}

/** Returns the name of the object with the byte at `position`. */
function pieceAt(file: string, position: number): string {
  return `${file}.${Math.floor(position / PIECE)}`
}
