import { CFB } from 'xlsx'

/** The archive library inside SheetJS, which has no types of its own. */
interface Archives {
  utils: { cfb_new(): object; cfb_add(archive: object, path: string, bytes: Uint8Array): void }
  read(bytes: Uint8Array, options: { type: 'array' }): { FullPaths: string[]; FileIndex: { content: Uint8Array }[] }
  write(archive: object, options: { fileType: 'zip'; compression: boolean; type: 'array' }): Uint8Array
}
const ARCHIVES: Archives = CFB
const ROOT = 'Root Entry/'

/** Returns the files in a ZIP by their paths. */
export function readParts(zip: Uint8Array): Map<string, Uint8Array> {
  const { FullPaths, FileIndex } = ARCHIVES.read(zip, { type: 'array' })
  const parts = new Map<string, Uint8Array>()
  for (const [i, path] of FullPaths.entries()) {
    // Folders end in a slash; SheetJS adds an entry of its own, whose name starts with a control character.
    if (path.endsWith('/') || path.includes('\u0001')) continue
    parts.set(path.slice(ROOT.length), Uint8Array.from(FileIndex[i]?.content ?? []))
  }
  return parts
}

/** Returns a ZIP of these files, keyed by their paths. */
export function writeParts(parts: ReadonlyMap<string, Uint8Array>, { compression = true } = {}): Uint8Array {
  const archive = ARCHIVES.utils.cfb_new()
  for (const [path, bytes] of parts) ARCHIVES.utils.cfb_add(archive, `/${path}`, bytes)
  return Uint8Array.from(ARCHIVES.write(archive, { fileType: 'zip', compression, type: 'array' }))
}
