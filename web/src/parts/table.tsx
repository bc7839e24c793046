import type { ComponentChildren } from 'preact'

/** A column of a table: its head, and what it shows of an item. */
export interface Column<T> {
  head: string
  cell: (item: T) => ComponentChildren
  /** Numbers stand at the right. */
  number?: boolean
}

interface TableProps<T> {
  /** What the table lists, for those who hear it. */
  label: string
  columns: Column<T>[]
  items: readonly T[]
  keyOf: (item: T) => string
}

/** A table that becomes a list of cards on a narrow screen; the heads then stand before their values. */
export function Table<T>({ label, columns, items, keyOf }: TableProps<T>) {
  return (
    <table class="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ head, number }) => (
            <th key={head} scope="col" class={number === true ? 'number' : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={keyOf(item)}>
            {columns.map(({ head, number, cell }) => (
              <td key={head} data-head={head} class={number === true ? 'number' : undefined}>
                <div>{cell(item)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
