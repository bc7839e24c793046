import { Failure } from '../core/failure.ts'

/** Returns the failure for a file that holds nothing or only blanks. */
export function emptyFile(): Failure {
  return new Failure(
    'empty',
    'The file is empty.',
    'Check the program that writes it. An empty file removes nobody: nothing has been changed here.',
  )
}

/** Returns the failure for a file of a known kind that Muster does not read, such as `a PDF document`. */
export function unsupported(
  what: string,
  advice = 'Open it in a spreadsheet program and save it as .xlsx or .csv.',
): Failure {
  return new Failure('unsupported_format', `The file is ${what}.`, advice)
}

const MAGIC: readonly (readonly [what: string, ...starts: string[]])[] = [
  ['a PDF document', '%PDF-'],
  ['an RTF document', '{\\rtf'],
  ['a picture', '\x89PNG', '\xff\xd8\xff', 'GIF87a', 'GIF89a', 'II*\0', 'MM\0*', 'RIFF'],
  ['a database', 'SQLite format 3\0', '\0\x01\0\0Standard'],
  ['a Parquet file', 'PAR1'],
]

const ARCHIVES = ['Rar!\x1a', '7z\xbc\xaf', 'BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd']

/**
 * Returns the failure for a file whose first bytes show a known kind that Muster does not read; null for any other
 * file.
 */
export function refusedBytes(sample: Uint8Array): Failure | null {
  const start = String.fromCharCode(...sample.subarray(0, 32))
  for (const [what, ...starts] of MAGIC) {
    if (starts.some((magic) => start.startsWith(magic))) return unsupported(what)
  }
  if (ARCHIVES.some((magic) => start.startsWith(magic))) {
    return unsupported('an archive of an unusual kind', 'Provide the file itself, or put it in a .zip or .gz.')
  }
  return null
}

/**
 * Returns the failure for a text that is not a table of rows (a web page, XML, or no readable text); null for any
 * other text.
 */
export function refusedText(text: string): Failure | null {
  const start = text.trimStart()
  if (/^(?:<\?xml[^>]*>\s*)?<(?:\?mso-application|(?:ss:)?Workbook)/i.test(start)) {
    return unsupported('an XML spreadsheet of Excel 2003')
  }
  if (/^(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body|script|!--)/i.test(start)) {
    return new Failure(
      'not_a_contact_file',
      'The address gave a web page, not a contact file.',
      'It is often a sign-in or an error page. Open the address in a private browser window: the file itself must download.',
    )
  }
  if (/^<[?!a-z]/i.test(start)) return notRows('XML')
  if (/^BEGIN:VCARD/i.test(start)) return notRows('vCards')
  return isGarbage(text) ? notRows('no readable text') : null
}

function notRows(what: string): Failure {
  return new Failure(
    'not_a_contact_file',
    `The file holds ${what}, not rows of contacts.`,
    'Check that this is the right file. It must be an .xlsx or .csv file with a header row, or a JSON list of records.',
  )
}

/**
 * Returns whether the text is really something else than text. A stray control character is data; more than one in
 * fifty characters is not. Zeros at the end do not count: they are the part of a text that never arrived.
 */
function isGarbage(text: string): boolean {
  let end = text.length
  while (text.charCodeAt(end - 1) === 0) end--
  let controls = 0
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code < 32 && code !== 9 && code !== 10 && code !== 13 && code !== 12) controls++
  }
  return end === 0 || controls * 50 > end
}
