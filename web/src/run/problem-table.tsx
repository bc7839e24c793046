import type { ProblemView } from '../../../worker/src/api/views/run.ts'
import { State } from '../parts/state.tsx'
import { type Column, Table } from '../parts/table.tsx'

/** A problem of a run, or of a file that is only checked. */
type Shown = Omit<ProblemView, 'new'>

const COLUMNS: Column<Shown>[] = [
  { head: 'Row', number: true, cell: ({ row }) => (row === 0 ? '–' : row) },
  {
    head: 'Contact',
    cell: ({ name, id }) => (
      <span class="stack">
        <span>{name ?? '–'}</span>
        {id === null ? null : <span class="muted small">ID {id}</span>}
      </span>
    ),
  },
  {
    head: 'Column',
    cell: ({ column, value }) => (
      <span class="stack">
        <span>{column ?? '–'}</span>
        {value === null || value === '' ? null : <code class="small">{value}</code>}
      </span>
    ),
  },
  {
    head: 'What is wrong',
    cell: ({ severity, message }) => (
      <>
        <State kind={severity === 'error' ? 'bad' : 'waiting'}>{severity === 'error' ? 'Left out' : 'Warning'}</State>{' '}
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
