import { Failure } from '../../core/failure.ts'
import { gunzipMembers } from './gzip-members.ts'
import { transformed } from './transform.ts'

const MIB = 1024 * 1024

/**
 * The largest size that compressed data may expand to, in bytes. No contact list is larger, and a decompression bomb
 * stops here.
 */
const MOST_BYTES = 1024 * MIB
/**
 * The highest ratio of expanded to compressed bytes, checked beyond `UNJUDGED_BYTES`. Real lists have ratios of 5 to
 * 50; a higher ratio than this is a decompression bomb.
 */
const MOST_RATIO = 250
const UNJUDGED_BYTES = 64 * MIB

/** Counts what compressed data expands to, and refuses a decompression bomb. */
export class Expansion {
  readonly #compressed: () => number
  #size = 0

  /** `compressed` returns how many bytes have been expanded so far. */
  constructor(compressed: () => number) {
    this.#compressed = compressed
  }

  /** Adds bytes, or characters and cells. Throws `too_large` if there are too many for the compressed bytes. */
  add(size: number): void {
    this.#size += size
    const judged = this.#size > UNJUDGED_BYTES
    if (this.#size > MOST_BYTES || (judged && this.#size > this.#compressed() * MOST_RATIO)) throw tooLarge()
  }
}

/** Returns the failure for compressed data that ends early or is damaged. */
export function damagedArchive(cause?: unknown): Failure {
  return new Failure(
    'truncated',
    'The compressed file is incomplete or damaged.',
    'It may still have been uploading or saving. Save or upload it again; nothing has been changed here.',
    { cause },
  )
}

/**
 * Decompresses one gzip member piece by piece. Throws `truncated` if the data ends early or is damaged, and `too_large` if
 * it expands to more than any contact list. Passes on what `chunks` throws.
 */
export function inflate(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  return expanded(chunks, (counted) => transformed(counted, new DecompressionStream('gzip'), damagedArchive))
}

/**
 * Decompresses a gzip file piece by piece, however many members it has (RFC 1952, 2.2). `open` returns the file from its
 * beginning. It is called again if the platform refuses the data, as it does if anything follows the first member.
 * Throws like `inflate`.
 */
export async function* gunzip(open: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let done = 0
  try {
    const native = new DecompressionStream('gzip')
    for await (const chunk of expanded(open(), (counted) => transformed(counted, native, () => new Refused()))) {
      done += chunk.length
      yield chunk
    }
    return
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
  for await (const chunk of expanded(open(), (counted) => gunzipMembers(counted, damagedArchive))) {
    const rest = done === 0 ? chunk : chunk.subarray(Math.min(done, chunk.length))
    done -= chunk.length - rest.length
    if (rest.length > 0) yield rest
  }
}

/** The platform does not take the data as one gzip member. */
class Refused extends Error {}

async function* expanded(
  chunks: AsyncIterable<Uint8Array>,
  expand: (chunks: AsyncIterable<Uint8Array<ArrayBuffer>>) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  let compressed = 0
  const counted = async function* () {
    for await (const chunk of chunks) {
      compressed += chunk.length
      yield new Uint8Array(chunk)
    }
  }
  const expansion = new Expansion(() => compressed)
  for await (const chunk of expand(counted())) {
    expansion.add(chunk.length)
    yield chunk
  }
}

function tooLarge(): Failure {
  return new Failure(
    'too_large',
    'The compressed file unfolds to far more data than a contact list holds.',
    'Check that the right file was compressed, or provide it uncompressed.',
  )
}
