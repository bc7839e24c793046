import { describe, expect, it } from 'vitest'
import type { RowBatch } from '../core/bytes.ts'
import { BATCH_CHARACTERS, BATCH_ROWS, bounded } from './bounded.ts'

async function* inBatches(rows: readonly string[][], size: number, error?: Error): AsyncGenerator<RowBatch> {
  for (let at = 0; at < rows.length; at += size) {
    const cells = rows.slice(at, at + size)
    yield { numbers: cells.map((_, i) => at + i + 1), cells }
  }
  if (error !== undefined) throw error
}

async function collected(batches: AsyncIterable<RowBatch>): Promise<RowBatch[]> {
  const all: RowBatch[] = []
  for await (const batch of batches) all.push(batch)
  return all
}

const characters = ({ cells }: RowBatch) => cells.flat().reduce((sum, text) => sum + text.length, 0)

describe('bounded', () => {
  it.each([1, 999, 2_000, 2_001, 50_000])(
    'bounded batches of rows that arrived %d at a time keep the order and hold at most 2,000 rows',
    async (size) => {
      const rows = Array.from({ length: 12_345 }, (_, i) => [String(i), 'x'])
      const batches = await collected(bounded(inBatches(rows, size)))
      expect(batches.flatMap(({ cells }) => cells)).toEqual(rows)
      expect(batches.flatMap(({ numbers }) => numbers)).toEqual(rows.map((_, i) => i + 1))
      expect(batches.map(({ cells }) => cells.length)).toEqual([...Array(6).fill(BATCH_ROWS), 345])
    },
  )

  it('a batch of long rows holds at most 256 KB, and a longer row gets a batch to itself', async () => {
    const long = (length: number) => ['id', 'y'.repeat(length)]
    const rows = [...Array(30).keys()].map((i) => long(i === 20 ? BATCH_CHARACTERS * 2 : 50_000))
    const batches = await collected(bounded(inBatches(rows, 30)))
    expect(batches.flatMap(({ cells }) => cells)).toEqual(rows)
    const larger = batches.filter((batch) => characters(batch) > BATCH_CHARACTERS)
    expect(larger.map(({ numbers }) => numbers)).toEqual([[21]])
  })

  it.each([1, 2_000, 2_001])(
    'only the last batch of a text of %d rows that ends inside its last row is unfinished',
    async (count) => {
      const cells = Array.from({ length: count }, (_, i) => [String(i)])
      async function* text(): AsyncGenerator<RowBatch> {
        yield { numbers: [], cells: [] }
        yield { numbers: cells.map((_, i) => i + 1), cells, unfinished: true }
      }
      const batches = await collected(bounded(text()))
      expect(batches.map(({ unfinished }) => unfinished === true)).toEqual(
        batches.map((_, i) => i === batches.length - 1),
      )
    },
  )

  it('the rows before an error are yielded before it is thrown', async () => {
    const batches = bounded(inBatches([['a'], ['b']], 2, new Error('cut off')))
    expect((await batches.next()).value).toEqual({ numbers: [1, 2], cells: [['a'], ['b']] })
    await expect(batches.next()).rejects.toThrow('cut off')
  })
})
