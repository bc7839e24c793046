/*
 * Turns bytes into rows. The content shows what a file is; its name does not count. gzip and ZIP around it are opened.
 * Everything is read as a stream, so memory never grows with the size of the file.
 */
import type { ByteSource, RowBatch } from '../core/bytes.ts'
import { Failure } from '../core/failure.ts'
import type { Format } from '../core/source.ts'
import { type ShapeOf, shapeFor } from '../core/table-shape.ts'
import { bounded } from './bounded.ts'
import { inMemory } from './container/in-memory.ts'
import { gunzip } from './container/inflate.ts'
import { isOle, refusedOle } from './container/ole.ts'
import { onlyFile } from './container/only-file.ts'
import { readEntry, readZip } from './container/zip.ts'
import { blockDecoder, detectEncoding, type TextEncoding } from './csv/encoding.ts'
import { csvBatches, detectDialect } from './csv/table.ts'
import { jsonBatches, jsonShape, looksLikeJson } from './json/table.ts'
import { chunksOf, firstBytes } from './reading.ts'
import { emptyFile, refusedBytes, refusedText, unsupported } from './refusals.ts'
import { Merges } from './xlsx/merges.ts'
import { isWorkbook, openWorkbook, type WorkbookReading } from './xlsx/table.ts'

/**
 * A file as rows. `encoding` is detected from the beginning of the file; `sheets` are the names of all worksheets, in
 * order, and `sheet` is the one that is read.
 */
export interface Table {
  type: 'csv' | 'xlsx' | 'json'
  details: {
    delimiter?: string
    encoding?: string
    /** Another encoding that is hardly less likely, or `unknown`. */
    doubt?: string
    sheet?: string
    /** Whether that sheet is hidden although the source does not name it. */
    hidden?: boolean
    sheets?: string[]
    /** The other visible sheets whose columns fit as well. */
    alsoFit?: string[]
  }
  /** All rows that are not blank, the header included. Can be read once; open the table again for a second pass. */
  batches: AsyncIterable<RowBatch>
}

/**
 * A file, or the content of a compressed one. Its bytes can be read any number of times, and at any offset if `source`
 * is set.
 */
interface Content {
  chunks(): AsyncIterable<Uint8Array>
  source: ByteSource | null
  /** How many archives the content is in. */
  depth: number
}

const SAMPLE_BYTES = 64 * 1024
const MOST_DEPTH = 2

/** How a file is opened. */
export interface Opening {
  /** Judges tables, where a file has several; the columns of the template unless given. */
  shapeOf?: ShapeOf
  signal?: AbortSignal | undefined
  /** Awaited between pieces of longer work. */
  turn?: () => Promise<void>
  /** What earlier passes found out, to which further passes add. */
  found?: FoundInFile
}

/** What a pass over a file finds out at its end, which the next pass must know. */
export interface FoundInFile {
  merges?: Merges
  encoding?: TextEncoding
}

/** What another message needs to know of a file. */
export interface SavedInFile {
  merges: Int32Array<ArrayBuffer> | null
  encoding: TextEncoding | null
}

/** Returns what passes have found out, for another message. */
export function saveFound({ merges, encoding }: FoundInFile): SavedInFile {
  return { merges: merges?.save() ?? null, encoding: encoding ?? null }
}

/** Returns what passes in an earlier message found out. */
export function restoreFound({ merges, encoding }: SavedInFile): FoundInFile {
  return { ...(merges && { merges: new Merges(merges) }), ...(encoding && { encoding }) }
}

/**
 * Opens a file as a table. Throws, here or while the batches are read, only `Failure` (what the file is instead, and what
 * to do), `ReadAgain`, the source's own errors, or the signal's reason.
 */
export function openTable(source: ByteSource, format: Format, opening: Opening = {}): Promise<Table> {
  return tableOpener(source, format, opening)()
}

/**
 * Returns a function that opens a file as a table, for every pass over it. It remembers what a pass found out at the end
 * of the file, so that after `ReadAgain` the next pass yields the right rows.
 */
