import { FileWriter, readFile, readWhole, type StoredFile } from './files.ts'

/**
 * A file with a value of plain objects, lists, maps, sets, texts, numbers and typed arrays. It begins with `json` bytes of
 * JSON; the bytes of the typed arrays follow, in the order in which the JSON has them.
 */
export interface PackedFile extends StoredFile {
  json: number
}

const ARRAYS = { Uint8Array, Int32Array, Uint32Array, Float64Array }
type PackedArray = InstanceType<(typeof ARRAYS)[keyof typeof ARRAYS]>

/** In JSON: a typed array, a map or a set. No value of ours has such a key. */
type Marked = { $array: keyof typeof ARRAYS; length: number } | { $map: [unknown, unknown][] } | { $set: unknown[] }

/** Writes a value. */
export async function writePacked(bucket: R2Bucket, file: string, value: unknown): Promise<PackedFile> {
  const arrays: PackedArray[] = []
  const text = JSON.stringify(value, (_, one: unknown) => {
    if (one instanceof Map) return { $map: [...one] }
    if (one instanceof Set) return { $set: [...one] }
    if (!isArray(one)) return one
    arrays.push(one)
    return { $array: one.constructor.name, length: one.length }
  })
  const json = new TextEncoder().encode(text)
  const writer = new FileWriter(bucket, file)
  await writer.write(json)
  for (const { buffer, byteOffset, byteLength } of arrays) {
    await writer.write(new Uint8Array(buffer, byteOffset, byteLength))
  }
  const { bytes } = await writer.close()
  return { file, bytes, json: json.length }
}

/** Reads a value that `writePacked` wrote. Throws if a part of the file is missing. */
export async function readPacked(bucket: R2Bucket, file: PackedFile): Promise<unknown> {
  const value: unknown = JSON.parse(new TextDecoder().decode(await readWhole(bucket, file, 0, file.json)))
  const arrays: PackedArray[] = []
  const unpacked = unpack(value, arrays)
  const reader = readFile(bucket, file, file.json).getReader()
  let block: Uint8Array = new Uint8Array()
  for (const { buffer } of arrays) {
    const bytes = new Uint8Array(buffer)
    for (let at = 0; at < bytes.length; ) {
      while (block.length === 0) {
        const { done, value: next } = await reader.read()
        if (done) throw new Error('A file of the run ends before it should')
        block = next
      }
      const some = block.subarray(0, bytes.length - at)
      bytes.set(some, at)
      at += some.length
      block = block.subarray(some.length)
    }
  }
  return unpacked
}

function isArray(value: unknown): value is PackedArray {
  return Object.values(ARRAYS).some((Type) => value instanceof Type)
}

/** Puts maps, sets and empty typed arrays in place of what marks them. Lists the arrays, which are to be filled. */
function unpack(value: unknown, arrays: PackedArray[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one: unknown) => unpack(one, arrays))
  if (isMarked(value)) {
    if ('$map' in value) return new Map(value.$map.map(([key, one]) => [unpack(key, arrays), unpack(one, arrays)]))
    if ('$set' in value) return new Set(value.$set)
    const array = new ARRAYS[value.$array](value.length)
    arrays.push(array)
    return array
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unpack(one, arrays)]))
}

function isMarked(value: object): value is Marked {
  return '$array' in value || '$map' in value || '$set' in value
}
