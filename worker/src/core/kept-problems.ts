import type { ReportRow } from './plan-contract.ts'

/** The most rows that are kept for one kind of problem in one column. A longer list helps nobody to find the cause. */
const MOST_OF_A_KIND = 10_000
/** The most rows in all. */
const MOST_ROWS = 100_000

/**
 * Chooses the rows with problems that a run keeps: the first of each kind. A file of a few bytes can have a million rows
 * with problems, each of which takes a kilobyte to tell. All rows are counted, kept or not.
 */
export class KeptProblems {
  readonly #kinds = new Map<string, number>()
  #kept = 0
  /** The number of rows with problems that are not kept. */
  more = 0

  /** Returns whether the row is kept, and counts it. */
  keeps({ problems }: ReportRow): boolean {
    const kinds = new Set(problems.map(({ code, column }) => `${code} ${column ?? ''}`))
    const rare = [...kinds].some((kind) => (this.#kinds.get(kind) ?? 0) < MOST_OF_A_KIND)
    if (!rare || this.#kept === MOST_ROWS) {
      this.more++
      return false
    }
    this.#kept++
    for (const kind of kinds) this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1)
    return true
  }
}
