import { Crc32 } from './crc.ts'
import { transformed } from './transform.ts'

/** A file to write into a ZIP: its path, and its text piece by piece. */
export interface ZipFile {
  name: string
  text: Iterable<string> | AsyncIterable<string>
}

interface Written {
  name: Uint8Array<ArrayBuffer>
  crc: number
  compressedSize: number
  size: number
  offset: number
}

const VERSION = 20
/** Sizes follow the data (bit 3), since they are known only after it; names are UTF-8 (bit 11). */
const FLAGS = 0x0808
const DEFLATE = 8
/** 1 January 1980, the first day that ZIP can express. With a fixed date the same content gives the same bytes. */
const DATE = 0x21

/** Writes a ZIP of less than 4 GB piece by piece (PKWARE APPNOTE 4.3). Throws what the texts throw. */
export async function* writeZip(files: Iterable<ZipFile>): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const written: Written[] = []
  let offset = 0
  for (const file of files) {
    const name = new Uint8Array(new TextEncoder().encode(file.name))
    const entry: Written = { name, crc: 0, compressedSize: 0, size: 0, offset }
    const header = record(0x04034b50, 30, [2, VERSION], [2, FLAGS], [2, DEFLATE], [2, 0], [2, DATE])
    new DataView(header.buffer).setUint16(26, name.length, true)
    yield header
    yield name
    const crc = new Crc32()
    for await (const chunk of deflate(encoded(file.text, entry, crc))) {
      entry.compressedSize += chunk.length
      yield new Uint8Array(chunk)
    }
    entry.crc = crc.value
    yield record(0x08074b50, 16, [4, entry.crc], [4, entry.compressedSize], [4, entry.size])
    offset += header.length + name.length + entry.compressedSize + 16
    written.push(entry)
  }
  let size = 0
  for (const { name, crc, compressedSize, size: length, offset: at } of written) {
    const method: Field[] = [
      [2, VERSION],
      [2, VERSION],
      [2, FLAGS],
      [2, DEFLATE],
      [2, 0],
      [2, DATE],
    ]
    const entry = record(0x02014b50, 46, ...method, [4, crc], [4, compressedSize], [4, length], [2, name.length])
    new DataView(entry.buffer).setUint32(42, at, true)
    yield entry
    yield name
    size += entry.length + name.length
  }
  yield record(0x06054b50, 22, [4, 0], [2, written.length], [2, written.length], [4, size], [4, offset])
}

type Field = readonly [bytes: 2 | 4, value: number]

/** Returns a record of a fixed length that begins with these fields; the remaining bytes are zero. */
function record(signature: number, length: number, ...fields: Field[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(length))
  view.setUint32(0, signature, true)
  let at = 4
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += bytes
  }
  return new Uint8Array(view.buffer)
}

async function* encoded(
  text: Iterable<string> | AsyncIterable<string>,
  entry: Written,
  crc: Crc32,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const encoder = new TextEncoder()
  for await (const piece of text) {
    const bytes = encoder.encode(piece)
    entry.size += bytes.length
    crc.add(bytes)
    yield bytes
  }
}

function deflate(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array, void> {
  return transformed(chunks, new CompressionStream('deflate-raw'), (error) => error)
}
