import { keysOf } from './keys.ts'

const ARRAYS = { Uint8Array, Int32Array, Float64Array }

/** A typed array of a packed value. */
export type PackedArray = InstanceType<(typeof ARRAYS)[keyof typeof ARRAYS]>

/** What JSON has in place of a typed array, a map or a set. No value of ours has such a key. */
type Coded = { $array: keyof typeof ARRAYS; length: number } | { $map: [unknown, unknown][] } | { $set: unknown[] }

/**
 * Turns a value of plain objects, lists, maps, sets, texts, finite numbers and typed arrays into JSON and its typed arrays,
 * which are not copied.
 */
export function pack(value: unknown): { json: string; arrays: PackedArray[] } {
  const arrays: PackedArray[] = []
  const json = JSON.stringify(value, (_, one: unknown) => {
    if (one instanceof Map) return { $map: [...one] } satisfies Coded
    if (one instanceof Set) return { $set: [...one] } satisfies Coded
    const name = arrayName(one)
    if (name === undefined) return one
    arrays.push(one as PackedArray)
    return { $array: name, length: (one as PackedArray).length } satisfies Coded
  })
  return { json, arrays }
}

/** Returns the value that was packed. Its typed arrays are empty: they must be filled, in this order. */
export function unpack(json: string): { value: unknown; arrays: PackedArray[] } {
  const arrays: PackedArray[] = []
  return { value: decoded(JSON.parse(json), arrays), arrays }
}

function arrayName(value: unknown): keyof typeof ARRAYS | undefined {
  return keysOf(ARRAYS).find((name) => value instanceof ARRAYS[name])
}

function decoded(value: unknown, arrays: PackedArray[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one: unknown) => decoded(one, arrays))
  if (isCoded(value)) {
    if ('$map' in value) return new Map(value.$map.map(([key, one]) => [key, decoded(one, arrays)]))
    if ('$set' in value) return new Set(value.$set)
    const array = new ARRAYS[value.$array](value.length)
    arrays.push(array)
    return array
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, decoded(one, arrays)]))
}

function isCoded(value: object): value is Coded {
  return '$array' in value || '$map' in value || '$set' in value
}
