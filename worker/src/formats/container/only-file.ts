import { Failure } from '../../core/failure.ts'
import { emptyFile, unsupported } from '../refusals.ts'
import type { ZipEntry } from './zip.ts'

/** Documents of other programs that are ZIPs, each recognised by the path of a file inside it. */
const OTHER_DOCUMENTS: readonly (readonly [path: RegExp, what: string])[] = [
  [/^xl\/workbook\.bin$/i, 'a binary Excel workbook (.xlsb)'],
  [/^word\//i, 'a Word document'],
  [/^ppt\//i, 'a PowerPoint presentation'],
  [/^content\.xml$/i, 'an OpenDocument file (.ods)'],
  [/^meta-inf\/container\.xml$/i, 'an e-book (.epub)'],
  [/^index\/.*\.iwa$|^index\.zip$/i, 'a Numbers, Pages or Keynote document'],
]

/** Files that archivers and operating systems add by themselves. */
const CLUTTER = /^__macosx\/|(?:^|\/)(?:\.[^/]*|~\$[^/]*|thumbs\.db|desktop\.ini)$|\/$/i
/** Files that say something about the others. */
const ABOUT =
  /(?:^|\/)(?:read[ _-]?me|licen[cs]e|copying|notice|terms|manifest|metadata|checksums?|sha256sums?|md5sums?)(?:[ ._-][^/]*)?$/i
/** The endings of a contact file, the surest first. */
const ENDINGS = [
  /\.csv$/i,
  /\.xls[xm]$/i,
  /\.(?:tsv|tab|psv)$/i,
  /\.(?:json|jsonl|ndjson)$/i,
  /\.txt$/i,
  /\.(?:dat|asc)$/i,
]
const COMPRESSED = /\.(?:gz|zip)$/i
/** The most files that a message names. */
const MOST_NAMED = 5

/**
 * Returns the contact file of a ZIP: the only one with the surest ending. Files that hold nothing, and files about the
 * others, count only if there is nothing else. Throws a `Failure` that says what the ZIP is, or that it holds no file or
 * several.
 */
export function onlyFile(entries: ZipEntry[]): ZipEntry {
  for (const [path, what] of OTHER_DOCUMENTS) {
    if (entries.some((entry) => path.test(entry.name))) throw unsupported(what)
  }
  let files = entries.filter(({ name }) => !CLUTTER.test(name))
  for (const spare of [({ size }: ZipEntry) => size === 0, ({ name }: ZipEntry) => ABOUT.test(name)]) {
    const others = files.filter((file) => !spare(file))
    if (others.length > 0) files = others
  }
  const byEnding = Map.groupBy(files, ({ name }) => endingOf(name))
  const [surest] = [...byEnding.keys()].sort((a, b) => a - b)
  const [entry, ...others] = surest === undefined ? [] : (byEnding.get(surest) ?? [])
  if (entry === undefined) throw emptyFile()
  if (others.length > 0) throw severalFiles([entry, ...others])
  return entry
}

/** Returns the place of a name's ending among the endings of contact files; after the last for any other ending. */
function endingOf(name: string): number {
  const at = ENDINGS.findIndex((ending) => ending.test(name.replace(COMPRESSED, '')))
  return at === -1 ? ENDINGS.length : at
}

function severalFiles(files: readonly ZipEntry[]): Failure {
  const named = files.slice(0, MOST_NAMED).map(({ name }) => `“${name.slice(0, 100)}”`)
  return new Failure(
    'unsupported_format',
    `The ZIP holds ${files.length} files that may be the contact file: ${named.join(', ')}${files.length > MOST_NAMED ? ', …' : ''}.`,
    'Provide a ZIP that holds only the contact file, or the contact file itself.',
  )
}
