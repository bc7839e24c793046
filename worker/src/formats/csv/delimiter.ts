import { RowReader } from './rows.ts'

/** The delimiters a file may use, in the order in which a tie is settled. */
const DELIMITERS = [',', ';', '\t', '|'] as const
const JUDGED_ROWS = 200

/**
 * The line `sep=;` that spreadsheet programs write and hide: the delimiter it names and the characters it takes, or
 * null where the text does not begin with one.
 */
export function separatorLine(text: string): { delimiter: string; length: number } | null {
  const match = /^"?sep=([^\r\n"])"?(?:\r\n|\n|\r|$)/i.exec(text)
  return match?.[1] === undefined ? null : { delimiter: match[1], length: match[0].length }
}

/**
 * The delimiter of a text, judged by its first rows: the one that cuts most of them into the same, larger number of
 * cells, the first row above all. A comma where none cuts anything. `complete` says that `text` is the whole file.
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
  // Not one whole row: a very wide header, or a quote that is never closed.
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
