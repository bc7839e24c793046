/** What a spreadsheet program would run as a formula on opening the file (OWASP, CSV Injection). */
const FORMULA_START = /^[=+\-@\t\r]/

/**
 * One row of a CSV file (RFC 4180): cells between commas, quoted where they have to be, ended by CRLF. Set `defused` for a
 * file that people open in a spreadsheet program, such as a report: a text that it would take for a formula gets an
 * apostrophe before it. Leave it out for data that is to come back unchanged.
 */
export function csvRow(cells: readonly (string | number | null)[], options: { defused?: boolean } = {}): string {
  return `${cells.map((cell) => written(cell, options.defused ?? false)).join(',')}\r\n`
}

function written(cell: string | number | null, defused: boolean): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = defused && FORMULA_START.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
