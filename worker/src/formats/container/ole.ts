import { Failure } from '../../core/failure.ts'
import { unsupported } from '../refusals.ts'

const MAGIC = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
/**
 * How much of the directory is read. An entry (MS-CFB 2.6.1) takes 128 bytes, and the names that identify the file are
 * among the first.
 */
const DIRECTORY_BYTES = 8 * 1024

/** Documents of other programs, each by the name of a stream in it. */
const DOCUMENTS = [
  ['WordDocument', 'a Word document'],
  ['PowerPoint Document', 'a PowerPoint presentation'],
  ['__nameid_version', 'an Outlook message (.msg)'],
] as const

/** Returns whether the bytes begin an OLE compound file: an old .xls, or an .xlsx behind a password. */
export function isOle(sample: Uint8Array): boolean {
  return MAGIC.every((byte, at) => sample[at] === byte)
}

/**
 * Returns the failure that names the kind of OLE file. `read` returns a range of the file's bytes, fewer at its end.
 */
export async function refusedOle(
  sample: Uint8Array,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<Failure> {
  const header = new DataView(sample.buffer, sample.byteOffset, sample.length)
  if (sample.length < 512) return damagedOle()
  const sectorBytes = header.getUint16(30, true) === 12 ? 4096 : 512
  const directory = await read((header.getUint32(48, true) + 1) * sectorBytes, DIRECTORY_BYTES)
  if (directory.length === 0) return damagedOle()
  const names = new TextDecoder('utf-16le').decode(directory)
  if (names.includes('EncryptedPackage')) {
    return new Failure(
      'encrypted_file',
      'The workbook is protected with a password.',
      'In Excel choose File, Info, Protect Workbook, Encrypt with Password, remove the password and save it again.',
    )
  }
  for (const [name, what] of DOCUMENTS) if (names.includes(name)) return unsupported(what)
  return unsupported(/Book/i.test(names) ? 'an old Excel workbook (.xls)' : 'an Office file of an old kind')
}

function damagedOle(): Failure {
  return new Failure(
    'truncated',
    'The file is incomplete or damaged.',
    'Save or upload it again, as .xlsx or .csv; nothing has been changed here.',
  )
}
