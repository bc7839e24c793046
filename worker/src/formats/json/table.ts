import type { RowBatch } from '../../core/bytes.ts'
import { Failure } from '../../core/failure.ts'
import { blockDecoder, type TextEncoding } from '../csv/encoding.ts'
import { decodedBlocks, HOLE, hole } from '../csv/table.ts'
import { blocksOf } from '../reading.ts'
import { DocumentReader, holdsList, type Shape } from './document.ts'
import { Keys } from './keys.ts'

/** How many bytes are decoded at a time. */
const BLOCK_BYTES = 256 * 1024
/** The longest record, in characters. */
const MOST_RECORD_LENGTH = 2 * 1024 * 1024

/** A document of JSON whose bytes can be read more than once. */
export interface JsonContent {
  chunks(): AsyncIterable<Uint8Array>
  encoding: TextEncoding
  shape: Shape
}

/** Returns whether a text begins like a list of JSON objects, or an object; a list of anything else does as well. */
export function looksLikeJson(text: string): boolean {
  return /^\s*(?:\{\s*["}]|\[\s*[{["\]])/.test(text)
}

/** Detects from the beginning of a document where its records are. */
export function jsonShape(sample: string): Shape {
  const text = sample.trimStart()
  if (text.startsWith('[')) return 'list'
  const end = text.indexOf('\n')
  const first = end === -1 ? null : parsed(text.slice(0, end))
  if (typeof first !== 'object' || first === null) return 'wrapped'
  const rest = text.slice(end).trimStart()
  // A line by itself may be the only record or an object around a list.
  return rest.startsWith('{') || (rest === '' && !holdsList(first)) ? 'lines' : 'wrapped'
}

/**
 * Yields the records of a document as rows: first the header, which is the union of their keys, as row 0, then record 1
 * and so on. So the whole document is read once before for its keys; its records are not kept. `turn` is awaited between
 * pieces of that work. Throws `Failure`: `not_a_contact_file` if it is not a list of objects, `truncated` if the text
 * ends early, `empty` if there is no record, `header_duplicate` if a record has a key twice.
 */
export async function jsonBatches(
  content: JsonContent,
  turn: () => Promise<void>,
  blockBytes = BLOCK_BYTES,
): Promise<AsyncGenerator<RowBatch, void>> {
  const keys = new Keys()
  try {
    for await (const _ of read(content, keys, blockBytes)) await turn()
  } catch (error) {
    // The rows before the end are still read, as those of any other file. Then the failure comes again.
    if (!(error instanceof Failure && error.code === 'truncated')) throw error
  }
  const header = keys.layOut()
  return withHeader(header, read(content, keys, blockBytes))
}

async function* withHeader(header: string[], records: AsyncGenerator<RowBatch, void>): AsyncGenerator<RowBatch, void> {
  if (header.length > 0) yield { numbers: [0], cells: [header] }
  yield* records
}

async function* read(
  { chunks, encoding, shape }: JsonContent,
  keys: Keys,
  blockBytes: number,
): AsyncGenerator<RowBatch, void> {
  const document = new DocumentReader(shape, keys)
  let rest = ''
  for await (const { text, last } of decodedBlocks(blocksOf(chunks(), blockBytes), blockDecoder(encoding))) {
    const whole = rest + text
    if (whole.includes(HOLE)) throw hole()
    const { batch, used } = document.read(whole, last)
    rest = whole.slice(used)
    if (rest.length > MOST_RECORD_LENGTH) throw endlessRecord(document.records + 1)
    if (batch.numbers.length > 0) yield batch
  }
  if (document.records === 0) throw noRecords()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function endlessRecord(record: number): Failure {
  return new Failure(
    'not_a_contact_file',
    `Record ${record} of the file goes on for more than 2 million characters.`,
    'Check that this is the contact file. Each contact must be an object of its own.',
  )
}

function noRecords(): Failure {
  return new Failure(
    'empty',
    'The file is a JSON list without a single record.',
    'Check the export. Nobody was removed: a list without records is never taken to mean that everybody has left.',
  )
}
