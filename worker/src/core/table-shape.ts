import { type Columns, findColumns } from './columns.ts'
import { Failure } from './failure.ts'
import { headersOf, type MappingColumn, type RowRule } from './mapping.ts'
import { cellsBehind, type Row } from './row.ts'
import { headerKey, TEMPLATE } from './template.ts'

/** What a reader of workbooks must know about a table before it reads all of its rows. */
export interface TableShape {
  /** Whether the table has all columns that are needed. */
  fits: boolean
  /** How many of them it has. */
  found: number
  /** The number of the header row; 0 if there is none. */
  headerRow: number
  /**
   * The columns, from 0 on, whose cells identify somebody. In these the digits of a number count, and not the format in
   * which a spreadsheet shows it. `dates`: what counts in a cell with the format of a date.
   */
  identifying: ReadonlyMap<number, 'date' | 'digits'>
}

/** Returns the shape of a table from its first rows, as many as `HEADER_SEARCH`. */
export type ShapeOf = (first: readonly Row[]) => TableShape

/** Returns the judge of tables for a mapping, null for the columns of the template, and for the rules for rows. */
export function shapeFor(mapping: readonly MappingColumn[] | null, rows: readonly RowRule[] = []): ShapeOf {
  const mapped =
    mapping === null
      ? TEMPLATE.filter(({ required }) => required).map(({ header }) => header)
      : mapping.flatMap(headersOf)
  const needed = new Set([...mapped, ...rows.map(({ column }) => column)].map(headerKey))
  return (first) => {
    try {
      const columns = findColumns(first, mapping, { rows })
      return { fits: true, found: needed.size, headerRow: columns.headerRow, identifying: identifyingIn(columns) }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return { fits: false, ...nearestHeader(first, needed), identifying: new Map() }
    }
  }
}

function nearestHeader(first: readonly Row[], needed: ReadonlySet<string>): Pick<TableShape, 'found' | 'headerRow'> {
  let best = { found: 0, headerRow: 0 }
  for (const { number, cells } of first) {
    const found = new Set(cells.map(headerKey).filter((key) => needed.has(key))).size
    if (found > best.found) best = { found, headerRow: number }
  }
  return best
}

/** A date in the place of a telephone number or a group is a mistake that the text shows best. No ID is a date. */
function identifyingIn(columns: Columns): TableShape['identifying'] {
  const { id, numbers, groups, texts } = columns
  const identifying = new Map<number, 'date' | 'digits'>()
  for (const { number } of numbers) identifying.set(number, 'date')
  const note = (index: number, how: 'date' | 'digits') => {
    for (const cell of cellsBehind(index, columns)) identifying.set(cell, how)
  }
  for (const index of groups) note(index, 'date')
  for (const { key, index } of texts) if (key === 'assignedUser') note(index, 'digits')
  note(id, 'digits')
  return identifying
}
