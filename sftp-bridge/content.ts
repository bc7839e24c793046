import { Failure } from '../worker/src/core/failure.ts'
import type { Handle, RemoteFiles } from './files.ts'
import type { Picked } from './pick.ts'

/**
 * The size of one read. Every server returns 32,768 bytes in one answer (draft-ietf-secsh-filexfer-02, section 3). A
 * little less fits with its header into one SSH packet of that size, and so does not wait for the next packet.
 */
const CHUNK_BYTES = 32_000

/**
 * How many reads run at a time, so that the distance to the server does not limit the speed. They take at most 1 MB of
 * memory.
 */
const WINDOW = 32

/**
 * Yields the bytes of an opened file, in order. Requests at most `WINDOW` chunks ahead of the reader. Throws `Failure`
 * `truncated` if the file ends early, and what `RemoteFiles` throws.
 */
export async function* readInOrder(
  files: RemoteFiles,
  { path, version }: Picked,
  handle: Handle,
): AsyncGenerator<Buffer> {
  const window: Promise<Buffer>[] = []
  let asked = 0
  while (asked < version.bytes || window.length > 0) {
    while (asked < version.bytes && window.length < WINDOW) {
      const chunk = readFully(files, path, handle, asked, Math.min(CHUNK_BYTES, version.bytes - asked))
      // One failure ends the loop. The reads after it fail too, and their errors would be unhandled.
      chunk.catch(() => {})
      window.push(chunk)
      asked += CHUNK_BYTES
    }
    const next = window.shift()
    if (next !== undefined) yield await next.catch(brokenOff)
  }
}

/** Reads exactly `length` bytes. A server may return fewer bytes than requested; the rest is then requested again. */
async function readFully(files: RemoteFiles, path: string, handle: Handle, position: number, length: number) {
  const pieces: Buffer[] = []
  let got = 0
  while (got < length) {
    const piece = await files.read(path, handle, position + got, length - got)
    if (piece.length === 0) throw endedEarly()
    pieces.push(piece)
    got += piece.length
  }
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
}

/**
 * Throws an error of reading. A connection that is lost once the file has begun means a truncated file, not an
 * unreachable server.
 */
function brokenOff(error: unknown): never {
  if (!(error instanceof Failure) || error.code !== 'unreachable') throw error
  throw new Failure(
    'truncated',
    'The connection to the SFTP server was lost before the whole file had arrived.',
    'Muster tries again by itself. If this keeps happening, ask the server’s administrator to look at its log.',
    { cause: error },
  )
}

function endedEarly(): Failure {
  return new Failure(
    'truncated',
    'The file became shorter while it was being read.',
    'Muster tries again by itself. It helps if the file is uploaded under a temporary name and renamed when it is complete.',
  )
}
