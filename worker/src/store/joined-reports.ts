import type { ReportRow } from '../core/plan-contract.ts'
import type { StoredFile } from './files.ts'
import { eachLines, type LineWriter } from './lines.ts'

/** A row with shared numbers as a line. `reported`: the row has other problems too, which may be in the other file. */
export function writeShared(row: ReportRow, reported: boolean): string {
  return `${reported ? BOTH : ONLY}${JSON.stringify(row)}`
}

const BOTH = '2'
const ONLY = '1'

/**
 * Joins the reports of rows with the reports of their shared numbers, which are in the order of the file (`writeShared`). So
 * are the others, but for rows of one ID that are not next to each other.
 */
export async function joinReports(
  bucket: R2Bucket,
  reports: StoredFile,
  shared: StoredFile,
  into: LineWriter,
): Promise<void> {
  const next = linesOf(bucket, shared, () => into.flush())
  /** Rows whose other problems come later. */
  const waiting = new Map<number, string>()
  let line = await next()
  for await (const lines of eachLines(bucket, reports)) {
    for (const report of lines) {
      const row = rowOf(report)
      for (; line !== null && rowOf(line) < row; line = await next()) {
        if (line.startsWith(BOTH)) waiting.set(rowOf(line), line)
        else into.add(line.slice(1))
      }
      const isSame = line !== null && rowOf(line) === row
      const same = isSame ? line : (waiting.get(row) ?? null)
      into.add(same === null ? report : joined(report, same))
      if (isSame) line = await next()
      else waiting.delete(row)
    }
    await into.flush()
  }
  // If there are too many reports of a kind, the other problems of a row have been left out.
  for (const rest of waiting.values()) into.add(rest.slice(1))
  for (; line !== null; line = await next()) into.add(line.slice(1))
  await into.flush()
}

function joined(report: string, shared: string): string {
  const row: ReportRow = JSON.parse(report)
  const { problems }: ReportRow = JSON.parse(shared.slice(1))
  return JSON.stringify({ ...row, problems: [...row.problems, ...problems] })
}

/** Returns the number of a row from its line, which begins with it. */
function rowOf(line: string): number {
  return Number.parseInt(line.slice(line.indexOf(':') + 1, line.indexOf(',')), 10)
}

/** Returns a function that returns one line after the other, and null at the end. `between` is called for each few of them. */
function linesOf(bucket: R2Bucket, file: StoredFile, between: () => Promise<void>): () => Promise<string | null> {
  const blocks = eachLines(bucket, file)[Symbol.asyncIterator]()
  let lines: string[] = []
  let at = 0
  return async () => {
    while (at === lines.length) {
      await between()
      const block = await blocks.next()
      if (block.done === true) return null
      lines = block.value
      at = 0
    }
    return lines[at++] ?? null
  }
}
