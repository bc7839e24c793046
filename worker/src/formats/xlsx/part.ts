import type { ByteSource } from '../../core/bytes.ts'
import { readEntry, type ZipEntry } from '../container/zip.ts'
import { attribute, damagedWorkbook, type XmlHandler, XmlScanner } from '../xml.ts'

/** The files of a workbook, and the means to read them (Open Packaging Conventions, ECMA-376 part 2). */
export interface Package {
  source: ByteSource
  entries: ZipEntry[]
  signal: AbortSignal | undefined
}

/**
 * Returns the part with this name, such as `xl/workbook.xml`, or null. Part names are compared without case
 * (ECMA-376-2, 6.2.2.3).
 */
export function findPart(parts: Package, name: string): ZipEntry | null {
  const wanted = name.toLowerCase()
  return parts.entries.find((entry) => entry.name.toLowerCase() === wanted) ?? null
}

/** Yields the XML of a part as it arrives. Throws if the part is empty. */
export async function* partText(parts: Package, entry: ZipEntry): AsyncGenerator<string, void> {
  let decoder: TextDecoder | null = null
  for await (const chunk of readEntry(parts.source, entry, parts.signal)) {
    decoder ??= new TextDecoder(chunk[0] === 0xff ? 'utf-16le' : chunk[0] === 0xfe ? 'utf-16be' : 'utf-8')
    yield decoder.decode(chunk, { stream: true })
  }
  if (decoder === null) throw damagedWorkbook()
  yield decoder.decode()
}

/** Passes the XML of a part to `handler`, and yields after every piece. */
export async function* scan(
  pieces: AsyncIterable<string> | Iterable<string>,
  handler: XmlHandler,
): AsyncGenerator<void, void> {
  const scanner = new XmlScanner(handler)
  for await (const piece of pieces) {
    scanner.write(piece)
    yield
  }
  scanner.end()
}

/** Passes all of a part to `handler`. */
export async function scanPart(parts: Package, entry: ZipEntry, handler: XmlHandler): Promise<void> {
  const pieces = scan(partText(parts, entry), handler)
  while ((await pieces.next()).done !== true);
}

/** The largest part, in bytes, for which something is kept in memory for each element. */
const MOST_KEPT_BYTES = 8 * 1024 * 1024

/** Calls `open` for every element of a part that is small in any genuine workbook. */
export async function eachElement(
  parts: Package,
  entry: ZipEntry,
  open: (name: string, attributes: string) => void,
  close: (name: string) => void = () => undefined,
): Promise<void> {
  if (entry.size > MOST_KEPT_BYTES) throw damagedWorkbook()
  await scanPart(parts, entry, { wantsText: false, text: () => undefined, open, close })
}

/** A relationship of a part. `target` is a path from the root of the package. */
export interface Relationship {
  id: string
  /**
   * The last word of the relationship's type, such as `worksheet` or `sharedStrings`. It is the same in the
   * transitional and the strict dialect.
   */
  type: string
  target: string
}

/**
 * Returns the relationships of a part, or of the package itself if `name` is empty. A part without a relationships file
 * has no relationships.
 */
export async function readRelationships(parts: Package, name: string): Promise<Relationship[]> {
  const slash = name.lastIndexOf('/') + 1
  const folder = name.slice(0, slash)
  const found: Relationship[] = []
  const entry = findPart(parts, `${folder}_rels/${name.slice(slash)}.rels`)
  if (entry === null) return found
  await eachElement(parts, entry, (element, attributes) => {
    if (element !== 'Relationship') return
    found.push({
      id: attribute(attributes, 'Id') ?? '',
      type: (attribute(attributes, 'Type') ?? '').split('/').at(-1) ?? '',
      target: resolved(folder, attribute(attributes, 'Target') ?? ''),
    })
  })
  return found
}

function resolved(folder: string, target: string): string {
  const path: string[] = []
  for (const step of (target.startsWith('/') ? target : folder + target).split('/')) {
    if (step === '..') path.pop()
    else if (step !== '' && step !== '.') path.push(step)
  }
  return path.join('/')
}
