import type { ReportRow } from './plan-contract.ts'
import type { Problem } from './problem.ts'

/** A problem that rows have in common: its code, in one column. */
export interface Cause extends Pick<Problem, 'code' | 'column' | 'severity'> {
  /** How many rows have it. */
  rows: number
  /** In how many of them it is new. */
  newRows: number
  /** The message of the first row. */
  message: string
  /** The first rows. */
  examples: Pick<Problem, 'row' | 'id' | 'name' | 'value'>[]
}

const MOST_EXAMPLES = 5
/** The most causes that are told apart. A file with more has very many columns, and its first causes show the mistake. */
const MOST_CAUSES = 1000

/** Counts the problems of a file by their causes. `mostExamples`: how many rows each has as examples. */
export class Causes {
  readonly #causes = new Map<string, Cause>()
  readonly #mostExamples: number

  constructor(mostExamples = MOST_EXAMPLES) {
    this.#mostExamples = mostExamples
  }

  /** Adds the problems of a row. A row counts once for each cause. */
  add({ problems }: ReportRow): void {
    const seen = new Set<string>()
    const seenNew = new Set<string>()
    for (const problem of problems) {
      const { code, column, severity, message, row, id, name, value } = problem
      const key = JSON.stringify([severity, code, column])
      let cause = this.#causes.get(key)
      if (problem.new === true && cause !== undefined && !seenNew.has(key)) {
        seenNew.add(key)
        cause.newRows++
      }
      if (seen.has(key)) continue
      seen.add(key)
      if (cause === undefined) {
        if (this.#causes.size === MOST_CAUSES) continue
        if (problem.new === true) seenNew.add(key)
        cause = { code, column, severity, rows: 0, newRows: problem.new === true ? 1 : 0, message, examples: [] }
        this.#causes.set(key, cause)
      }
      cause.rows++
      if (cause.examples.length < this.#mostExamples) cause.examples.push({ row, id, name, value })
    }
  }

  /** Returns the causes: errors first, and those of most rows first. */
  get all(): Cause[] {
    const weight = ({ severity, rows }: Cause) => (severity === 'error' ? 1 : 0) * 1e9 + rows
    return [...this.#causes.values()].sort((one, other) => weight(other) - weight(one))
  }
}
