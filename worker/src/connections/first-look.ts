import { type ByteSource, ReadAgain, type RowBatch } from '../core/bytes.ts'
import { columnNames, findColumns, HEADER_SEARCH } from '../core/columns.ts'
import { Failure } from '../core/failure.ts'
import type { FieldDefinition } from '../core/field.ts'
import type { FileDetails } from '../core/file-details.ts'
import type { MappingColumn, RowRule } from '../core/mapping.ts'
import { cellAt, type Row } from '../core/row.ts'
import type { Format } from '../core/source.ts'
import { type Suggestion, suggestColumns } from '../core/suggestion.ts'
import { type ShapeOf, shapeFor, type TableShape } from '../core/table-shape.ts'
import { type Opening, tableOpener } from '../formats/table.ts'
import { givesRecords } from './facts.ts'
import { mappingOf, recordMapping } from './mapping.ts'
import { recordFormat } from './records.ts'
import type { ConnectionDraft } from './schema.ts'

const ROWS_SHOWN = 10
const SAMPLES = 5

/** The settings by which a file is looked at. */
interface LookedAtBy {
  connection: ConnectionDraft
  format: Format
  mapping: MappingColumn[] | null
  rows: readonly RowRule[]
  fields: Iterable<FieldDefinition>
}

/** The columns and first rows of a file, as a test of a connection shows them. */
interface FirstLook {
  /** The sheet of a workbook. */
  sheet: string | undefined
  columns: { name: string; samples: string[]; suggestion: Suggestion | null }[]
  rows: string[][]
  /** Why the file cannot be imported with this mapping; null if it can. */
  wrong: Failure | null
}

/**
 * Reads the first rows of a file, finds its header and suggests what each column is. The pages do the same with a file that
 * is not uploaded yet. Throws `Failure` if the file cannot be read at all.
 */
export async function lookAt(
  source: ByteSource,
  { connection, format, mapping, rows, fields }: LookedAtBy,
  signal: AbortSignal,
): Promise<FirstLook> {
  const read = givesRecords(connection) ? recordFormat(format) : format
  const opening = { shapeOf: shapeToShow(mappingOf(connection, mapping), rows), signal }
  const { first, details } = await firstRows(source, read, opening)
  const { headerRow, wrong } = judged(first, mapping, rows, connection, details)
  const header = first.find((row) => row.number === headerRow)?.cells ?? []
  const body = first.filter((row) => row.number > headerRow && row.cells.some((cell) => cell.trim() !== ''))
  const columns = columnNames(header).map((name, index) => ({
    name,
    values: body.map((row) => cellAt(row.cells, index)).filter((cell) => cell !== ''),
  }))
  const suggestions = suggestColumns(columns, format.defaultCountry, fields)
  return {
    sheet: details.sheet,
    columns: columns.map(({ name, values }, index) => ({
      name,
      samples: values.slice(0, SAMPLES),
      suggestion: suggestions[index] ?? null,
    })),
    rows: body.slice(0, ROWS_SHOWN).map((row) => row.cells.map((_, index) => cellAt(row.cells, index))),
    wrong,
  }
}

/** Finds the header and its problem. If there is a problem, the row that looks most like a header is shown as one. */
function judged(
  first: readonly Row[],
  mapping: MappingColumn[] | null,
  rows: readonly RowRule[],
  connection: ConnectionDraft,
  sheets: FileDetails,
): { headerRow: number; wrong: Failure | null } {
  const own = mappingOf(connection, mapping)
  const records = givesRecords(connection)
  // Records do not have the headers of the template; their attributes are to be mapped.
  if (records && own === null) return { headerRow: 1, wrong: null }
  try {
    const wanted = records && own !== null ? recordMapping(own, first[0]?.cells ?? []) : own
    return { headerRow: findColumns(first, wanted, { rows, ...sheets }).headerRow, wrong: null }
  } catch (error) {
    if (records) return { headerRow: 1, wrong: failure(error) }
    return { headerRow: likelyHeader(first).headerRow, wrong: failure(error) }
  }
}

/** Returns the number of the row with the most known headers, the first of equal rows; 0 if all rows are blank. */
function likelyHeader(first: readonly Row[]): Pick<TableShape, 'found' | 'headerRow'> {
  const known = ({ cells }: Row) => {
    const columns = cells.map((name) => ({ name, values: [] }))
    return suggestColumns(columns, 'US').filter((suggestion) => suggestion !== null).length
  }
  const rows = first
    .filter((row) => row.cells.some((cell) => cell.trim() !== ''))
    .map((row) => ({ headerRow: row.number, found: known(row) }))
  const [top] = rows
  return top === undefined ? { headerRow: 0, found: 0 } : rows.reduce((a, b) => (b.found > a.found ? b : a), top)
}

/**
 * Returns the judge of a workbook's sheets: by the mapping or the template, and else by the headers that Muster could map,
 * so that a test shows the contacts' sheet before anything is mapped.
 */
function shapeToShow(mapping: MappingColumn[] | null, rows: readonly RowRule[]): ShapeOf {
  const shapeOf = shapeFor(mapping, rows)
  if (mapping !== null) return shapeOf
  return (first) => {
    const shape = shapeOf(first)
    return shape.fits ? shape : { ...shape, ...likelyHeader(first) }
  }
}

async function firstRows(source: ByteSource, format: Format, opening: Opening) {
  const open = tableOpener(source, format, opening)
  for (;;) {
    const { batches, details } = await open()
    try {
      return { first: await beginning(batches), details }
    } catch (error) {
      // A few rows may be followed by so many formatted ones that the merged cells are only found at the end.
      if (!(error instanceof ReadAgain)) throw error
    }
  }
}

async function beginning(batches: AsyncIterable<RowBatch>): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of batches) {
    for (const [i, cells] of batch.cells.entries()) rows.push({ number: batch.numbers[i] ?? 0, cells })
    if (rows.length >= HEADER_SEARCH) break
  }
  return rows.slice(0, HEADER_SEARCH)
}

function failure(error: unknown): Failure {
  if (error instanceof Failure) return error
  throw error
}
