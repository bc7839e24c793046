import type { RowBatch } from '../core/bytes.ts'

/** The most of a batch: whoever reads it lets others have the thread after each. A longer row is a batch of its own. */
export const BATCH_ROWS = 2_000
export const BATCH_CHARACTERS = 256 * 1024

/** The same rows in batches of a bounded size. Throws what the batches throw, after the rows that came before it. */
export async function* bounded(batches: AsyncIterable<RowBatch>): AsyncGenerator<RowBatch, void> {
  let batch: RowBatch = { numbers: [], cells: [] }
  let length = 0
  try {
    for await (const { numbers, cells, unfinished } of batches) {
      for (const [i, row] of cells.entries()) {
        let size = row.length
        for (const text of row) size += text.length
        if (batch.cells.length === BATCH_ROWS || (length > 0 && length + size > BATCH_CHARACTERS)) {
          yield batch
          batch = { numbers: [], cells: [] }
          length = 0
        }
        batch.numbers.push(numbers[i] ?? 0)
        batch.cells.push(row)
        length += size
      }
      if (unfinished === true) batch.unfinished = true
    }
  } catch (error) {
    if (batch.cells.length > 0) yield batch
    throw error
  }
  if (batch.cells.length > 0) yield batch
}
