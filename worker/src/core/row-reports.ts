import type { Columns } from './columns.ts'
import type { RunCounts } from './counts.ts'
import type { PlanSink, ReportRow } from './plan-contract.ts'
import type { Problem } from './problem.ts'
import type { Row } from './reading.ts'

/** The rows of one pass that have problems: counted, and given on in the order of the file. */
export class RowReports {
  readonly #sink: PlanSink
  readonly #counts: RunCounts
  #waiting: ReportRow[] = []

  constructor(sink: PlanSink, counts: RunCounts) {
    this.#sink = sink
    this.#counts = counts
  }

  /** How many have been found and not given on. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** A row that is left out before anything else of it is read. */
  refuse(report: ReportRow): void {
    this.#counts.errors++
    this.#waiting.push(report)
  }

  /** What is wrong with rows of one contact; rows with nothing wrong are left out. */
  add(rows: readonly Row[], problems: readonly Problem[]): void {
    if (problems.length === 0) return
    for (const row of rows) {
      const own = problems.filter((problem) => problem.row === row.number)
      if (own.length === 0) continue
      if (own.some((problem) => problem.severity === 'error')) this.#counts.errors++
      if (own.some((problem) => problem.severity === 'warning')) this.#counts.warnings++
      this.#waiting.push({ row: row.number, cells: row.cells, problems: own })
    }
  }

  /** Optional columns that were there last time and are gone: said of the header. */
  gone(columns: Columns, goneColumns: readonly string[]): void {
    if (goneColumns.length === 0) return
    const problems = goneColumns.map(
      (column): Problem => ({
        row: columns.headerRow,
        id: null,
        name: null,
        column,
        severity: 'warning',
        code: 'column_gone',
        message: `The column “${column}” was there last time and is gone. What is stored of it stays.`,
        value: null,
      }),
    )
    this.#counts.warnings++
    this.#sink.report({ row: columns.headerRow, cells: columns.header, problems })
  }

  /** Gives on what waits. */
  give(): void {
    for (const report of this.#waiting.sort((a, b) => a.row - b.row)) this.#sink.report(report)
    this.#waiting = []
  }
}

/** A damaged ID is not repaired: its row is an error that names both, and the known contact stays. */
export function lookAlikeProblems(id: string, twin: string, rows: readonly Row[], columns: Columns): Problem[] {
  const message =
    `The new ID “${id}” looks like “${twin}”, which is missing from the file; a spreadsheet may have changed it. ` +
    'Format the ID column as text and enter the ID as it was, or remove the old contact first.'
  const column = columns.header[columns.id]?.trim() ?? null
  return rows.map(({ number, cells }): Problem => {
    const name = cells[columns.name]?.trim() || null
    return {
      row: number,
      id,
      name,
      column,
      severity: 'error',
      code: 'id_looks_like',
      message,
      value: id.slice(0, 200),
    }
  })
}
