import { type Cause, Causes } from '../core/causes.ts'
import type { Env } from '../env.ts'
import { causesOf } from '../store/compared-problems.ts'
import { moreThan, reportRows } from '../store/reports.ts'
import type { RunRow } from '../store/runs.ts'

/** The most rows that an e-mail names of each cause; the spreadsheet has all of them. */
const NAMED = 25
/** How many of a run's rows with problems are read to name their contacts. */
const READ = 5000

/** The problems of a run by their causes, errors first: new ones, and those that the report before had. */
export interface SortedProblems {
  fresh: Cause[]
  known: Cause[]
  /** How many further rows have problems, whose causes are not counted. */
  more: number
  /** Whether any problem, or any error, is new. */
  isNew: boolean
  hasNewErrors: boolean
}

export const NO_PROBLEMS: SortedProblems = { fresh: [], known: [], more: 0, isNew: false, hasNewErrors: false }

/**
 * Splits the rows with problems of a run that has ended into those with a new problem and those that the report before had, as
 * `store/compared-problems.ts` has noted them.
 */
export async function sortProblems(env: Env, { problems }: RunRow): Promise<SortedProblems> {
  if (problems === null || problems.rows === 0) return NO_PROBLEMS
  const fresh = new Causes(NAMED)
  const known = new Causes(NAMED)
  let read = 0
  for await (const row of reportRows(env, problems, READ)) {
    const news = problems.repeated === true ? [] : row.problems.filter((problem) => problem.new === true)
    fresh.add({ ...row, problems: news })
    known.add({ ...row, problems: row.problems.filter((problem) => !news.includes(problem)) })
    read++
  }
  const news = (await causesOf(env, problems)).filter(({ newRows }) => newRows > 0)
  return {
    fresh: fresh.all,
    known: known.all,
    more: moreThan(problems, read),
    isNew: news.length > 0,
    hasNewErrors: news.some(({ severity }) => severity === 'error'),
  }
}
