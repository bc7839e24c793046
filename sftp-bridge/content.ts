import { Failure } from '../worker/src/core/failure.ts'
import type { Handle, RemoteFiles } from './files.ts'
import type { Picked } from './pick.ts'

/**
 * Every server gives 32,768 bytes in one answer (draft-ietf-secsh-filexfer-02, section 3); a little less fits with its head into
 * one SSH packet of that size, and so does not wait for the next.
 */
const CHUNK_BYTES = 32_000

/** Questions under way at a time, so that the distance to the server does not set the speed: at most 1 MB in memory. */
const WINDOW = 32

/**
 * The bytes of an opened file, in order; no more is asked for than `WINDOW` chunks ahead of what was taken.
 * @throws Failure `truncated` if the file ends early, and what `RemoteFiles` throws.
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
      // One failure ends the loop; those behind it fail too, and nobody is left to hear of them.
      chunk.catch(() => {})
      window.push(chunk)
      asked += CHUNK_BYTES
    }
    const next = window.shift()
    if (next !== undefined) yield await next.catch(brokenOff)
  }
}

/** A server may answer with fewer bytes than it was asked for, and has to be asked again for the rest. */
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

/** A connection lost once the file has begun is a file cut short, not a server out of reach. */
function brokenOff(error: unknown): never {
  if (!(error instanceof Failure) || error.code !== 'unreachable') throw error
  throw new Failure(
    'truncated',
    'The connection to the SFTP server was lost before the whole file had arrived.',
    'Muster tries again by itself. If this keeps happening, ask whoever runs the server to look at its log.',
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
