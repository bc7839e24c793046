import type { ByteSource } from '../../core/bytes.ts'
import { Failure } from '../../core/failure.ts'
import { chunksOf, firstBytes } from '../reading.ts'
import { Crc32 } from './crc.ts'
import { damagedArchive, inflate } from './inflate.ts'

/** One file in a ZIP, as its central directory describes it (PKWARE APPNOTE 4.3.12). Sizes and offset in bytes. */
export interface ZipEntry {
  name: string
  method: number
  encrypted: boolean
  /** The CRC-32 of the decompressed bytes. */
  crc: number
  compressedSize: number
  size: number
  offset: number
}

const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_BYTES = 22
const LOCATOR_BYTES = 20
/** The longest comment that may follow the end record, in bytes. */
const MOST_COMMENT = 0xffff
const MOST_ENTRIES = 10_000
const MOST_DIRECTORY_BYTES = 4 * 1024 * 1024
const SEE_ZIP64 = 0xffffffff

/**
 * Reads a ZIP's central directory, which is at the end of the file. A ZIP that was cut off has no directory and is
 * `truncated`.
 */
export async function readZip(source: ByteSource, signal?: AbortSignal): Promise<ZipEntry[]> {
  const tailOffset = Math.max(0, source.size - MOST_COMMENT - END_BYTES - LOCATOR_BYTES)
  const tail = await readRange(source, tailOffset, source.size - tailOffset, signal)
  const end = findEnd(tail)
  if (end === -1) throw damagedArchive()

  let count = tail.getUint16(end + 10, true)
  let size = tail.getUint32(end + 12, true)
  let offset = tail.getUint32(end + 16, true)
  let shift = tailOffset + end - size - offset
  const locator = end - LOCATOR_BYTES
  // Some programs do not know the size in advance and always write the ZIP64 records, even if nothing needs them.
  if (locator >= 0 && tail.getUint32(locator, true) === LOCATOR_64) {
    const record = await readRange(source, bigNumber(tail, locator + 8), 56, signal)
    if (record.getUint32(0, true) !== END_64) throw damagedArchive()
    count = bigNumber(record, 32)
    size = bigNumber(record, 40)
    offset = bigNumber(record, 48)
    shift = 0
  } else if (count === 0xffff || size === SEE_ZIP64 || offset === SEE_ZIP64) throw damagedArchive()
  // A positive shift is the length of data before the archive, as in a self-extracting ZIP.
  if (shift < 0 || offset + shift + size > source.size) throw damagedArchive()
  if (count > MOST_ENTRIES || size > MOST_DIRECTORY_BYTES) {
    throw new Failure('too_large', 'The ZIP holds too many files.', 'Provide a ZIP that holds only the contact file.')
  }
  return readEntries(await readRange(source, offset + shift, size, signal), count, shift)
}

/**
 * Yields the decompressed bytes of an entry. Throws `encrypted_file`, `unsupported_format`, `truncated` or `too_large`.
 */
export async function* readEntry(
  source: ByteSource,
  entry: ZipEntry,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  if (entry.encrypted) {
    throw new Failure('encrypted_file', 'The ZIP is protected with a password.', 'Provide it without a password.')
  }
  if (entry.method !== 0 && entry.method !== 8) {
    throw new Failure(
      'unsupported_format',
      'The ZIP uses an unusual kind of compression.',
      'Make the ZIP again with the usual compression (Deflate), or provide the file uncompressed.',
    )
  }
  const header = await readRange(source, entry.offset, 30, signal)
  if (header.getUint32(0, true) !== LOCAL) throw damagedArchive()
  const start = entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true)
  if (start + entry.compressedSize > source.size) throw damagedArchive()
  const stored = entry.compressedSize > 0 ? chunksOf(await source.read(start, entry.compressedSize), signal) : NOTHING
  let length = 0
  for await (const chunk of entry.method === 8 ? inflate(asGzip(stored, entry)) : checked(stored, entry)) {
    length += chunk.length
    if (length > entry.size) throw damagedArchive()
    yield chunk
  }
  if (length !== entry.size) throw damagedArchive()
}

