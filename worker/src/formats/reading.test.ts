import fc from 'fast-check'
import { expect, it } from 'vitest'
import { blocksOf } from './reading.ts'

it('blocks hold all bytes in order, none is too long, and one that is full ends with its last line', async () => {
  const byte = fc.oneof(
    { weight: 1, arbitrary: fc.constant(10) },
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 255 }) },
  )
  const chunk = fc
    .uint8Array({ maxLength: 20 })
    .chain(({ length }) => fc.array(byte, { minLength: length, maxLength: length }))
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), fc.integer({ min: 1, max: 16 }), async (chunks, size) => {
      const blocks: number[][] = []
      const given = async function* () {
        for (const one of chunks) yield Uint8Array.from(one)
      }
      for await (const block of blocksOf(given(), size)) blocks.push([...block])
      expect(blocks.flat()).toEqual(chunks.flat())
      for (const block of blocks.slice(0, -1)) {
        expect(block.length).toBeLessThanOrEqual(size)
        expect(block.at(-1) === 10 || block.length === size).toBe(true)
      }
    }),
  )
})