export function tableOpener(source: ByteSource, format: Format, opening: Opening = {}): () => Promise<Table> {
  const { shapeOf = shapeFor(null), turn = noTurn, signal, found = {} } = opening
  const reading: FileReading = { shapeOf, turn, signal, found, charset: source.charset ?? null }
  const chunks = async function* () {
    yield* chunksOf(await source.read(), signal)
  }
  return async () => {
    const table = await openContent({ chunks, source, depth: 0 }, format, reading)
    return { ...table, batches: bounded(table.batches) }
  }
}

/** What is known for a pass over a file. */
interface FileReading extends WorkbookReading {
  turn: () => Promise<void>
  found: FoundInFile
  /** The encoding that the server says. */
  charset: string | null
}

async function openContent(content: Content, format: Format, reading: FileReading): Promise<Table> {
  const sample = await firstBytes(content.chunks(), SAMPLE_BYTES)
  if (content.depth > MOST_DEPTH) throw unsupported('an archive inside an archive inside an archive')
  if (startsWith(sample, 0x1f, 0x8b)) return openContent(gunzipped(content), format, reading)
  if (startsWith(sample, 0x50, 0x4b, 3, 4) || startsWith(sample, 0x50, 0x4b, 5, 6)) {
    return openZip(content, format, reading)
  }
  if (isOle(sample)) {
    const source = content.source ?? (await inMemory(content.chunks()))
    throw await refusedOle(sample, async (offset, length) =>
      offset >= source.size ? new Uint8Array(0) : firstBytes(chunksOf(await source.read(offset, length)), length),
    )
  }
  const refused = refusedBytes(sample)
  if (refused !== null) throw refused
  return openText(content, sample, format, reading)
}

function gunzipped(content: Content): Content {
  return { chunks: () => gunzip(content.chunks), source: null, depth: content.depth + 1 }
}

async function openZip(content: Content, format: Format, reading: FileReading): Promise<Table> {
  const { signal } = reading
  const source = content.source ?? (await inMemory(content.chunks()))
  const entries = await readZip(source, signal)
  if (isWorkbook(entries)) {
    if (format.type === 'csv' || format.type === 'json') throw wrongType('an Excel workbook', format.type.toUpperCase())
    return openWorkbook(source, entries, format, reading)
  }
  const entry = onlyFile(entries)
  return openContent(
    { chunks: () => readEntry(source, entry, signal), source: null, depth: content.depth + 1 },
    format,
    reading,
  )
}

async function openText(content: Content, sample: Uint8Array, format: Format, reading: FileReading): Promise<Table> {
  const { turn, found, charset } = reading
  const complete = sample.length < SAMPLE_BYTES
  const hints = { declared: charset, chosen: format.encoding }
  const encoding = found.encoding ?? detectEncoding(sample, hints, complete)
  const text = blockDecoder(encoding).decode(sample, false)
  const details = { encoding: encoding.name, ...(encoding.doubt !== null && { doubt: encoding.doubt }) }
  if (complete && text.trim() === '') throw emptyFile()
  if (looksLikeJson(text)) {
    if (format.type === 'csv') throw wrongType('JSON', 'CSV')
    if (format.type === 'xlsx') throw wrongType('JSON', 'Excel workbook (.xlsx)')
    const json = { chunks: content.chunks, encoding, shape: jsonShape(text) }
    return { type: 'json', details, batches: await jsonBatches(json, turn) }
  }
  const refused = refusedText(text)
  if (refused !== null) throw refused
  if (format.type === 'json') throw wrongType('text', 'JSON')
  if (format.type === 'xlsx') throw wrongType('text', 'Excel workbook (.xlsx)')
  const dialect = detectDialect(text, complete, format)
  const judgedAgain = (shown: TextEncoding) => {
    found.encoding = shown
  }
  const batches = csvBatches({ chunks: content.chunks(), encoding, dialect, judgedAgain })
  return { type: 'csv', details: { ...details, delimiter: dialect.delimiter }, batches }
}

async function noTurn(): Promise<void> {}

function wrongType(found: string, expected: string): Failure {
  return new Failure(
    'unsupported_format',
    `The file is ${found}, but the source is set to expect ${expected}.`,
    'Check the address of the file, or set the format of the source to “automatic”.',
  )
}

function startsWith(bytes: Uint8Array, ...start: number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte)
}
