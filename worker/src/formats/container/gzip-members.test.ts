import { constants, deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { failureOf, readAll } from '../../testing/tables.ts'
import { gunzipMembers } from './gzip-members.ts'

const LINES = Array.from({ length: 30_000 }, (_, i) => `${i},Person ${(i * 7919) % 10_007},604555${i % 10_000}\n`).join(
  '',
)
const refuse = () => new Error('damaged')

async function expanded(bytes: Uint8Array, chunkBytes = 1000): Promise<string> {
  const chunks = async function* () {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.slice(at, at + chunkBytes)
  }
  const parts: Uint8Array[] = []
  for await (const part of gunzipMembers(chunks(), refuse)) parts.push(part)
  return Buffer.concat(parts).toString()
}

/** Returns random bytes, the same for every equal `seed`. */
function noiseOf(seed: number, length: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => {
    state = (state * 48_271) % 0x7fffffff
    return state & 0xff
  })
}

const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

/** Returns a member as bgzip writes it, with the size of the block in an extra field, a name, a comment and a header CRC. */
function memberWithEverything(text: string): Uint8Array {
  const header = [0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 255, 6, 0, 66, 67, 2, 0, 1, 2]
  const plain = gzipSync(text)
  return joined(Uint8Array.from(header), Buffer.from('a.csv\0a comment\0'), Uint8Array.of(7, 7), plain.subarray(10))
}

describe('a gzip file', () => {
  it.each([
    ['stored', { level: 0 }],
    ['with static codes', { strategy: constants.Z_FIXED }],
    ['with codes of its own', { level: 9 }],
    ['with codes of literals only', { strategy: constants.Z_HUFFMAN_ONLY }],
    ['with runs', { strategy: constants.Z_RLE }],
  ])('%s is decompressed, however its bytes arrive', async (_, options) => {
    const bytes = gzipSync(LINES, options)
    for (const chunkBytes of [1, 1013, bytes.length]) {
      if (chunkBytes === 1)
        expect(await expanded(gzipSync(LINES.slice(0, 5000), options), 1)).toBe(LINES.slice(0, 5000))
      else expect(await expanded(bytes, chunkBytes)).toBe(LINES)
    }
  })

  it('random bytes and repeats over the whole window are decompressed', async () => {
    const noise = Buffer.from(noiseOf(1, 32_768).map((byte) => byte & 0x7f))
    const text = joined(noise, noise, noise, Buffer.from('a'.repeat(100_000)), noise)
    expect(await expanded(gzipSync(text))).toBe(Buffer.from(text).toString())
  })

  it('of several members is read whole, empty members and padding included', async () => {
    const parts = [LINES.slice(0, 100_000), '', LINES.slice(100_000)]
    const members = parts.map((part) => gzipSync(part))
    for (const bytes of [
      joined(...members),
      joined(...members, new Uint8Array(3000)),
      joined(memberWithEverything(LINES), gzipSync('')),
    ]) {
      expect(await expanded(bytes)).toBe(LINES)
      expect((await readAll(bytes)).rows).toHaveLength(30_000)
    }
    expect((await readAll(gzipSync(joined(...members)))).rows).toHaveLength(30_000)
  })

  it('that is cut, damaged or followed by anything else is truncated', async () => {
    const one = gzipSync('ID,Name\n1,Ann\n')
    const two = joined(one, gzipSync('2,Bo\n'))
    for (let length = one.length + 1; length < two.length; length++) {
      expect(await failureOf(two.slice(0, length)), String(length)).toBe('truncated')
    }
    for (const rest of ['x', '\0\0x', '\x1f\x8b', '\x1f\x8b\x08\xe0']) {
      expect(await failureOf(joined(two, Buffer.from(rest, 'latin1'))), JSON.stringify(rest)).toBe('truncated')
    }
    for (let at = one.length; at < two.length; at++) {
      const damaged = two.slice()
      damaged[at] = (damaged[at] ?? 0) ^ 0x01
      const isIgnored = at >= one.length + 3 && at < one.length + 10
      if (!isIgnored) expect(await failureOf(damaged), String(at)).toBe('truncated')
    }
  })

  it('with any bytes after its header ends, or fails with nothing but the refusal', async () => {
    const header = gzipSync('').subarray(0, 10)
    for (let round = 0; round < 500; round++) {
      const noise = noiseOf(round + 1, 300)
      const deflated = deflateRawSync(LINES.slice(0, 2000))
      deflated[round % deflated.length] = noise[0] ?? 0
      for (const bytes of [joined(header, noise), joined(header, deflated)]) {
        await expect(expanded(bytes)).rejects.toThrow('damaged')
      }
    }
  })
})
