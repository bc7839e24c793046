import { Failure } from '../worker/src/core/failure.ts'
import type { RemoteFiles } from './files.ts'
import { splitPath } from './names.ts'
import { isSameVersion } from './open.ts'
import type { Settled, SettleRequest } from './request.ts'

/**
 * Moves or deletes the imported file if it is still the version that was imported. May be asked for any number of times.
 * @param now milliseconds since 1970, for the time stamp
 * @throws Failure `forbidden`, `server_error`, and what the session throws.
 */
export async function settleFile(files: RemoteFiles, request: SettleRequest, now: number): Promise<Settled> {
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

/** `contacts.csv` becomes `contacts.csv.imported-20260203T040506Z`, which no pattern picks up again. */
export function movedName(name: string, now: number): string {
  return `${name}.imported-${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}
