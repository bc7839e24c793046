import { HostKeyFailure } from '../../../sftp-bridge/hostkey.ts'
import type { Choice, Choices, GivenFile } from '../connections/connection.ts'
import { givesRecords } from '../connections/facts.ts'
import { mappingOf, type RecordColumn, recordColumns, recordMapping } from '../connections/mapping.ts'
import { openSource } from '../connections/open.ts'
import { recordFormat } from '../connections/records.ts'
import type { ConnectionSettings } from '../connections/schema.ts'
import type { ByteSource } from '../core/bytes.ts'
import { columnNames, findColumns, HEADER_SEARCH } from '../core/columns.ts'
import { Failure } from '../core/failure.ts'
import type { MappingColumn, RowRule } from '../core/mapping.ts'
import { cellAt, type Row } from '../core/row.ts'
import type { SheetsOfFile } from '../core/sheet-names.ts'
import type { Format, SourceSettings } from '../core/source.ts'
import { suggestColumns } from '../core/suggestion.ts'
import { type ShapeOf, shapeFor, type TableShape } from '../core/table-shape.ts'
import type { Env } from '../env.ts'
import { type Opening, openTable } from '../formats/table.ts'
import { readFields } from '../store/fields.ts'
import type { TestView } from './views.ts'

/** The most bytes of a file that a test reads. Only a run fetches a larger workbook whole. */
const MOST = 32 * 1024 * 1024
const ROWS_SHOWN = 10
const SAMPLES = 5
/** The most attributes of a CRM that a test without a mapping requests. */
const MOST_LIKELY = 20
/** How long a test may take, in milliseconds. */
const PATIENCE = 20_000

/**
 * Connects to the remote side, signs in, finds the file, reads its first rows and names its columns. `given` is the last
 * file of a source whose file is uploaded.
 */
export async function testConnection(
  env: Env,
  connection: ConnectionSettings,
  { format, mapping, rows }: Pick<SourceSettings, 'format' | 'mapping' | 'rows'>,
  given?: GivenFile,
): Promise<TestView> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(tooSlow()), PATIENCE)
  let choices: Choices = {}
  try {
    const remote = openSource(connection, env)
    const offered = await remote.choices?.(stop.signal)
    choices = offered?.choices ?? {}
    if (offered?.chosen === false) return { ok: true, ...choices, columns: [], rows: [] }
    const records = { columns: columnsToShow(choices, mapping, rows), changedSince: null }
    const fetched = await remote.open({ signal: stop.signal, since: null, records, ...(given && { given }) })
    if (fetched === 'not_modified') throw new Error('An unconditional request was answered as unmodified')
    const bytes = await beginning(fetched.body, givesRecords(connection) ? 1 : MOST)
    const read = givesRecords(connection) ? recordFormat(format) : format
    const shapeOf = shapeToShow(mappingOf(connection, mapping), rows)
    const { first, details } = await firstRows(held(fetched.name, bytes), read, { shapeOf, signal: stop.signal })
    const { headerRow, wrong } = judged(first, mapping, rows, connection, details)
    const header = first.find((row) => row.number === headerRow)?.cells ?? []
    const body = first.filter((row) => row.number > headerRow && row.cells.some((cell) => cell.trim() !== ''))
    const columns = columnNames(header).map((name, index) => ({
      name,
      values: body.map((row) => cellAt(row.cells, index)).filter((cell) => cell !== ''),
    }))
    const { fields } = await readFields(env)
    const suggestions = suggestColumns(columns, format.defaultCountry, fields.values())
    const found: TestView = {
      ok: true,
      ...choices,
      file: {
        name: fetched.name,
        bytes: bytes.length,
        modifiedAt: fetched.modifiedAt,
        ...(details.sheet !== undefined && { sheet: details.sheet }),
      },
      columns: columns.map(({ name, values }, index) => ({
        name,
        samples: values.slice(0, SAMPLES),
        suggestion: suggestions[index] ?? null,
      })),
      rows: body.slice(0, ROWS_SHOWN).map((row) => row.cells.map((_, index) => cellAt(row.cells, index))),
    }
    return { ...found, ...wrong }
  } catch (error) {
    return { ...choices, columns: [], rows: [], ...failed(error) }
  } finally {
    clearTimeout(timer)
    stop.abort()
  }
}

/**
 * Returns the columns to request from a service. If it lists its attributes, they are the mapped ones or, before
 * anything is mapped, those that look like an attribute of a contact. Otherwise returns null, for all attributes.
 */
function columnsToShow(
  { attributes }: Choices,
  mapping: MappingColumn[] | null,
  rules: readonly RowRule[],
): RecordColumn[] | null {
  if (attributes === undefined) return null
  return mapping === null ? likelyColumns(attributes) : recordColumns(mapping, rules)
}

function likelyColumns(attributes: readonly Choice[]): RecordColumn[] {
  const suggestions = suggestColumns(
    attributes.map(({ name }) => ({ name, values: [] })),
    'US',
  )
  return attributes
    .filter((_, i) => suggestions[i] !== null)
    .slice(0, MOST_LIKELY)
    .map(({ name }) => ({ name, list: false }))
}

/** Finds the header and its problem. If there is a problem, the row that looks most like a header is shown as one. */
function judged(
  first: readonly Row[],
  mapping: MappingColumn[] | null,
  rows: readonly RowRule[],
  connection: ConnectionSettings,
  sheets: SheetsOfFile,
): { headerRow: number; wrong: ReturnType<typeof failed> | null } {
  const own = mappingOf(connection, mapping)
  const records = givesRecords(connection)
  // Records do not have the headers of the template; their attributes are to be mapped.
  if (records && own === null) return { headerRow: 1, wrong: null }
  try {
    const wanted = records && own !== null ? recordMapping(own, first[0]?.cells ?? []) : own
    return { headerRow: findColumns(first, wanted, { rows, ...sheets }).headerRow, wrong: null }
  } catch (error) {
    if (records) return { headerRow: 1, wrong: failed(error) }
    return { headerRow: likelyHeader(first).headerRow, wrong: failed(error) }
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

function failed(error: unknown): Pick<TestView, 'ok' | 'code' | 'detail' | 'advice' | 'hostKey'> {
  if (!(error instanceof Failure)) throw error
  const shown = error instanceof HostKeyFailure ? { hostKey: error.hostKey } : {}
  return { ok: false, code: error.code, detail: error.message, advice: error.advice, ...shown }
}

function tooSlow(): Failure {
  return new Failure('timeout', 'The file did not arrive within 20 seconds.', 'A run waits longer; try Import now.')
}

/** Reads a file up to so many bytes; of records only the first block, since each block may cost a request. */
async function beginning(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body.getReader()
  while (size < most) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    size += value.length
  }
  await reader.cancel()
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function held(name: string, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (offset = 0, length = bytes.length - offset) =>
      new Blob([bytes.subarray(offset, offset + length)]).stream(),
  }
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
  const table = await openTable(source, format, opening)
  const rows: Row[] = []
  for await (const batch of table.batches) {
    for (const [i, cells] of batch.cells.entries()) rows.push({ number: batch.numbers[i] ?? 0, cells })
    if (rows.length >= HEADER_SEARCH) break
  }
  return { first: rows.slice(0, HEADER_SEARCH), details: table.details }
}
