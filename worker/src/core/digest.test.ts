import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Digest } from './digest.ts'

const digest = (seed: number, ...texts: string[]) => {
  const made = new Digest().reset(seed)
  for (const text of texts) made.add(text)
  return `${made.high} ${made.low}`
}

it('the same texts have the same digest, and the end of each text counts', () => {
  expect(digest(0, 'ab', 'c')).toBe(digest(0, 'ab', 'c'))
  expect(
    new Set([digest(0, 'ab', 'c'), digest(0, 'a', 'bc'), digest(0, 'abc'), digest(0, 'abc', ''), digest(0, '', 'abc')])
      .size,
  ).toBe(5)
})

it('another seed gives another digest', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (text, seed) => digest(0, text) !== digest(seed, text)),
  )
})

it.each([
  ['that are numbered', (i: number) => `E${String(i).padStart(7, '0')}`],
  ['that are plain numbers', (i: number) => String(i)],
  ['with a long common beginning', (i: number) => `employee/of/north-shore-rescue/${i}`],
  [
    'that differ in two letters',
    (i: number) => `${String.fromCharCode(97 + (i % 500))}x${String.fromCharCode(97 + Math.floor(i / 500))}`,
  ],
])('200,000 IDs %s have 200,000 digests, evenly distributed', (_, id) => {
  const made = new Set<string>()
  const buckets = new Uint32Array(64)
  const one = new Digest()
  for (let i = 0; i < 200_000; i++) {
    one.reset(0).add(id(i))
    made.add(`${one.high} ${one.low}`)
    const bucket = (one.high ^ one.low) & 63
    buckets[bucket] = (buckets[bucket] ?? 0) + 1
  }
  expect(made.size).toBe(200_000)
  expect(Math.max(...buckets) / (200_000 / 64)).toBeLessThan(1.2)
})
