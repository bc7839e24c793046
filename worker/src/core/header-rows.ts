import type { RowBatch } from './bytes.ts'
import { HEADER_SEARCH } from './columns.ts'
import type { Row } from './row.ts'

/** Reads as many batches as are needed to find the header. Returns their rows, and the batches. */
export async function readHeaderRows(batches: AsyncIterator<RowBatch>): Promise<{ first: Row[]; seen: RowBatch[] }> {
  const seen: RowBatch[] = []
  const first: Row[] = []
  while (first.length < HEADER_SEARCH) {
    const next = await batches.next()
    if (next.done === true) break
    seen.push(next.value)
    for (const [i, cells] of next.value.cells.entries()) {
      if (first.length < HEADER_SEARCH) first.push({ number: next.value.numbers[i] ?? 0, cells })
    }
  }
  return { first, seen }
}
