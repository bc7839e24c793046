import { type Cause, Causes } from '../core/causes.ts'
import type { Problem } from '../core/problem.ts'
import type { Env } from '../env.ts'
import { moreThan, type ProblemFiles, reportRows } from '../store/reports.ts'
import { lastReported } from '../store/run-lists.ts'
import type { RunRow } from '../store/runs.ts'

/** The most rows that an e-mail names of each cause; the spreadsheet has all of them. */
const NAMED = 25
/** How many of a run's rows with problems are compared with those of the previous run. */
const COMPARED = 5000

/** The problems of a run by their causes, errors first: new ones, and those that the previous run had. */
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

/** Splits a run's rows with problems into those with a new problem and those that the previous report already had. */
export async function sortProblems(env: Env, run: RunRow): Promise<SortedProblems> {
  const { problems } = run
  if (problems === null || problems.rows === 0) return NO_PROBLEMS
  const previous = await lastReported(env, run)
  const before = await KnownProblems.of(env, previous)
  const fresh = new Causes(NAMED)
  const known = new Causes(NAMED)
  let compared = 0
  // The rows beyond those that are compared are new if there are more of them than before.
  const grew =
    moreThan(problems, COMPARED) > 0 && moreThan(problems, 0) > (previous === null ? 0 : moreThan(previous, 0))
  let isNew = grew
  let hasNewErrors = grew
  for await (const row of reportRows(env, problems, COMPARED)) {
    const news = new Set(row.problems.filter((problem) => !before.takes(problem)))
    fresh.add({ ...row, problems: [...news] })
    known.add({ ...row, problems: row.problems.filter((problem) => !news.has(problem)) })
    compared++
    isNew ||= news.size > 0
    hasNewErrors ||= [...news].some(isError)
  }
  return { fresh: fresh.all, known: known.all, more: moreThan(problems, compared), isNew, hasNewErrors }
}

/** The problems of the previous report. Each of them is one known problem. */
class KnownProblems {
  readonly #times = new Map<string, number>()

  static async of(env: Env, previous: ProblemFiles | null): Promise<KnownProblems> {
    const known = new KnownProblems()
    if (previous === null) return known
    for await (const { problems } of reportRows(env, previous, COMPARED)) for (const one of problems) known.#add(one, 1)
    return known
  }

  /** Returns whether a problem is known, and takes it out. */
  takes(problem: Problem): boolean {
    return this.#add(problem, -1) >= 0
  }

  /** The text by which two problems are equal has no row number: the row may have moved. */
  #add({ id, name, column, code, value }: Problem, times: number): number {
    const text = JSON.stringify([id, name, column, code, value])
    const sum = (this.#times.get(text) ?? 0) + times
    this.#times.set(text, sum)
    return sum
  }
}

function isError({ severity }: Problem): boolean {
  return severity === 'error'
}
