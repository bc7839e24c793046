import type { RowBatch } from '../../core/bytes.ts'
import { Failure } from '../../core/failure.ts'
import type { Format } from '../../core/source.ts'
import { blocksOf } from '../reading.ts'
import { emptyFile } from '../refusals.ts'
import { detectDelimiter, hasEscapes, separatorLine } from './delimiter.ts'
import { type BlockDecoder, blockDecoder, detectEncoding, type Encoding } from './encoding.ts'
import { innerRow, nestedDelimiter } from './nested.ts'
import { RowReader } from './rows.ts'

/** How many bytes are decoded at a time. Larger blocks are slower: they do not fit in the processor's cache. */
const BLOCK_BYTES = 256 * 1024
/** The longest row, in characters. */
const MOST_ROW_LENGTH = 2 * 1024 * 1024
/** A run of zero characters this long is a hole: space was reserved for the file, but the content never arrived. */
export const HOLE = '\0'.repeat(16)

/** How to read a delimited text. The first `skip` characters belong to no row. */
export interface CsvDialect {
  encoding: Encoding
  delimiter: string
  /** Whether a backslash escapes the next character, wherever that is a possible reading. */
  escapes: boolean
  /** The delimiter inside the cells, if each row is one quoted cell (see `nested.ts`). */
  nested: string | null
  skip: number
}

/** Detects the dialect from the first bytes of a file. `complete` says that they are the whole file. */
export function detectDialect(sample: Uint8Array, complete: boolean, format: Format): CsvDialect {
  const { encoding, text } = decodeSample(sample, format)
  // Programs that copy a file may put a second byte-order mark before the first.
  const start = text.length - text.replace(/^\uFEFF+/, '').length
  const separator = separatorLine(text.slice(start))
  const skip = start + (separator?.length ?? 0)
  const delimiter = format.delimiter ?? separator?.delimiter ?? detectDelimiter(text.slice(skip), complete)
  const rows = text.slice(skip)
  const nested = nestedDelimiter(rows, delimiter, complete)
  return { encoding, delimiter, escapes: hasEscapes(rows, delimiter), nested, skip }
}

/** Decodes the first bytes of a file in the encoding that they show. */
export function decodeSample(sample: Uint8Array, format: Format): { encoding: Encoding; text: string } {
  const encoding = detectEncoding(sample, format.encoding)
  return { encoding, text: blockDecoder(encoding).decode(sample, false) }
}

/**
 * Yields the rows of a delimited text. `blockBytes` changes only how many rows come at a time. Throws `truncated` if
 * the text ends early, `empty` if it holds only blanks, and `not_a_contact_file` if a row does not end.
 */
export async function* csvBatches(
  chunks: AsyncIterable<Uint8Array>,
  dialect: CsvDialect,
  blockBytes = BLOCK_BYTES,
): AsyncGenerator<RowBatch, void> {
  const decoder = blockDecoder(dialect.encoding)
  const reader = new RowReader(dialect.delimiter, dialect.escapes)
  let { skip } = dialect
  let rest = ''
  let blank = true
  for await (const decoded of decodedBlocks(blocksOf(chunks, blockBytes), decoder)) {
    let text = rest + decoded.text
    if (skip > 0) {
      const skipped = Math.min(skip, text.length)
      text = text.slice(skipped)
      skip -= skipped
    }
    if (text.includes(HOLE)) throw hole()
    const { batch, used } = reader.read(text, decoded.last)
    rest = text.slice(used)
    if (rest.length > MOST_ROW_LENGTH) throw endlessRow(reader.nextNumber)
    if (batch.numbers.length === 0) continue
    const { nested } = dialect
    if (nested !== null) batch.cells = batch.cells.map((row) => innerRow(row, nested))
    blank &&= batch.cells.every((row) => row.every((cell) => cell.trim() === ''))
    yield batch
  }
  if (blank) throw emptyFile()
}

/** Yields the text of blocks of bytes. The last text may be empty. */
export async function* decodedBlocks(
  blocks: AsyncIterable<Uint8Array>,
  decoder: BlockDecoder,
): AsyncGenerator<{ text: string; last: boolean }, void> {
  for await (const block of blocks) yield { text: decoder.decode(block, false), last: false }
  yield { text: decoder.decode(new Uint8Array(0), true), last: true }
}

/** Returns the failure for a file with a hole. */
export function hole(): Failure {
  return new Failure(
    'truncated',
    'A part of the file holds zeros where text should be, so it is incomplete or damaged.',
    'It may still have been copying or uploading. Save or upload it again; nothing has been changed here.',
  )
}

function endlessRow(row: number): Failure {
  return new Failure(
    'not_a_contact_file',
    `Row ${row} of the file goes on for more than 2 million characters.`,
    `Look in row ${row} for a quotation mark (") that is never closed, and check that this is the contact file.`,
  )
}
