import { guarded } from './notation.ts'
import { streamOf } from './stream.ts'

/**
 * How many characters are written at a time. A turn of the stream for each row costs more than the rest of the work on
 * that row.
 */
const PIECE_LENGTH = 64 * 1024

/**
 * Returns one row of a CSV file (RFC 4180): cells between commas, quoted where necessary, ended by CRLF. A text that a
 * spreadsheet program may run as a formula gets an apostrophe before it, which is not part of the text when it is read.
 */
export function csvRow(cells: readonly (string | number | null)[]): string {
  return `${cells.map(written).join(',')}\r\n`
}

/** Returns rows as a CSV file, piece by piece; see `csvRow`. Takes no more rows than the reader asks for. */
export function csvStream(
  rows: AsyncIterable<readonly (string | number | null)[]>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return streamOf(csvPieces(rows))
}

async function* csvPieces(
  rows: AsyncIterable<readonly (string | number | null)[]>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const encoder = new TextEncoder()
  let text = ''
  for await (const row of rows) {
    text += csvRow(row)
    if (text.length < PIECE_LENGTH) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text !== '') yield encoder.encode(text)
}

/** What is quoted: also a formula behind a semicolon or a tab, which some programs take for the separator. */
const QUOTED = /[",\r\n]|[;\t]["\s]{0,9}[=+\-@＝＋－＠]/

function written(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = guarded(cell)
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
