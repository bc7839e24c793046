import type { ReportRow } from '../core/plan-contract.ts'
import { cellAt } from '../core/row.ts'
import type { Env } from '../env.ts'
import { csvRow } from '../formats/csv-write.ts'
import { writeWorkbook } from '../formats/workbook.ts'
import { yieldThread } from '../yield-thread.ts'
import type { StoredFile } from './files.ts'
import { readLines } from './lines.ts'

/** A run's problems and reports in R2. */
export interface ProblemFiles extends StoredFile {
  /** The labels of the file's columns. */
  header: string[]
  /** The number of rows in the file. */
  rows: number
  /** The number of further rows with problems of the same kinds, which are only counted. Missing in older runs. */
  more?: number
  /** How many problems the rows have. Missing, as is `causes`, until the run ends and in older runs. */
  problems?: number
  /** The file with the causes of the problems. Once it is there, the rows are sorted, and new problems are noted as such. */
  causes?: string
  /** The files are those of the run before, which read the same bytes, so none of their problems is new. */
  repeated?: true
  xlsx: string | null
  csv: string | null
}

/** The most columns of a file in a report. A mapping has no more either. */
export const REPORT_COLUMNS = 500

/** The most rows in a report. A longer spreadsheet helps nobody; its last line gives the number of further rows. */
const MOST_ROWS = 20_000
/** How many characters of a report are written in one turn of the event loop, and what a cell adds to its text in a workbook. */
const CHARACTERS_A_TURN = 256 * 1024
const CELL = 64
/** The most characters in a report, which is in memory while it is written. */
const MOST_CHARACTERS = 8_000_000

/** Yields a run's rows with problems, in the order they were found; at most `most`. */
export async function* reportRows(env: Env, files: ProblemFiles, most: number): AsyncGenerator<ReportRow> {
  let given = 0
  for (let from: number | null = files.bytes === 0 ? null : 0; from !== null; ) {
    const page: Awaited<ReturnType<typeof readLines>> = await readLines(env.FILES, files, from, { bytes: 250_000 })
    for (const line of page.lines.slice(0, most - given)) yield JSON.parse(line)
    given += page.lines.length
    from = given < most ? page.next : null
    await yieldThread()
  }
}

/**
 * Writes a run's error report as .xlsx and .csv: the rows with problems as they arrived, each followed by its problems.
 * Writes nothing for a run without problems. Rows that are not listed are counted in the last line.
 */
export async function writeReports(env: Env, files: ProblemFiles): Promise<ProblemFiles> {
  if (files.rows === 0) return files
  const rows: string[][] = [headerOf(files)]
  let length = 0
  for await (const row of reportRows(env, files, MOST_ROWS)) {
    const line = reportLine(row, files.header.length)
    for (const text of line) length += text.length
    if (length > MOST_CHARACTERS) break
    rows.push(line)
  }
  const more = moreThan(files, rows.length - 1)
  if (more > 0) {
    const cells = Array.from({ length: files.header.length + 1 }, () => '')
    rows.push([
      ...cells,
      'Not listed',
      `${more.toLocaleString('en')} more rows have problems. Correct these first, and import again.`,
    ])
  }
  const stem = files.file.replace(/[^/]+$/, 'report')
  const workbook = await writeWorkbook([{ name: 'Problems', rows: inTurns(rows) }])
  let csv = '\uFEFF'
  for await (const cells of inTurns(rows)) csv += csvRow(cells)
  await env.FILES.put(`${stem}.xlsx`, workbook)
  await env.FILES.put(`${stem}.csv`, csv)
  return { ...files, xlsx: `${stem}.xlsx`, csv: `${stem}.csv` }
}

/** Returns the number of rows with problems beyond the first `listed` ones. */
export function moreThan({ rows, more = 0 }: ProblemFiles, listed: number): number {
  return rows + more - listed
}

/** Returns the report of a run without problems: only the header. */
export async function emptyReport(
  files: ProblemFiles,
  type: 'xlsx' | 'csv',
): Promise<Uint8Array<ArrayBuffer> | string> {
  const header = headerOf(files)
  return type === 'csv' ? `\uFEFF${csvRow(header)}` : writeWorkbook([{ name: 'Problems', rows: [header] }])
}

/** Yields the rows, and the thread to other requests after each few of them. */
async function* inTurns(rows: readonly string[][]): AsyncGenerator<string[]> {
  let length = 0
  for (const row of rows) {
    yield row
    for (const text of row) length += text.length + CELL
    if (length < CHARACTERS_A_TURN) continue
    await yieldThread()
    length = 0
  }
}

function headerOf(files: ProblemFiles): string[] {
  return ['Row', ...files.header, 'Problem', 'What to do']
}

function reportLine({ row, cells, problems }: ReportRow, width: number): string[] {
  const padded = Array.from({ length: width }, (_, i) => cellAt(cells, i))
  const severity = problems.some((problem) => problem.severity === 'error') ? 'Not imported' : 'Imported with a warning'
  const text = problems.map(({ column, message }) => (column === null ? message : `${column}: ${message}`)).join('\n')
  return [String(row), ...padded, severity, text]
}
