import { freeMemory } from '../core/bytes.ts'
import { pack, unpack } from '../core/packing.ts'
import { FileWriter, readWhole, type StoredFile } from './files.ts'

/** A file with a packed value: `json` bytes of JSON, and then the bytes of its typed arrays. */
export interface PackedFile extends StoredFile {
  json: number
}

/** Writes a value. */
export async function writePacked(bucket: R2Bucket, file: string, value: unknown): Promise<PackedFile> {
  const { json, arrays } = pack(value)
  const text = new TextEncoder().encode(json)
  const writer = new FileWriter(bucket, file)
  await writer.write(text)
  for (const { buffer, byteOffset, byteLength } of arrays) {
    await writer.write(new Uint8Array(buffer, byteOffset, byteLength))
  }
  const { bytes } = await writer.close()
  return { file, bytes, json: text.length }
}

/** Reads a value that `writePacked` wrote. Throws if a part of the file is missing. */
export async function readPacked(bucket: R2Bucket, file: PackedFile): Promise<unknown> {
  const { value, arrays } = unpack(new TextDecoder().decode(await readWhole(bucket, file, 0, file.json)))
  let at = file.json
  for (const { buffer } of arrays) {
    const { byteLength } = buffer
    if (byteLength === 0) continue
    const bytes = await readWhole(bucket, file, at, byteLength)
    new Uint8Array(buffer).set(bytes)
    freeMemory(bytes)
    at += byteLength
  }
  return value
}
