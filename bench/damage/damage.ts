import type { Random } from '../catalogue/random.ts'

/** Returns bytes that are damaged in one place. `at` is that place, and `length` the length of what is hit. */
type Damage = (bytes: Uint8Array, at: number, length: number, random: Random) => Uint8Array

/** Characters that separate, quote, nest or end something in one of the formats. */
const SPECIAL = [...'"\',;\t|\n\r\0\\<>&{}[]:=/ -\u001a'].map((char) => char.charCodeAt(0))
const MOST_LENGTH = 400

const DAMAGES: Readonly<Record<string, Damage>> = {
  'a bit flipped': (bytes, at, _, random) => replaced(bytes, at, 1, [(bytes[at] ?? 0) ^ (1 << random.below(8))]),
  'a byte replaced': (bytes, at, _, random) => replaced(bytes, at, 1, [random.below(256)]),
  'a byte replaced by a special one': (bytes, at, _, random) => replaced(bytes, at, 1, [random.pick(SPECIAL)]),
  'a special byte inserted': (bytes, at, _, random) => replaced(bytes, at, 0, [random.pick(SPECIAL)]),
  'random bytes inserted': (bytes, at, length, random) =>
    replaced(
      bytes,
      at,
      0,
      Array.from({ length }, () => random.below(256)),
    ),
  'a byte deleted': (bytes, at) => replaced(bytes, at, 1, []),
  'a range deleted': (bytes, at, length) => replaced(bytes, at, length, []),
  'a range repeated': (bytes, at, length) => replaced(bytes, at, 0, bytes.subarray(at, at + length)),
  'a range moved': (bytes, at, length, random) => {
    const rest = replaced(bytes, at, length, [])
    return replaced(rest, random.below(rest.length + 1), 0, bytes.subarray(at, at + length))
  },
  'a range of zeros': (bytes, at, length) => {
    const zeros = new Uint8Array(Math.min(length, bytes.length - at))
    return replaced(bytes, at, length, zeros)
  },
  'the end cut off': (bytes, at) => bytes.slice(0, at),
  'the start cut off': (bytes, at) => bytes.slice(at),
  'written twice': (bytes) => replaced(bytes, bytes.length, 0, bytes),
  'a part of it after the end': (bytes, at) => replaced(bytes, bytes.length, 0, bytes.subarray(at)),
}
const NAMES = Object.keys(DAMAGES)

/** Damages bytes in one to three places. `names` are the kinds of the damage, in order. */
export function damaged(bytes: Uint8Array, random: Random): { bytes: Uint8Array; names: string[] } {
  let result = bytes
  const names: string[] = []
  for (let left = random.chance(0.75) ? 1 : 1 + random.below(3); left > 0; left--) {
    const name = random.pick(NAMES)
    const length = 1 + random.below(random.chance(0.5) ? 8 : MOST_LENGTH)
    result = DAMAGES[name]?.(result, placeIn(result, random), length, random) ?? result
    names.push(name)
  }
  return { bytes: result, names }
}

/** Returns a place anywhere, more often near the start and the end, where headers and directories are. */
function placeIn(bytes: Uint8Array, random: Random): number {
  const near = Math.min(bytes.length, 200)
  const where = random.next()
  if (where < 0.2) return random.below(near + 1)
  if (where < 0.35) return bytes.length - random.below(near + 1)
  return random.below(bytes.length + 1)
}

function replaced(bytes: Uint8Array, at: number, length: number, by: ArrayLike<number>): Uint8Array {
  const rest = bytes.subarray(at + length)
  const result = new Uint8Array(at + by.length + rest.length)
  result.set(bytes.subarray(0, at))
  result.set(by, at)
  result.set(rest, at + by.length)
  return result
}
