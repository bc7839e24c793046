const MOST_CELLS = 4096
const LONGEST_CELL = 100

/**
 * Returns the same reader with a cache of its results for the first few thousand different cells. Titles and groups
 * occur many times, and need not be read again. `read` must depend only on the cell, and its results must never be
 * changed.
 */
export function memoized<T extends object>(read: (cell: string) => T): (cell: string) => T {
  const known = new Map<string, T>()
  return (cell) => {
    const found = known.get(cell)
    if (found !== undefined) return found
    if (known.size === MOST_CELLS || cell.length > LONGEST_CELL) return read(cell)
    const own = ownText(cell)
    const value = read(own)
    known.set(own, value)
    return value
  }
}

/**
 * Copies a text that is kept into memory of its own. A cell is a slice of the text of thousands of rows, and would keep
 * all of that text in memory.
 */
export function ownText(cell: string): string {
  return JSON.parse(JSON.stringify(cell))
}
