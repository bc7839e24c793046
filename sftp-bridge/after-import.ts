import { Failure } from '../worker/src/core/failure.ts'
import type { RemoteFiles } from './files.ts'
import { splitPath } from './names.ts'
import { isSameVersion } from './open.ts'
import type { AfterImportReply, AfterImportRequest } from './request.ts'

/**
 * Moves or deletes the imported file if it is still the imported version. May be called any number of times. `now` is
 * in milliseconds since 1970, for the time stamp. Throws `Failure` `forbidden`, `server_error`, and what the session
 * throws.
 */
export async function actAfterImport(
  files: Pick<RemoteFiles, 'stat' | 'remove' | 'rename'>,
  request: AfterImportRequest,
  now: number,
): Promise<AfterImportReply> {
  const { folder } = splitPath(request.path)
  const path = folder + request.name
  try {
    const { bytes, modifiedAt } = await files.stat(path)
    if (!isSameVersion({ name: request.name, bytes, modifiedAt }, request)) return { outcome: 'changed' }
    if (request.afterImport === 'delete') {
      await files.remove(path)
      return { outcome: 'deleted' }
    }
    const name = movedName(request.name, now)
    await files.rename(path, folder + name)
    return { outcome: 'moved', name }
  } catch (error) {
    if (error instanceof Failure && error.code === 'not_found') return { outcome: 'gone' }
    throw error
  }
}

/**
 * Returns the name of a moved file, which no pattern matches: `contacts.csv` becomes
 * `contacts.csv.imported-20260203T040506Z`.
 */
export function movedName(name: string, now: number): string {
  return `${name}.imported-${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}
