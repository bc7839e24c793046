import { RowReader } from './rows.ts'

/** The delimiters that a file may use. The first one wins a tie. */
const DELIMITERS = [',', ';', '\t', '|'] as const
const JUDGED_ROWS = 200

/**
 * Reads the line `sep=;` that spreadsheet programs write and hide. Returns the delimiter that it names and its length
 * in characters, or null if the text does not begin with such a line.
 */
export function separatorLine(text: string): { delimiter: string; length: number } | null {
  const match = /^"?sep=([^\r\n"])"?(?:\r\n|\n|\r|$)/i.exec(text)
  return match?.[1] === undefined ? null : { delimiter: match[1], length: match[0].length }
}

/**
 * Returns the delimiter of a text, judged by its first rows: the one that cuts most rows into the same, larger number
 * of cells, where the first row counts most. Returns a comma if no delimiter cuts anything. `complete` says that `text`
 * is the whole file.
 */
export function detectDelimiter(text: string, complete: boolean): string {
  let best = ','
  let bestScore = 0
  for (const delimiter of DELIMITERS) {
    const score = regularity(firstRows(text, delimiter, complete))
    if (score > bestScore) {
      best = delimiter
      bestScore = score
    }
  }
  return best
}

function firstRows(text: string, delimiter: string, complete: boolean): string[][] {
  const { cells } = new RowReader(delimiter).read(complete ? `${text}\n` : text, false).batch
  if (cells.length > 0) return cells.slice(0, JUDGED_ROWS)
  // There is not one complete row: the header is very wide, or a quote is never closed.
  return [(text.split(/[\r\n]/, 1)[0] ?? '').split(delimiter)]
}

function regularity(rows: string[][]): number {
  const frequencies = new Map<number, number>()
  for (const row of rows) frequencies.set(row.length, (frequencies.get(row.length) ?? 0) + 1)
  let best = 0
  for (const [width, frequency] of frequencies) {
    if (width < 2) continue
    const share = frequency / rows.length
    const headerAgrees = rows[0]?.length === width ? 2 : 1
    best = Math.max(best, share * share * (width - 1) * headerAgrees)
  }
  return best
}

/** Returns whether the first rows of a text show that a backslash escapes characters, as in the files of databases. */
export function hasEscapes(text: string, delimiter: string): boolean {
  if (!text.includes('\\')) return false
  if (/\p{L}\\'\p{L}/u.test(text)) return true
  const reader = new RowReader(delimiter)
  const { cells } = reader.read(text, false).batch
  return reader.escaped > 0 || cells.some((row) => row.includes('\\N'))
}
