import { Failure } from '../worker/src/core/failure.ts'
import type { Config } from './config.ts'
import { readInOrder } from './content.ts'
import type { Deadline } from './deadline.ts'
import type { Handle, RemoteFiles } from './files.ts'
import { type Picked, pick } from './pick.ts'
import type { FileVersion, OpenRequest } from './request.ts'

/** A remote file that is about to be read. */
export interface Opened {
  version: FileVersion
  /**
   * Exactly the bytes that `version` describes, in order. The last piece comes only after another look has shown that
   * the file did not change meanwhile; otherwise throws `Failure` `truncated` in its place.
   */
  chunks: AsyncGenerator<Buffer>
}

/**
 * Finds the file, waits until two looks at it agree, and opens it. Returns null if it is still the version `since`.
 * Throws `Failure` `not_found`, `forbidden`, `too_large`, `truncated` (still being written), and what the session
 * throws.
 */
export async function openFile(
  files: RemoteFiles,
  request: OpenRequest,
  deadline: Deadline,
  config: Config,
): Promise<Opened | null> {
  const picked = await pick(files, request.path)
  const { version } = picked
  if (request.since !== null && isSameVersion(version, request.since)) return null
  if (version.bytes > request.maxBytes) {
    throw new Failure(
      'too_large',
      `${version.name} has ${megabytes(version.bytes)} MB; at most ${megabytes(request.maxBytes)} MB are imported.`,
      'Export fewer columns or rows, or compress the file with gzip or zip.',
    )
  }
  const handle = await files.open(picked.path)
  await deadline.pause(config.stableMs)
  await refuseChanged(files, picked, handle)
  return { version, chunks: content(files, picked, handle) }
}

async function* content(files: RemoteFiles, picked: Picked, handle: Handle): AsyncGenerator<Buffer> {
  let read = 0
  for await (const chunk of readInOrder(files, picked, handle)) {
    read += chunk.length
    if (read === picked.version.bytes) await refuseChanged(files, picked, handle)
    yield chunk
  }
  await files.close(handle)
}

async function refuseChanged(files: RemoteFiles, { path, version }: Picked, handle: Handle): Promise<void> {
  const now = await files.statOpened(path, handle)
  if (isSameVersion({ ...now, name: version.name }, version)) return
  throw new Failure(
    'truncated',
    `${version.name} is still being written: it changed while Muster looked at it.`,
    'Muster tries again by itself. It helps if the file is uploaded under a temporary name, such as contacts.csv.part, and renamed when it is complete.',
  )
}

/**
 * Returns whether two versions are the same. SFTP reports the time in seconds, so two spellings of one second are
 * equal.
 */
export function isSameVersion(a: FileVersion, b: FileVersion): boolean {
  return a.name === b.name && a.bytes === b.bytes && Date.parse(a.modifiedAt) === Date.parse(b.modifiedAt)
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1)
}
