import { Failure } from '../../core/failure.ts'
import { emptyFile, unsupported } from '../refusals.ts'
import type { ZipEntry } from './zip.ts'

/** What other programs keep in a ZIP, told by a file inside it. */
const OTHER_DOCUMENTS: readonly (readonly [path: RegExp, what: string])[] = [
  [/^xl\/workbook\.bin$/i, 'a binary Excel workbook (.xlsb)'],
  [/^word\//i, 'a Word document'],
  [/^ppt\//i, 'a PowerPoint presentation'],
  [/^content\.xml$/i, 'an OpenDocument file (.ods)'],
  [/^index\/.*\.iwa$|^index\.zip$/i, 'a Numbers, Pages or Keynote document'],
]

/** What archivers and desktops add by themselves. */
const CLUTTER = /^__macosx\/|(?:^|\/)(?:\.[^/]*|thumbs\.db|desktop\.ini)$|\/$/i
const CONTACT_FILE = /\.(?:csv|tsv|txt|xlsx|xlsm)(?:\.gz)?$/i

/** The one file of a ZIP that can be meant. Throws a `Failure` that says what the ZIP is or holds instead. */
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
