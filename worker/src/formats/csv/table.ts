import { ReadAgain, type RowBatch } from '../../core/bytes.ts'
import { Failure } from '../../core/failure.ts'
import type { Format } from '../../core/source.ts'
import { blocksOf } from '../reading.ts'
import { emptyFile } from '../refusals.ts'
import { detectDelimiter, hasEscapes, separatorLine } from './delimiter.ts'
import { type BlockDecoder, blockDecoder, type TextEncoding } from './encoding.ts'
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
  delimiter: string
  /** Whether a backslash escapes the next character, wherever that is a possible reading. */
  escapes: boolean
  /** The delimiter inside the cells, if each row is one quoted cell (see `nested.ts`). */
  nested: string | null
  skip: number
}

/** Detects the dialect from the beginning of a text. `complete` says that it is the whole text. */
export function detectDialect(text: string, complete: boolean, format: Format): CsvDialect {
  // Programs that copy a file may put a second byte-order mark before the first.
  const start = text.length - text.replace(/^\uFEFF+/, '').length
  const separator = separatorLine(text.slice(start))
  const skip = start + (separator?.length ?? 0)
  const rows = text.slice(skip)
  const delimiter = format.delimiter ?? separator?.delimiter ?? detectDelimiter(rows, complete)
  return { delimiter, escapes: hasEscapes(rows, delimiter), nested: nestedDelimiter(rows, delimiter, complete), skip }
}

/** A text, its dialect and its encoding. `judgedAgain` receives the encoding that only the end of the text has shown. */
interface CsvContent {
  chunks: AsyncIterable<Uint8Array>
  encoding: TextEncoding
  dialect: CsvDialect
  judgedAgain?(encoding: TextEncoding): void
}

/**
 * Yields the rows of a delimited text. `blockBytes` changes only how many rows come at a time. Throws `truncated` if
 * the text ends early, `empty` if it holds only blanks, `not_a_contact_file` if a row does not end, and `ReadAgain` after
 * the last row if the text was read in a wrong encoding.
 */
export async function* csvBatches(
  { chunks, encoding, dialect, judgedAgain }: CsvContent,
  blockBytes = BLOCK_BYTES,
): AsyncGenerator<RowBatch, void> {
  const decoder = blockDecoder(encoding)
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
  const again = decoder.judgedAgain?.() ?? null
  if (again === null) return
  judgedAgain?.(again)
  throw new ReadAgain()
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
