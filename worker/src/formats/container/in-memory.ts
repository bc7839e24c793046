import type { ByteSource } from '../../core/bytes.ts'
import { Failure } from '../../core/failure.ts'

/** The largest file inside an archive that is held in memory, in bytes. */
const MOST_BYTES = 16 * 1024 * 1024

/**
 * Reads chunks that arrive in order into memory, and returns a source that can be read at any offset. A workbook inside
 * an archive needs one. Throws `too_large`.
 */
export async function inMemory(chunks: AsyncIterable<Uint8Array>): Promise<ByteSource> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > MOST_BYTES) throw tooLarge()
    parts.push(new Uint8Array(chunk))
  }
  const blob = new Blob(parts)
  return {
    name: '',
    size,
    read: async (offset = 0, length = size - offset) => blob.slice(offset, offset + length).stream(),
  }
}

function tooLarge(): Failure {
  return new Failure(
    'too_large',
    'The workbook inside the archive is too large to be opened there.',
    'Provide the .xlsx file itself: it is compressed already.',
  )
}
