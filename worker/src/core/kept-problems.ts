import type { ReportRow } from './plan-contract.ts'

/** The most rows that are kept for one kind of problem in one column. A longer list helps nobody to find the cause. */
export const MOST_OF_A_KIND = 10_000
/** The most rows in all. */
const MOST_ROWS = 100_000

/** What another message needs to know to go on. */
export interface SavedProblems {
  kinds: ReadonlyMap<string, number>
  kept: number
  more: number
}

/**
 * Chooses the rows with problems that a run keeps: the first of each kind. A file of a few bytes can have a million rows
 * with problems, each of which takes a kilobyte to tell. All rows are counted, kept or not.
 */
export class KeptProblems {
  readonly #kinds: Map<string, number>
  #kept: number
  /** The number of rows with problems that are not kept. */
  more: number

  /** Takes what an earlier message saved. */
  constructor({ kinds, kept, more }: SavedProblems = { kinds: new Map(), kept: 0, more: 0 }) {
    this.#kinds = new Map(kinds)
    this.#kept = kept
    this.more = more
  }

  save(): SavedProblems {
    return { kinds: this.#kinds, kept: this.#kept, more: this.more }
  }

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
