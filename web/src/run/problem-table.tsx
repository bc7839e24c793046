import type { ProblemView } from '../../../worker/src/api/views/run.ts'
import { State } from '../parts/state.tsx'
import { type Column, None, Table } from '../parts/table.tsx'

/** A problem of a run, or of a file that is only checked. */
type Shown = Omit<ProblemView, 'new'>

const COLUMNS: Column<Shown>[] = [
  { head: 'Row', number: true, cell: ({ row }) => (row === 0 ? <None /> : row) },
  {
    head: 'Contact',
    cell: ({ name, id }) =>
      name === null && id === null ? (
        <None />
      ) : (
        <span class="stack">
          {name === null ? null : <span>{name}</span>}
          {id === null ? null : <span class="muted small">ID {id}</span>}
        </span>
      ),
  },
  {
    head: 'Column',
    cell: ({ column, value }) => {
      const shown = value === null || value === '' ? null : value
      if (column === null && shown === null) return <None />
      return (
        <span class="stack">
          {column === null ? null : <span>{column}</span>}
          {shown === null ? null : <code class="small">{shown}</code>}
        </span>
      )
    },
  },
  {
    head: 'What is wrong',
    cell: ({ severity, message }) => (
      <>
        <State kind={severity === 'error' ? 'bad' : 'warning'}>{severity === 'error' ? 'Left out' : 'Warning'}</State>{' '}
        {message}
      </>
    ),
  },
]

/** Rows and cells that cannot be imported unchanged, each with its problem. */
export function ProblemTable({ problems }: { problems: readonly Shown[] }) {
  return <Table label="Problems" columns={COLUMNS} items={problems} keyOf={keyOf} />
}

function keyOf({ row, column, code, value }: Shown): string {
  return [row, column, code, value].join('\n')
}
