import type { RowBatch } from '../core/bytes.ts'
import { mayHaveNotation, withoutNotation } from './notation.ts'

/**
 * The most rows and characters in a batch. A reader yields the thread to other requests after each batch. A longer row
 * gets a batch to itself.
 */
export const BATCH_ROWS = 2_000
export const BATCH_CHARACTERS = 256 * 1024

/**
 * Yields the same rows in batches of a bounded size, each cell as a spreadsheet program shows it (see `notation.ts`). If the batches throw, yields the rows before the error and then
 * throws it.
 */
export async function* bounded(batches: AsyncIterable<RowBatch>): AsyncGenerator<RowBatch, void> {
  let batch: RowBatch = { numbers: [], cells: [] }
  let length = 0
  try {
    for await (const { numbers, cells, unfinished } of batches) {
      for (const [i, row] of cells.entries()) {
        let size = row.length
        for (let index = 0; index < row.length; index++) {
          const cell = row[index] ?? ''
          size += cell.length
          if (mayHaveNotation(cell)) row[index] = withoutNotation(cell)
        }
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
