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

/** Files of known kinds, each by its first bytes. */
const MAGIC: readonly (readonly [what: string, ...starts: string[]])[] = [
  ['a PDF document', '%PDF-'],
  ['an RTF document', '{\\rtf'],
  ['a picture', '\x89PNG', '\xff\xd8\xff', 'GIF87a', 'GIF89a', 'II*\0', 'MM\0*', 'RIFF'],
  ['an SQLite database', 'SQLite format 3\0'],
  ['an Access database (.mdb or .accdb)', '\0\x01\0\0Standard'],
  ['a Parquet file', 'PAR1'],
  ['an ORC file', 'ORC'],
  ['an Avro file', 'Obj\x01'],
  ['an Arrow file', 'ARROW1'],
  ['an SPSS file (.sav)', '$FL2', '$FL3'],
  ['an Outlook data file (.pst)', '!BDN'],
  ['a program', 'MZ\x90\0', '\x7fELF'],
  [
    'an old Excel workbook (.xls)',
    '\x09\0\x04\0',
    '\x09\x02\x06\0',
    '\x09\x04\x06\0',
    '\x09\x08\x10\0',
    '\x09\x08\x08\0',
  ],
]

const ARCHIVES = ['Rar!\x1a', '7z\xbc\xaf', 'BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd', '\x1f\x9d', 'MSCF\0']
const TAR = { at: 257, magic: 'ustar' }

/**
 * Returns the failure for a file whose first bytes show a known kind that Muster does not read; null for any other
 * file.
 */
export function refusedBytes(sample: Uint8Array): Failure | null {
  const start = String.fromCharCode(...sample.subarray(0, 32))
  if (isEncrypted(sample)) return encrypted()
  for (const [what, ...starts] of MAGIC) {
    if (starts.some((magic) => start.startsWith(magic))) return unsupported(what)
  }
  const isTar = String.fromCharCode(...sample.subarray(TAR.at, TAR.at + TAR.magic.length)) === TAR.magic
  if (isTar || ARCHIVES.some((magic) => start.startsWith(magic))) {
    const what = isTar ? 'a tar archive' : 'an archive of an unusual kind'
    return unsupported(what, 'Provide the file itself, or put it in a .zip or .gz.')
  }
  return isDbase(sample) ? unsupported('a dBASE table (.dbf)') : null
}

