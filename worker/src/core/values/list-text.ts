/** Characters at which a cell with one line is split into several values. */
const DELIMITER = /[,;|]/

/**
 * Returns the text of a cell that holds several values: a line for each, and every reader of lists splits at line breaks.
 * A single value with a delimiter in it is written twice: a cell with a line break is split at line breaks only, so the
 * delimiter does not split the value.
 */
export function listText(values: readonly string[]): string {
  const lines = values.map(onOneLine)
  const [lone] = lines
  return lines.length === 1 && lone !== undefined && DELIMITER.test(lone) ? `${lone}\n${lone}` : lines.join('\n')
}

/** Returns the value of a cell for a reader of one value: a value that `listText` wrote twice comes back once. */
export function singleText(cell: string): string {
  const half = (cell.length - 1) / 2
  if (!Number.isInteger(half) || cell.charCodeAt(half) !== 10) return cell
  const value = cell.slice(0, half)
  return cell.endsWith(value) && DELIMITER.test(value) && !value.includes('\n') ? value : cell
}

function onOneLine(value: string): string {
  if (!/[\r\n]/.test(value)) return value
  const lines = value.split(/[\r\n]+/)
  return lines
    .map((line, i) => (i === 0 ? line.trimEnd() : i === lines.length - 1 ? line.trimStart() : line.trim()))
    .join(' ')
}