const NOTHING: Uint8Array[] = []
/** The header of a gzip file without any optional field (RFC 1952, section 2.3). */
const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff)

/** Yields deflated bytes as a gzip file, so that the runtime checks the CRC-32: it is much faster than our own code. */
async function* asGzip(
  deflated: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { crc, size }: ZipEntry,
): AsyncGenerator<Uint8Array, void> {
  yield GZIP_HEADER
  yield* deflated
  const trailer = new DataView(new ArrayBuffer(8))
  trailer.setUint32(0, crc, true)
  trailer.setUint32(4, size % 2 ** 32, true)
  yield new Uint8Array(trailer.buffer)
}

/** Yields the same bytes. Throws `truncated` after the last one if they do not have the CRC-32 of the entry. */
async function* checked(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array, void> {
  const crc = new Crc32()
  for await (const chunk of bytes) {
    crc.add(chunk)
    yield chunk
  }
  if (crc.value !== entry.crc) throw damagedArchive()
}

function findEnd(tail: DataView): number {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    const comment = tail.getUint32(at, true) === END ? tail.getUint16(at + 20, true) : Number.POSITIVE_INFINITY
    if (at + END_BYTES + comment <= tail.byteLength) return at
  }
  return -1
}

function readEntries(directory: DataView, count: number, shift: number): ZipEntry[] {
  const entries: ZipEntry[] = []
  let at = 0
  for (let index = 0; index < count; index++) {
    if (at + 46 > directory.byteLength || directory.getUint32(at, true) !== CENTRAL) throw damagedArchive()
    const nameLength = directory.getUint16(at + 28, true)
    const extraLength = directory.getUint16(at + 30, true)
    const next = at + 46 + nameLength + extraLength + directory.getUint16(at + 32, true)
    if (next > directory.byteLength) throw damagedArchive()
    const name = new TextDecoder().decode(new Uint8Array(directory.buffer, directory.byteOffset + at + 46, nameLength))
    const entry: ZipEntry = {
      // Some Windows programs write backslashes, against APPNOTE 4.4.17.
      name: name.replaceAll('\\', '/'),
      method: directory.getUint16(at + 10, true),
      encrypted: (directory.getUint16(at + 8, true) & 1) === 1,
      crc: directory.getUint32(at + 16, true),
      compressedSize: directory.getUint32(at + 20, true),
      size: directory.getUint32(at + 24, true),
      offset: directory.getUint32(at + 42, true),
    }
    readZip64(directory, at + 46 + nameLength, extraLength, entry)
    entry.offset += shift
    entries.push(entry)
    at = next
  }
  return entries
}

/**
 * Reads the ZIP64 extra field (APPNOTE 4.5.3) into the entry. The field holds, in this order, only the values that did
 * not fit.
 */
function readZip64(directory: DataView, start: number, length: number, entry: ZipEntry): void {
  for (let at = start; at + 4 <= start + length; at += 4 + directory.getUint16(at + 2, true)) {
    if (directory.getUint16(at, true) !== 1) continue
    const end = Math.min(at + 4 + directory.getUint16(at + 2, true), start + length)
    let value = at + 4
    for (const key of ['size', 'compressedSize', 'offset'] as const) {
      if (entry[key] !== SEE_ZIP64) continue
      if (value + 8 > end) throw damagedArchive()
      entry[key] = bigNumber(directory, value)
      value += 8
    }
    return
  }
}

function bigNumber(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32
}

async function readRange(source: ByteSource, offset: number, length: number, signal?: AbortSignal): Promise<DataView> {
  if (offset + length > source.size) throw damagedArchive()
  if (length === 0) return new DataView(new ArrayBuffer(0))
  const bytes = await firstBytes(chunksOf(await source.read(offset, length), signal), length)
  if (bytes.length < length) throw damagedArchive()
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
