import type { RowBatch } from './bytes.ts'
import type { PlanSink } from './plan-contract.ts'
import { cellReaders, OneContact, type ReadingRules } from './reading/one-contact.ts'
import type { Row } from './row.ts'
import type { SharedCell, SharedRows } from './shared-numbers.ts'
import { quote } from './values/text.ts'

/**
 * Reports the mobile numbers of rows that others have as well. `batches` has the rows of the file from the start, which are
 * read to the last one that is reported: in each column, the first `most` rows with such numbers.
 */
export async function reportShared(
  shared: SharedRows,
  batches: AsyncIterable<RowBatch>,
  rules: ReadingRules,
  sink: Pick<PlanSink, 'reportShared' | 'flush'>,
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  const readers = cellReaders(rules)
  const left = new Map([...shared.columns].map((index) => [index, most]))
  for await (const { numbers, cells } of batches) {
    for (const [i, number] of numbers.entries()) {
      if ((await shared.next()) !== number) continue
      const { cells: found, reported } = await shared.take()
      const columns = new Set(found.map(({ index }) => index))
      if ([...columns].every((index) => !left.has(index))) continue
      for (const index of columns) {
        const more = (left.get(index) ?? 0) - 1
        if (more > 0) left.set(index, more)
        else left.delete(index)
      }
      const row: Row = { number, cells: cells[i] ?? [] }
      const problems = found.map(({ id, index, ...cell }) =>
        new OneContact(id, rules, readers, false).problem(row, index, 'warning', {
          code: 'number_shared',
          message: messageOf({ id, ...cell }),
        }),
      )
      sink.reportShared({ row: number, cells: row.cells, problems }, reported)
    }
    await sink.flush()
    if (left.size === 0 || (await shared.next()) === null) break
  }
  await shared.end()
}

function messageOf({ number, id, other }: Omit<SharedCell, 'index'>): string {
  return (
    `The mobile number ${number} of ${quote(id)} is also that of ${quote(other)}. ` +
    'If they are one person, keep one ID; if not, check whose number it is.'
  )
}
