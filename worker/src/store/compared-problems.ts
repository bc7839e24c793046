import { type Cause, Causes } from '../core/causes.ts'
import { KnownProblems } from '../core/known-problems.ts'
import type { ReportRow } from '../core/plan-contract.ts'
import { RecordSorter } from '../core/sorted-records.ts'
import type { Env } from '../env.ts'
import { yieldThread } from '../yield-thread.ts'
import { bytesOf } from './files.ts'
import { LineWriter } from './lines.ts'
import { type ProblemFiles, reportRows } from './reports.ts'
import { lastReported } from './run-lists.ts'
import type { RunRow } from './runs.ts'
import { StoredSpill } from './spill.ts'

/**
 * Sorts the rows with problems of a run that ends by their numbers, notes which problems are new since the report before, and
 * writes the causes that they have in common. Returns the new files; those given are left to retention.
 */
export async function compareProblems(env: Env, run: RunRow, files: ProblemFiles): Promise<ProblemFiles> {
  if (files.rows === 0 || files.causes !== undefined) return files
  const known = new KnownProblems()
  const previous = await lastReported(env, run)
  if (previous !== null) {
    let read = 0
    for await (const { problems } of reportRows(env, previous, previous.rows)) {
      for (const one of problems) known.add(one)
      if (++read % ROWS_AT_ONCE === 0) await yieldThread()
    }
  }
  const spill = new StoredSpill(env, run)
  const sorter = new RecordSorter(spill)
  let sorted = 0
  for await (const row of reportRows(env, files, files.rows)) {
    sorter.begin(row.row).text(JSON.stringify(row))
    await sorter.flush()
    if (++sorted % ROWS_AT_ONCE === 0) await yieldThread()
  }
  const causes = new Causes()
  const folder = files.file.slice(0, files.file.lastIndexOf('/'))
  const writer = new LineWriter(env.FILES, `${folder}/problems-sorted`)
  const records = sorter.sorted()
  let problems = 0
  const flush = async () => {
    await writer.flush()
    await yieldThread()
  }
  try {
    do {
      for (let count = 1; records.next(); count++) {
        const row: ReportRow = JSON.parse(records.text())
        for (const problem of row.problems) if (!known.takes(problem)) problem.new = true
        problems += row.problems.length
        causes.add(row)
        writer.add(JSON.stringify(row))
        if (count % ROWS_AT_ONCE === 0) await flush()
      }
    } while (await records.more())
    await env.FILES.put(`${folder}/causes`, JSON.stringify(causes.all))
    const { file, bytes } = await writer.close()
    const { parts: _, ...rest } = files
    return { ...rest, file, bytes, problems, causes: `${folder}/causes` }
  } catch (error) {
    await writer.abort()
    throw error
  } finally {
    await spill.clear()
  }
}

/**
 * Returns what the problems of a run have in common: errors first, and those of most rows first. Of an older run, whose causes
 * were not counted when it ended, the first rows are counted.
 */
export async function causesOf(env: Env, files: ProblemFiles): Promise<Cause[]> {
  const object = files.causes === undefined ? null : await env.FILES.get(files.causes)
  const causes: Cause[] =
    object === null ? await countedCauses(env, files) : JSON.parse(new TextDecoder().decode(await bytesOf(object)))
  return files.repeated === true ? causes.map((cause) => ({ ...cause, newRows: 0 })) : causes
}

async function countedCauses(env: Env, files: ProblemFiles): Promise<Cause[]> {
  const causes = new Causes()
  for await (const row of reportRows(env, files, COUNTED)) causes.add(row)
  return causes.all
}

/** How many rows of an older run are counted. */
const COUNTED = 5000
/** After how many rows the thread is yielded: some 200 KB of text, more where rows have many columns. */
const ROWS_AT_ONCE = 250
