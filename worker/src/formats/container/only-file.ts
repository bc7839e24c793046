import { Failure } from '../../core/failure.ts'
import { emptyFile, unsupported } from '../refusals.ts'
import type { ZipEntry } from './zip.ts'

/** Documents of other programs that are ZIPs, each recognised by the path of a file inside it. */
const OTHER_DOCUMENTS: readonly (readonly [path: RegExp, what: string])[] = [
  [/^xl\/workbook\.bin$/i, 'a binary Excel workbook (.xlsb)'],
  [/^word\//i, 'a Word document'],
  [/^ppt\//i, 'a PowerPoint presentation'],
  [/^content\.xml$/i, 'an OpenDocument file (.ods)'],
  [/^index\/.*\.iwa$|^index\.zip$/i, 'a Numbers, Pages or Keynote document'],
]

/** Files that archivers and operating systems add by themselves. */
const CLUTTER = /^__macosx\/|(?:^|\/)(?:\.[^/]*|thumbs\.db|desktop\.ini)$|\/$/i
const CONTACT_FILE = /\.(?:csv|tsv|txt|xlsx|xlsm|json|jsonl|ndjson)(?:\.gz)?$/i

/**
 * Returns the contact file of a ZIP. Throws a `Failure` that says what the ZIP is, or that it holds no file or several.
 */
export function onlyFile(entries: ZipEntry[]): ZipEntry {
  for (const [path, what] of OTHER_DOCUMENTS) {
    if (entries.some((entry) => path.test(entry.name))) throw unsupported(what)
  }
  const files = entries.filter((entry) => !CLUTTER.test(entry.name))
  const named = files.filter((entry) => CONTACT_FILE.test(entry.name))
  const [entry, second] = named.length > 0 ? named : files
  if (entry === undefined) throw emptyFile()
  if (second !== undefined) {
    throw new Failure(
      'unsupported_format',
      `The ZIP holds ${files.length} files, and nothing says which one is the contact file.`,
      'Provide a ZIP that holds only the contact file, or the contact file itself.',
    )
  }
  return entry
}
