import { digestOf } from './limits/kept-values.ts'
import type { Problem } from './problem.ts'

/** The problems of an earlier report. Each of them is one known problem. */
export class KnownProblems {
  readonly #times = new Map<number, number>()

  add(problem: Problem): void {
    const digest = digestOfProblem(problem)
    this.#times.set(digest, (this.#times.get(digest) ?? 0) + 1)
  }

  /** Returns whether a problem is known, and takes it out. */
  takes(problem: Problem): boolean {
    const digest = digestOfProblem(problem)
    const times = this.#times.get(digest) ?? 0
    if (times === 0) return false
    this.#times.set(digest, times - 1)
    return true
  }
}

/** What makes two problems equal is not the row number: the row may have moved. */
function digestOfProblem({ id, name, column, code, value }: Problem): number {
  return digestOf(JSON.stringify([id, name, column, code, value]))
}
