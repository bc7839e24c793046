import { expect, it } from 'vitest'
import { memoized } from './memoized.ts'

it('a memoized reader reads a repeated cell once', () => {
  const read: string[] = []
  const reader = memoized((cell) => {
    read.push(cell)
    return { cell }
  })
  expect(['a', 'b', 'a', 'b', 'a'].map((cell) => reader(cell).cell)).toEqual(['a', 'b', 'a', 'b', 'a'])
  expect(read).toEqual(['a', 'b'])
})

it('a memoized reader returns the same as its reader however many cells there are, and for lone surrogates', () => {
  const reader = memoized((cell) => ({ length: cell.length, cell }))
  const cells = [...Array.from({ length: 10_000 }, (_, i) => `cell ${i}`), '\uD800', 'x'.repeat(1000)]
  for (const cell of [...cells, ...cells]) expect(reader(cell)).toEqual({ length: cell.length, cell })
})
