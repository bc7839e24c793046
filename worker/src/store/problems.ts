import type { ReportRow } from '../core/plan-contract.ts'
import type { Env } from '../env.ts'
import { yieldThread } from '../yield-thread.ts'
import { readLines } from './lines.ts'
import type { ProblemFiles } from './schema.ts'

/** A run's rows with problems, in the order they were found; at most `most`. */
export async function* reportRows(env: Env, files: ProblemFiles, most: number): AsyncGenerator<ReportRow> {
  let given = 0
  for (let from: number | null = files.bytes === 0 ? null : 0; from !== null; ) {
    const page: Awaited<ReturnType<typeof readLines>> = await readLines(env.FILES, files, from, { bytes: 500_000 })
    for (const line of page.lines) {
      if (given++ >= most) return
      yield JSON.parse(line)
    }
    from = page.next
    await yieldThread()
  }
}
