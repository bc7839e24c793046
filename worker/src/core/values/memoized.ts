/** A power of two. */
const PLACES = 4096
const LONGEST_CELL = 100

/**
 * Returns the same reader with a cache of its results for up to a few thousand different cells. Titles and groups occur
 * many times, and need not be read again. `read` must depend only on the cell, and its results must never be changed.
 *
 * The cache is a table of our own: a `Map` keeps every text that it is asked for in a table of the engine, which costs
 * several times as much as the whole search here. Of two cells with one place, only the first is kept.
 */
export function memoized<T extends object>(read: (cell: string) => T): (cell: string) => T {
  const cells = new Array<string | null>(PLACES).fill(null)
  const values = new Array<T | null>(PLACES).fill(null)
  return (cell) => {
    if (cell.length > LONGEST_CELL) return read(cell)
    const place = placeOf(cell)
    const kept = cells[place] ?? null
    const known = kept === cell ? (values[place] ?? null) : null
    if (known !== null) return known
    if (kept !== null) return read(cell)
    const own = ownText(cell)
    const value = read(own)
    cells[place] = own
    values[place] = value
    return value
  }
}

function placeOf(cell: string): number {
  const { length } = cell
  let hash = length
  for (let at = 0; at < length; at++) hash = (Math.imul(hash, 31) + cell.charCodeAt(at)) | 0
  return (hash ^ (hash >>> 15)) & (PLACES - 1)
}

/**
 * Copies a text that is kept into memory of its own. A cell is a slice of the text of thousands of rows, and would keep
 * all of that text in memory.
 */
export function ownText(cell: string): string {
  return JSON.parse(JSON.stringify(cell))
}
