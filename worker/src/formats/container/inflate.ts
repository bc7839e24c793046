import { Failure } from '../../core/failure.ts'

const MIB = 1024 * 1024

/** How far compressed data may unfold: nobody's contact list is larger, and a bomb stops here. */
const MOST_BYTES = 1024 * MIB
/** Beyond `UNJUDGED_BYTES`, more than this many bytes for one compressed byte is a bomb; real lists give 5 to 50. */
const MOST_RATIO = 250
const UNJUDGED_BYTES = 64 * MIB

/** Where compressed data breaks off or is not what it says. */
export function damagedArchive(cause?: unknown): Failure {
  return new Failure(
    'truncated',
    'The compressed file is incomplete or damaged.',
    'It may still have been uploading or saving. Save or upload it again; nothing has been changed here.',
    { cause },
  )
}

/**
 * Unfolds gzip or raw deflate data piece by piece. Throws `Failure` `truncated` where the data breaks off or is
 * damaged, `too_large` where it unfolds to more than anyone's contact list; passes on what `chunks` throws.
 */
export async function* inflate(
  chunks: AsyncIterable<Uint8Array>,
  format: 'gzip' | 'deflate-raw',
): AsyncGenerator<Uint8Array, void> {
  const inflater = new DecompressionStream(format)
  const input = { bytes: 0, error: null as { reason: unknown } | null }
  feed(chunks, inflater.writable, input)
  const reader = inflater.readable.getReader()
  let unfolded = 0
  let open = true
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        open = false
        throw input.error === null ? damagedArchive(error) : input.error.reason
      })
      if (done) break
      unfolded += value.length
      if (unfolded > MOST_BYTES || (unfolded > UNJUDGED_BYTES && unfolded > input.bytes * MOST_RATIO)) throw tooLarge()
      yield value
    }
    open = false
  } finally {
    if (open) reader.cancel().catch(() => undefined)
  }
}

/** Never rejects: what goes wrong on either side comes out of the readable side. */
async function feed(
  chunks: AsyncIterable<Uint8Array>,
  writable: WritableStream<BufferSource>,
  input: { bytes: number; error: { reason: unknown } | null },
): Promise<void> {
  const writer = writable.getWriter()
  writer.closed.catch(() => undefined)
  let writing = false
  try {
    for await (const chunk of chunks) {
      input.bytes += chunk.length
      writing = true
      await writer.write(new Uint8Array(chunk))
      writing = false
    }
    writing = true
    await writer.close()
  } catch (error) {
    if (!writing) {
      input.error = { reason: error }
      writer.abort(error).catch(() => undefined)
    }
  }
}

function tooLarge(): Failure {
  return new Failure(
    'too_large',
    'The compressed file unfolds to far more data than a contact list holds.',
    'Check that the right file was compressed, or provide it uncompressed.',
  )
}
