import type { ReportRow } from '../core/plan-contract.ts'
import type { Problem } from '../core/problem.ts'
import type { Env } from '../env.ts'
import { moreThan, type ProblemFiles, reportRows } from '../store/reports.ts'
import { lastReported } from '../store/run-lists.ts'
import type { RunRow } from '../store/runs.ts'

/** The most rows with problems that an e-mail lists of each kind; the spreadsheet has all of them. */
const LISTED = 100
/** How many of a run's rows with problems are compared with those of the previous run. */
const COMPARED = 5000

/** The rows with problems that an e-mail lists: new ones, and those that the previous run had. Errors come first. */
export interface SortedProblems {
  fresh: ReportRow[]
  known: ReportRow[]
  /** How many further rows have problems. */
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
  const fresh = new ErrorsFirst()
  const known = new ErrorsFirst()
  // The rows beyond those that are compared are new if there are more of them than before.
  const grew =
    moreThan(problems, COMPARED) > 0 && moreThan(problems, 0) > (previous === null ? 0 : moreThan(previous, 0))
  let isNew = grew
  let hasNewErrors = grew
  for await (const row of reportRows(env, problems, COMPARED)) {
    const news = row.problems.filter((problem) => !before.takes(problem))
    ;(news.length > 0 ? fresh : known).add(row)
    isNew ||= news.length > 0
    hasNewErrors ||= news.some(isError)
  }
  const [freshRows, knownRows] = [fresh.rows, known.rows]
  const more = moreThan(problems, freshRows.length + knownRows.length)
  return { fresh: freshRows, known: knownRows, more, isNew, hasNewErrors }
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

/** The first rows with errors, then the first rows with warnings only. */
class ErrorsFirst {
  readonly #errors: ReportRow[] = []
  readonly #warnings: ReportRow[] = []

  add(row: ReportRow): void {
    const list = row.problems.some(isError) ? this.#errors : this.#warnings
    if (list.length < LISTED) list.push(row)
  }

  get rows(): ReportRow[] {
    return [...this.#errors, ...this.#warnings].slice(0, LISTED)
  }
}

function isError({ severity }: Problem): boolean {
  return severity === 'error'
}
