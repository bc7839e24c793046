const MOST_CELLS = 4096
const LONGEST_CELL = 100

/**
 * The same reader, with what it made of the first few thousand different cells kept: a title or a group comes again and
 * again, and need not be read again. `read` must depend on the cell alone, and what it
 * gives must not be changed by anybody.
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
 * The same text in memory of its own, for what is kept: a cell is a window on the text of thousands of rows, and would keep
 * all of it.
 */
export function ownText(cell: string): string {
  return JSON.parse(JSON.stringify(cell))
}
