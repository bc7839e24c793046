import type { Columns } from './columns.ts'
import type { RunCounts } from './counts.ts'
import { type FileDetails, listOfNames } from './file-details.ts'
import type { PlanSink, ReportRow } from './plan-contract.ts'
import type { Problem } from './problem.ts'
import type { RowLengths } from './ragged.ts'
import type { KeptContacts } from './removing.ts'
import { labelAt, nameInRow, type Row } from './row.ts'
import { plainId, shownId } from './values/id.ts'

/** Counts the rows with problems in one pass, and reports them in the order of the file. */
export class RowReports {
  readonly #sink: PlanSink
  readonly #counts: RunCounts
  #waiting: ReportRow[]

  /** `waiting`: the reports that an earlier message had queued. */
  constructor(sink: PlanSink, counts: RunCounts, waiting: readonly ReportRow[] = []) {
    this.#sink = sink
    this.#counts = counts
    this.#waiting = [...waiting]
  }

  /** Returns the queued reports for another message. */
  save(): readonly ReportRow[] {
    return this.#waiting
  }

  /** The number of queued reports. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Reports a row that is left out before its other cells are read. */
  refuse(report: ReportRow): void {
    this.#counts.errors++
    this.#waiting.push(report)
  }

  /** Reports the problems of one contact's rows. Rows without problems are left out. */
  add(rows: readonly Row[], problems: readonly Problem[]): void {
    if (problems.length === 0) return
    const byRow = Map.groupBy(problems, (problem) => problem.row)
    for (const row of rows) {
      const own = byRow.get(row.number)
      if (own === undefined) continue
      if (own.some((problem) => problem.severity === 'error')) this.#counts.errors++
      if (own.some((problem) => problem.severity === 'warning')) this.#counts.warnings++
      this.#waiting.push({ row: row.number, cells: row.cells, problems: own })
    }
  }

  /** Reports warnings about the file as a whole, on its header row. */
  warnOfFile({ headerRow, header }: Columns, warnings: readonly FileWarning[]): void {
    if (warnings.length === 0) return
    const problems = warnings.map(
      (warning): Problem => ({ row: headerRow, id: null, name: null, severity: 'warning', value: null, ...warning }),
    )
    this.#counts.warnings++
    this.#sink.report({ row: headerRow, cells: header, problems })
  }

  /** Flushes the queued reports. */
  give(): void {
    for (const report of this.#waiting.sort((a, b) => a.row - b.row)) this.#sink.report(report)
    this.#waiting = []
  }
}

type FileWarning = Pick<Problem, 'column' | 'code' | 'message'>

/** Returns a warning about an optional column that the last file had and this one does not. */
export function columnGone(column: string): FileWarning {
  const message = `The column “${column}” was there last time and is gone. What is stored of it stays.`
  return { column, code: 'column_gone', message }
}

/** Returns a warning about columns that are not imported, since the mapping names only another one with their header. */
export function headerRepeated({ column, further }: Columns['repeated'][number]): FileWarning {
  const names = further.slice(0, MOST_NAMED).map((name) => `“${name}”`)
  const message =
    `The file has ${further.length + 1} columns with the header “${column}”, and not all of them are imported. ` +
    `Map ${names.join(', ')}${further.length > MOST_NAMED ? ', …' : ''} too, or remove or rename what is not needed.`
  return { column, code: 'header_repeated', message }
}

const MOST_NAMED = 5

/** Returns a warning about a hidden sheet that is read because no visible one has the columns; null for any other. */
export function hiddenSheet({ sheet = '', hidden = false }: FileDetails): FileWarning | null {
  if (!hidden) return null
  const message =
    `No visible sheet of the workbook has the columns, so the hidden sheet ${listOfNames([sheet])} was read. ` +
    'Check that it holds the current contacts, and name it in the source’s format.'
  return { column: null, code: 'hidden_sheet', message }
}

/** Returns a warning about sheets that have the columns as well and were not read; null if there are none. */
export function severalSheets({ sheet = '', alsoFit = [] }: FileDetails): FileWarning | null {
  if (alsoFit.length === 0) return null
  const message =
    `Only the sheet ${listOfNames([sheet])} was read. These sheets have the same columns: ${listOfNames(alsoFit)}. ` +
    'If people are missing, put them on one sheet; otherwise name the sheet in the source’s format.'
  return { column: null, code: 'several_sheets', message }
}

/** Returns a warning about a text that does not say in which encoding it is; null if its letters show it. */
export function encodingDoubtful({ encoding = '', doubt }: FileDetails): FileWarning | null {
  if (doubt === undefined) return null
  const reason = doubt === 'unknown' ? 'its letters fit no encoding well' : `its letters fit “${doubt}” nearly as well`
  const message =
    `The file does not say in which encoding it is. It was read as “${encoding}”, but ${reason}. ` +
    'If names look wrong, save the file as UTF-8, or set the encoding in the source’s format.'
  return { column: null, code: 'encoding_doubtful', message }
}

/**
 * Returns a warning about missing contacts that stay because rows with a blank or unreadable ID have their number or
 * e-mail; null if there are none.
 */
export function contactsKept({ count, ids }: KeptContacts, columns: Columns): FileWarning | null {
  if (count === 0) return null
  const named = ids.map((id) => `“${id.slice(0, 100)}”`).join(', ')
  const message =
    `Contacts that are missing from the file and were not removed: ${count} (${named}${count > ids.length ? ', …' : ''}). ` +
    'A row whose ID is blank or unreadable has the number or e-mail of each. Give these rows their IDs.'
  return { ...idColumn(columns), code: 'contacts_kept', message }
}

/** Returns a warning about an export that leaves out the blank cells at the ends of rows; null for any other. */
export function rowsTrimmed(lengths: RowLengths | null): FileWarning | null {
  if (lengths?.areTrimmed !== true || lengths.short === 0) return null
  const message =
    `The export leaves out blank cells at the ends of rows (${lengths.short} rows), so a value that was blanked there ` +
    'stays as it is stored. Let the export write every cell.'
  return { column: null, code: 'row_too_short', message }
}

function idColumn(columns: Columns): Pick<Problem, 'column'> {
  return { column: labelAt(columns.id, columns) }
}

/**
 * Returns errors for the rows of an ID that looks like another one. A damaged ID is not repaired: the error names both
 * IDs, and the contact of the other one stays.
 */
export function lookAlikeProblems(id: string, twin: string, rows: readonly Row[], columns: Columns): Problem[] {
  const message =
    plainId(id) === plainId(twin)
      ? `The new ID “${shownId(id)}” differs from “${shownId(twin)}” only by characters that cannot be seen, or by capitals. ` +
        'Enter the ID as it was, or remove the old contact first.'
      : `The new ID “${id}” looks like “${twin}”, which is missing from the file; a spreadsheet may have changed it. ` +
        'Format the ID column as text and enter the ID as it was, or remove the old contact first.'
  const column = labelAt(columns.id, columns)
  return rows.map(
    (row): Problem => ({
      row: row.number,
      id,
      name: nameInRow(row, columns),
      column,
      severity: 'error',
      code: 'id_looks_like',
      message,
      value: id.slice(0, 200),
    }),
  )
}
