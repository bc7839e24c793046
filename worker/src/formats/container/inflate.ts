import { Failure } from '../../core/failure.ts'
import { transformed } from './transform.ts'

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
  let compressed = 0
  const counted = async function* () {
    for await (const chunk of chunks) {
      compressed += chunk.length
      yield new Uint8Array(chunk)
    }
  }
  let unfolded = 0
  for await (const chunk of transformed(counted(), new DecompressionStream(format), damagedArchive)) {
    unfolded += chunk.length
    if (unfolded > MOST_BYTES || (unfolded > UNJUDGED_BYTES && unfolded > compressed * MOST_RATIO)) throw tooLarge()
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
