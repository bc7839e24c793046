import { mayHaveNotation, withoutNotation } from './notation.ts'
import { streamOf } from './stream.ts'

/**
 * How many characters are written at a time. A turn of the stream for each row costs more than the rest of the work on
 * that row.
 */
const PIECE_LENGTH = 64 * 1024

/**
 * The start of a text that a spreadsheet program would run as a formula on opening the file (OWASP, CSV Injection), or
 * of one that would lose its apostrophe on reading.
 */
const FORMULA_START = /^'*[=+\-@\t\r]/

/**
 * Returns one row of a CSV file (RFC 4180): cells between commas, quoted where necessary, ended by CRLF. Set `defused`
 * for a file that people open in a spreadsheet program, such as a report: a text that looks like a formula gets an
 * apostrophe before it. Leave it out for data that must read back unchanged.
 */
export function csvRow(cells: readonly (string | number | null)[], options: { defused?: boolean } = {}): string {
  return `${cells.map((cell) => written(cell, options.defused ?? false)).join(',')}\r\n`
}

/**
 * Returns rows as a CSV file, piece by piece; see `csvRow` for the options. Takes no more rows than the reader asks
 * for.
 */
export function csvStream(
  rows: AsyncIterable<readonly (string | number | null)[]>,
  options: { defused?: boolean } = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return streamOf(csvPieces(rows, options))
}

async function* csvPieces(
  rows: AsyncIterable<readonly (string | number | null)[]>,
  options: { defused?: boolean },
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const encoder = new TextEncoder()
  let text = ''
  for await (const row of rows) {
    text += csvRow(row, options)
    if (text.length < PIECE_LENGTH) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text !== '') yield encoder.encode(text)
}

/** Returns a text as a file with `defused` has it. */
export function defusedText(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : guarded(text)
}

/** Returns a text with an apostrophe before it if it would be read as another text without one. */
function guarded(text: string): string {
  return mayHaveNotation(text) && withoutNotation(text) !== text ? `'${text}` : text
}

function written(cell: string | number | null, defused: boolean): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = defused ? defusedText(cell) : guarded(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
