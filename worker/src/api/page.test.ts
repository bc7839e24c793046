import { describe, expect, it } from 'vitest'
import { numbersCursor, pageOf, positionCursor, timeCursor } from './page.ts'

const page = (rows: number[], limit: number) =>
  pageOf(
    rows,
    limit,
    (row) => `after ${row}`,
    (row) => row,
  )

describe('a page of a list', () => {
  it('a page has a null `next` exactly if no row follows', () => {
    expect(page([1, 2, 3], 2)).toEqual({ items: [1, 2], next: 'after 2' })
    expect(page([1, 2], 2)).toEqual({ items: [1, 2], next: null })
    expect(page([], 2)).toEqual({ items: [], next: null })
  })

  it.each<[read: (cursor: string) => unknown, good: string, bad: string[]]>([
    [positionCursor, '12', ['x', '1.1', '0x10', '1e3', '9'.repeat(16)]],
    [positionCursor, '', ['-1', ' ', ' 1']],
    [timeCursor, '1700000000000.a1', ["1' or '1"]],
    [timeCursor, '', ['5']],
    [(cursor) => numbersCursor(cursor, 3), '0.3.1', ['0.x.1', '0..1', '1.-1', '0.3.1.2', '.']],
  ])('a page refuses a malformed cursor', (read, good, bad) => {
    expect(() => read(good)).not.toThrow()
    for (const cursor of bad)
      expect(() => read(cursor)).toThrow(expect.objectContaining({ status: 400, code: 'invalid_cursor' }))
  })
})
