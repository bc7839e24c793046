import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { hex } from '../security/passwords.ts'
import { FileWriter, type PiecedFile, readFile, type Written } from './files.ts'

const PIECE = 6 * 1024 * 1024
const ORIGINAL = filled(PIECE + 1000)

/** Returns bytes in which no two pieces are equal. */
function filled(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).map((_, i) => (i >> 16) ^ i)
}

async function write(name: string, bytes: Uint8Array, original?: PiecedFile | null) {
  const writer = new FileWriter(env.FILES, name, original)
  for (let at = 0; at < bytes.length; at += 1_000_000) await writer.write(bytes.subarray(at, at + 1_000_000))
  return { ...(await writer.close()), pieces: writer.pieces }
}

async function objects(name: string): Promise<number> {
  return (await env.FILES.list({ prefix: `${name}.` })).objects.length
}

async function read(file: Written): Promise<Uint8Array> {
  return new Uint8Array(await new Response(readFile(env.FILES, file)).arrayBuffer())
}

describe('a file that may equal a stored original', () => {
  it('a file is not stored if it equals its original, and is stored whole if it differs, wherever the difference is', async () => {
    const original = await write('original', ORIGINAL, null)
    expect(original.pieces).toHaveLength(2)
    const same = await write('same', ORIGINAL, original)
    expect(same).toEqual({ ...original, file: 'same' })
    expect(await objects('same')).toBe(0)

    const differing = (at: number) => ORIGINAL.map((byte, i) => (i === at ? byte ^ 1 : byte))
    const others: [string, Uint8Array<ArrayBuffer>][] = [
      ['in its second object', differing(PIECE)],
      ['by being longer', filled(ORIGINAL.length + 1)],
      ['by ending with an object', ORIGINAL.subarray(0, PIECE)],
    ]
    for (const [how, bytes] of others) {
      const other = await write(how, bytes, original)
      expect(other.sha256, how).toBe(hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))))
      const found = await read(other)
      expect(found.length === bytes.length && found.every((byte, i) => byte === bytes[i]), how).toBe(true)
    }
  })

  it('a discarded file leaves nothing in R2', async () => {
    const original = await write('original', ORIGINAL, null)
    const writer = new FileWriter(env.FILES, 'given-up', original)
    await writer.write(ORIGINAL.map((byte, i) => (i === 0 ? byte ^ 1 : byte)))
    expect(await objects('given-up')).toBeGreaterThan(0)
    await writer.abort()
    expect(await objects('given-up')).toBe(0)
    expect((await read(original)).length).toBe(ORIGINAL.length)
  })
})
