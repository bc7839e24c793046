import type { ComponentChildren } from 'preact'
import { WindowedRows } from './windowed.tsx'

/** How many rows a table has at most in the page at once, before only those near the view are. */
const LONG = 100

/** A column of a table, with its head and the value it shows for an item. */
export interface Column<T> {
  head: string
  cell: (item: T) => ComponentChildren
  /** Whether the column holds numbers, which are aligned right. */
  number?: boolean
}

interface TableProps<T> {
  /** The accessible name of the table, for screen readers. */
  label: string
  columns: Column<T>[]
  items: readonly T[]
  keyOf: (item: T) => string
  /** On a narrow screen, the values of an item follow each other, with no heads but those of numbers. */
  lines?: boolean
}

/**
 * Stands for a value that an item does not have. On a narrow screen, where an item is a card, its cell is left out with its
 * head.
 */
export function None() {
  return <span class="muted none">–</span>
}

/** A table that becomes a list of cards on a narrow screen, where each value follows its head. */
export function Table<T>({ label, columns, items, keyOf, lines = false }: TableProps<T>) {
  const rowsOf = (shown: readonly T[]) =>
    shown.map((item) => (
      <tr key={keyOf(item)}>
        {columns.map(({ head, number, cell }) => (
          <td key={head} data-head={head} class={number === true ? 'number' : undefined}>
            <div>{cell(item)}</div>
          </td>
        ))}
      </tr>
    ))
  return (
    <table class={lines ? 'table lines' : 'table'} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ head, number }) =>
            head === '' ? (
              <td key={head} />
            ) : (
              <th key={head} scope="col" class={number === true ? 'number' : undefined}>
                {head}
              </th>
            ),
          )}
        </tr>
      </thead>
      {items.length > LONG ? (
        <WindowedRows items={items} columns={columns.length}>
          {rowsOf}
        </WindowedRows>
      ) : (
        <tbody>{rowsOf(items)}</tbody>
      )}
    </table>
  )
}
