import { type BlockReader, type ByteSource, blockReader, freeMemory } from '../core/bytes.ts'
import { hex } from '../security/passwords.ts'
import { yieldThread } from '../yield-thread.ts'

declare global {
  // The runtime's own digest over a stream, which the browser's types do not know.
  interface Crypto {
    readonly DigestStream: typeof DigestStream
  }
}

/**
 * A file of unknown length is kept as objects of this size, `NAME.0`, `NAME.1`, …, the last one shorter. A multipart
 * upload takes two requests more.
 */
const PIECE = 6 * 1024 * 1024

/** A file in R2, of `bytes` bytes. */
export interface StoredFile {
  file: string
  bytes: number
}

/** What a finished file is. `sha256` in hex. */
export interface Written extends StoredFile {
  sha256: string
}

/** A file with the SHA-256 of each of its objects, in hex. */
export interface PiecedFile extends StoredFile {
  pieces: string[]
}

/** Writes a file of unknown length with its SHA-256; holds at most one piece in memory. */
export class FileWriter {
  readonly file: string
  /** The SHA-256 of each object that has been filled, where there may be an original. */
  readonly pieces: string[] = []
  readonly #bucket: R2Bucket
  readonly #pieced: boolean
  #original: PiecedFile | null
  readonly #digest = new crypto.DigestStream('SHA-256')
  readonly #hash: WritableStreamDefaultWriter<ArrayBuffer | ArrayBufferView>
  #piece = new Uint8Array(64 * 1024)
  #filled = 0
  #bytes = 0
  /** How many bytes are in R2, and how many are those with which the original begins and stand only there. */
  #stored = 0
  #same = 0

  /**
   * With an `original` the file may turn out to be that one, and as long as it does nothing is stored; should it differ
   * later, its beginning is copied from there. Null where there is none but this file may become one.
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

  /** Takes the next bytes; they are not kept after it resolves. */
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

  /** Ends the file. Nothing has been stored where it is the original, byte by byte. */
  async close(): Promise<Written> {
    if (this.#filled > 0) await this.#flush()
    if (this.#original !== null && this.#original.bytes !== this.#bytes) await this.#copySame(this.#original)
    await this.#hash.close()
    freeMemory(this.#piece)
    return { file: this.file, bytes: this.#bytes, sha256: hex(new Uint8Array(await this.#digest.digest)) }
  }

  /** Gives the file up, as after an error or when another attempt has won. */
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

/** The bytes of a file from `from`, up to `length` of them. Errors where the file has expired. */
export function readFile(
  bucket: R2Bucket,
  { file, bytes }: StoredFile,
  from = 0,
  length = bytes - from,
): ReadableStream<Uint8Array> {
  const end = Math.min(bytes, from + length)
  let at = from
  let reader: BlockReader | null = null
  return new ReadableStream(
    {
      async pull(controller) {
        while (at < end) {
          reader ??= blockReader((await openPiece(bucket, file, at, end)).body)
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

/** A file as bytes that can be read from any place and more than once; `name` is the one it came under. */
export function storedBytes(bucket: R2Bucket, file: StoredFile & { name: string }): ByteSource {
  return {
    name: file.name,
    size: file.bytes,
    read: async (offset = 0, length = file.bytes - offset) => readFile(bucket, file, offset, length),
  }
}

/**
 * Some bytes of a file from `from`, as many as one request gives and at most `length`: fewer at the end of an object.
 * Throws where the file ends before, or has expired.
 */
export async function readSome(
  bucket: R2Bucket,
  { file, bytes }: StoredFile,
  from: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (from >= bytes) throw new Error('A file of the run ends before it should')
  const piece = await openPiece(bucket, file, from, Math.min(bytes, from + length))
  return new Uint8Array(await bytesOf(piece))
}

/** Reads exactly `length` bytes of a file from `from`. Throws as `readSome`. */
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
    bytes.set(more, at)
    at += more.length
  }
  return bytes
}

/** All bytes of an object. Its body is all that is asked of it, so that a stand-in for R2 has no more to be than that. */
export function bytesOf({ body }: R2ObjectBody): Promise<ArrayBuffer> {
  return new Response(body).arrayBuffer()
}

/** Whether a file has not expired. */
export async function hasFile(bucket: R2Bucket, { file }: StoredFile): Promise<boolean> {
  return (await bucket.head(pieceAt(file, 0))) !== null
}

/** Deletes a file; one that is not there, or not all of it, is fine. */
export async function deleteFile(bucket: R2Bucket, { file, bytes }: StoredFile): Promise<void> {
  const pieces = Array.from({ length: Math.ceil(bytes / PIECE) }, (_, index) => pieceAt(file, index * PIECE))
  if (pieces.length > 0) await bucket.delete(pieces)
}

async function openPiece(bucket: R2Bucket, file: string, from: number, end: number): Promise<R2ObjectBody> {
  const offset = from % PIECE
  const length = Math.min(PIECE - offset, end - from)
  const object = await bucket.get(pieceAt(file, from), { range: { offset, length } })
  if (object === null) throw new Error('A file of the run has expired or is missing')
  return object
}

/** The name of the object with the byte at `position`. */
function pieceAt(file: string, position: number): string {
  return `${file}.${Math.floor(position / PIECE)}`
}