/** Texts of known kinds, each by its start. White space before it does not count. */
const TEXTS: readonly (readonly [start: RegExp, what: string, advice?: string])[] = [
  [/^-----BEGIN PGP (?:PUBLIC|PRIVATE) KEY/, 'a PGP key', 'Provide the contact file itself.'],
  [/^(?:<\?xml[^>]*>\s*)?<(?:\?mso-application|(?:ss:)?Workbook)/i, 'an XML spreadsheet of Excel 2003'],
  [/^(?:<\?xml[^>]*>\s*)?<office:document\b/, 'a flat OpenDocument file (.fods)'],
  [
    /^BEGIN:VCARD/i,
    'a vCard file (.vcf)',
    'Export the contacts as CSV instead, or open them in an address book that does.',
  ],
  [/^BEGIN:VCALENDAR/i, 'a calendar (.ics)', 'Provide the contacts as .xlsx or .csv.'],
  [
    /^(?:version: 1\r?\n(?:#.*\r?\n|\r?\n)*)?dn:/,
    'an LDIF export of a directory',
    'Export the entries as CSV instead.',
  ],
  [
    /^(?:-- (?:MySQL|MariaDB|PostgreSQL|SQLite|phpMyAdmin)\b|INSERT INTO\s|CREATE TABLE\s|PRAGMA foreign_keys|BEGIN TRANSACTION;)/i,
    'an SQL dump of a database',
    'Export the table as CSV instead.',
  ],
  [
    /^version https:\/\/git-lfs\.github\.com\//,
    'a pointer of Git LFS and not the file that it stands for',
    'Enter the address from which the file itself is downloaded.',
  ],
  [
    /^MIME-Version:|^(?:From|Received|Return-Path|Message-ID|Delivered-To): [^\r\n,;\t|]*\r?\n/i,
    'an e-mail or a web archive (.mht)',
    'Open it, and save its table as .xlsx or .csv.',
  ],
]

/** Texts that only a key can open. */
const ENCRYPTED_TEXT =
  /^(?:-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE|PKCS7|CMS)-----|age-encryption\.org\/|U2FsdGVkX1|\$ANSIBLE_VAULT;)/

/**
 * Returns the failure for a text that is not a table of rows (a web page, XML, or no readable text); null for any
 * other text.
 */
export function refusedText(text: string): Failure | null {
  const start = text.trimStart()
  if (ENCRYPTED_TEXT.test(start)) return encrypted()
  for (const [pattern, what, advice] of TEXTS) if (pattern.test(start)) return unsupported(what, advice)
  if (/^(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body|script|table|meta|style|!--)/i.test(start)) {
    return isWebTable(start) ? webTable() : webPage()
  }
  if (/^<[?!a-z]/i.test(start)) return notRows('XML')
  return isGarbage(text) ? notRows('no readable text') : null
}

/** Returns whether a web page is a table that a program saved for Excel, and no page to sign in. */
export function isWebTable(text: string): boolean {
  const isForExcel = /urn:schemas-microsoft-com:office|excel\.sheet/i.test(text)
  if (!isForExcel && /<(?:form|input|script)\b/i.test(text)) return false
  return /<table\b/i.test(text) && /<tr\b/i.test(text)
}

function webTable(): Failure {
  return unsupported(
    'the table of a web page (HTML), as some systems export it under the name .xls',
    'Open it in a spreadsheet program and save it as .xlsx or .csv, or let the system export CSV.',
  )
}

function webPage(): Failure {
  return new Failure(
    'not_a_contact_file',
    'The address gave a web page, not a contact file.',
    'It is often a sign-in or an error page. Open the address in a private browser window: the file itself must download.',
  )
}

/** Returns the failure for a file that only a key or a password opens. */
function encrypted(): Failure {
  return new Failure(
    'encrypted_file',
    'The file is encrypted, for example with PGP, and Muster has no key for it.',
    'Provide the file without encryption: https and SFTP encrypt it on its way.',
  )
}

/** OpenSSL, AES Crypt and age write these before what they encrypt. */
const ENCRYPTED_STARTS = ['Salted__', 'AES\x01', 'AES\x02', 'AES\x03', 'age-encryption.org/']

function isEncrypted(sample: Uint8Array): boolean {
  const start = String.fromCharCode(...sample.subarray(0, 20))
  return ENCRYPTED_STARTS.some((magic) => start.startsWith(magic)) || isPgpMessage(sample)
}

/**
 * Returns whether the bytes begin with the packet of an encrypted session key (RFC 9580, 4.2 and 5): its tag, its length,
 * and a version and an algorithm that exist.
 */
function isPgpMessage(sample: Uint8Array): boolean {
  const [head = 0, length = 0] = sample
  if ((head & 0x80) === 0 || sample.length < 20) return false
  const isNew = (head & 0x40) !== 0
  const tag = isNew ? head & 0x3f : (head & 0x3c) >> 2
  const lengthBytes = isNew ? (length < 192 ? 1 : length < 224 ? 2 : length === 255 ? 5 : 1) : [1, 2, 4, 0][head & 3]
  if (lengthBytes === undefined || lengthBytes === 0) return false
  const body = sample.subarray(1 + lengthBytes)
  const [version = 0, cipher = 0] = body
  // The public key's algorithm follows its ID of eight bytes; later versions begin with the key's fingerprint.
  if (tag === 1) return (version === 3 && (body[9] ?? 0) > 0 && (body[9] ?? 0) < 30) || version === 6
  return tag === 3 && version >= 4 && version <= 6 && cipher > 0 && cipher < 64
}

/** Returns whether the bytes begin a dBASE table: a version, the date of the last change, and a header of whole fields. */
function isDbase(sample: Uint8Array): boolean {
  const [version = 0, , month = 0, day = 0] = sample
  if (![3, 4, 0x30, 0x31, 0x83, 0x8b, 0xf5].includes(version)) return false
  const headerBytes = (sample[8] ?? 0) | ((sample[9] ?? 0) << 8)
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && headerBytes % 32 === 1 && headerBytes > 64
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
