import { createHash } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { HashingStream } from '../testing/hashing-stream.ts'
import { type Chunk, Chunking } from './chunks.ts'

beforeAll(() => void Object.assign(crypto, { DigestStream: HashingStream }))

const LINES = Array.from({ length: 40 }, (_, i) => `${'é'.repeat((i * 7) % 23)}${i}\n`)

/** Cuts text that arrives `atOnce` lines at a time. */
async function cut(lines: readonly string[], most: number, atOnce: number): Promise<Chunk[]> {
  const chunking = new Chunking(most)
  for (let at = 0; at < lines.length; at += atOnce) {
    await chunking.take(new TextEncoder().encode(lines.slice(at, at + atOnce).join('')))
  }
  return chunking.close()
}

/** Returns the chunks that a greedy cut, line by line, makes. */
function greedy(lines: readonly string[], most: number): Chunk[] {
  const texts: string[] = []
  for (const line of lines) {
    const last = texts.at(-1)
    if (last === undefined || Buffer.byteLength(last + line) > most) texts.push(line)
    else texts[texts.length - 1] = last + line
  }
  return texts.map((text) => ({
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  }))
}

it.each([10, 30, 100, 10_000])('lines are cut into chunks of at most %d bytes, however they arrive', async (most) => {
  const expected = greedy(LINES, most)
  for (const atOnce of [1, 3, 40]) expect(await cut(LINES, most, atOnce)).toEqual(expected)
})

it('a line that is longer than a chunk gets a chunk to itself', async () => {
  const lines = ['a\n', `${'b'.repeat(50)}\n`, 'c\n']
  expect((await cut(lines, 10, 3)).map(({ bytes }) => bytes)).toEqual([2, 51, 2])
})

it('an empty file has no chunks', async () => {
  expect(await cut([], 10, 1)).toEqual([])
})
