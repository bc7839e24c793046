import { Failure } from '../worker/src/core/failure.ts'
import type { RemoteFiles } from './files.ts'
import { isTemporary, matches, splitPath } from './names.ts'
import type { FileVersion } from './request.ts'

/** The file that an import takes: its path and its version. */
export interface Picked {
  path: string
  version: FileVersion
}

/**
 * Returns whether `a` is preferred to `b`: the newer one, and of two from the same second the one whose name sorts
 * last.
 */
export function isNewer(a: FileVersion, b: FileVersion): boolean {
  return a.modifiedAt === b.modifiedAt ? a.name > b.name : a.modifiedAt > b.modifiedAt
}

/**
 * Finds the file at `path`, or the newest matching file if the last part of `path` is a pattern. Throws `Failure`
 * `not_found` if there is no such file, and what `RemoteFiles` throws.
 */
export async function pick(files: RemoteFiles, path: string): Promise<Picked> {
  const { folder, last: pattern } = splitPath(path)
  const version = /[*?]/.test(pattern)
    ? await newestMatch(files, folder, pattern)
    : await exactFile(files, path, pattern)
  return { path: folder + version.name, version }
}

async function exactFile(files: RemoteFiles, path: string, name: string): Promise<FileVersion> {
  if (isTemporary(name)) {
    throw new Failure(
      'not_found',
      `${name} is a name for temporary files, and those are never imported.`,
      'Name the finished file.',
    )
  }
  const { kind, bytes, modifiedAt } = await files.stat(path)
  if (kind !== 'file') {
    throw new Failure('not_found', `${name} is not a file.`, 'Add the name of the file to the path.')
  }
  return { name, bytes, modifiedAt }
}

async function newestMatch(files: RemoteFiles, folder: string, pattern: string): Promise<FileVersion> {
  let newest: FileVersion | null = null
  for await (const { name, attributes } of files.list(folder || '.')) {
    if (name.includes('/') || isTemporary(name) || !matches(pattern, name)) continue
    const { kind, bytes, modifiedAt } = attributes.kind === 'link' ? await followed(files, folder + name) : attributes
    const version = { name, bytes, modifiedAt }
    if (kind === 'file' && (newest === null || isNewer(version, newest))) newest = version
  }
  if (newest === null) {
    throw new Failure(
      'not_found',
      `No file in ${folder === '' ? 'the user’s folder' : 'the folder of this source'} fits ${pattern}.`,
      'Check the pattern: * stands for any characters and ? for one, and capital letters matter. Temporary files are left out.',
    )
  }
  return newest
}

/** Returns the attributes of a link's target. A dead link is not a file, but it must not hide the other files. */
async function followed(files: RemoteFiles, path: string) {
  try {
    return await files.stat(path)
  } catch (error) {
    if (error instanceof Failure && error.code === 'not_found')
      return { kind: 'other', bytes: 0, modifiedAt: '' } as const
    throw error
  }
}
