import { createHash } from 'node:crypto'
import { Failure } from '../worker/src/core/failure.ts'
import type { Handle, RemoteFiles } from './files.ts'
import { splitPath } from './names.ts'
import type { WriteRequest } from './request.ts'

/** The size of one write. Every server takes 32,768 bytes at a time, with the header of the packet; see content.ts. */
const CHUNK_BYTES = 32_000

/** How many writes run at a time, so that the distance to the server does not limit the speed. */
const WINDOW = 32

/** The content that arrived is not the content that was announced, so no file was replaced. */
export class WrongContent extends Error {}

/**
 * Writes a file, or replaces it: no reader ever sees a part of the new content. The content goes to `NAME.tmp` in the same
 * folder, which then takes the name of the file. If that ends half-way, `NAME.tmp` stays, and the next call overwrites it.
 * May be called any number of times. Throws `WrongContent`, `Failure` `not_found` (no such folder), `forbidden`,
 * `server_error`, and what the session throws.
 */
export async function writeFile(
  files: RemoteFiles,
  { path, bytes, sha256 }: WriteRequest,
  content: AsyncIterable<Buffer>,
): Promise<void> {
  await refuseFolder(files, path)
  const temporary = `${path}.tmp`
  try {
    const handle = await files.create(temporary)
    const written = await writeInOrder(files, temporary, handle, content)
    const stored = await files.statOpened(temporary, handle)
    await files.finish(temporary, handle)
    if (written.bytes !== bytes || written.sha256 !== sha256) throw new WrongContent('The content is incomplete')
    if (stored.bytes !== bytes) throw incomplete()
    await files.replace(temporary, path)
  } catch (error) {
    throw ofWriting(error, path)
  }
}

async function refuseFolder(files: RemoteFiles, path: string): Promise<void> {
  const there = await files.stat(path).catch((error: unknown) => {
    // A server may let a user write to a folder and not look into it. The writing itself shows what is not allowed.
    if (error instanceof Failure && ['not_found', 'forbidden'].includes(error.code)) return null
    throw error
  })
  if (there?.kind !== 'folder') return
  throw new Failure('not_found', `${splitPath(path).last} is a folder.`, 'Add the name of the file to the path.')
}

/** Writes the content from the start of an opened file. Returns how much it was, and its SHA-256 in hexadecimal digits. */
async function writeInOrder(files: RemoteFiles, path: string, handle: Handle, content: AsyncIterable<Buffer>) {
  const window: Promise<void>[] = []
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of content) {
    hash.update(chunk)
    for (let at = 0; at < chunk.length; at += CHUNK_BYTES) {
      if (window.length === WINDOW) await window.shift()
      const piece = chunk.subarray(at, at + CHUNK_BYTES)
      const written = files.write(path, handle, piece, bytes)
      // One failure ends the loop. The writes after it fail too, and their errors would be unhandled.
      written.catch(() => {})
      window.push(written)
      bytes += piece.length
    }
  }
  await Promise.all(window)
  return { bytes, sha256: hash.digest('hex') }
}

/** Returns an error of writing with advice for writing: the server's own codes are the same for reading. */
function ofWriting(error: unknown, path: string): unknown {
  if (!(error instanceof Failure)) return error
  const { last } = splitPath(path)
  switch (error.code) {
    case 'not_found':
      return new Failure(
        'not_found',
        `The server does not have the folder of ${last}.`,
        'Check the path of the file, or have the folder made. Capital letters matter.',
        { cause: error },
      )
    case 'forbidden':
      return new Failure(
        'forbidden',
        `The server does not let this user write ${last}.`,
        `Ask the server’s administrator for permission to write, rename and delete files in its folder.`,
        { cause: error },
      )
    default:
      return error
  }
}

function incomplete(): Failure {
  return new Failure(
    'server_error',
    'The SFTP server did not store the whole file.',
    'Its disk may be full, or the user’s quota reached. Ask the server’s administrator.',
  )
}
