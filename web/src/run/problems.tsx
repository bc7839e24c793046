import type { ProblemView, RunView } from '../../../worker/src/api/views.ts'
import { useList } from '../load.ts'
import { List } from '../parts/list.tsx'
import { Pill } from '../parts/pill.tsx'
import { type Column, Table } from '../parts/table.tsx'

const COLUMNS: Column<ProblemView>[] = [
  { head: 'Row', number: true, cell: ({ row }) => row },
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
        <Pill text={severity === 'error' ? 'Left out' : 'Warning'} tone={severity === 'error' ? 'bad' : 'wait'} />{' '}
        {message}
      </>
    ),
  },
]

/** Why rows, or cells of them, were not imported as they stand; the report has those rows as they came. */
export function Problems({ run }: { run: RunView }) {
  const path = `/api/runs/${encodeURIComponent(run.id)}`
  const list = useList<ProblemView>(`${path}/problems`)
  return (
    <List list={list} empty={<p class="muted">Every row could be imported as it stands.</p>}>
      {(problems) => (
        <>
          <p class="downloads">
            <a class="button" href={`${path}/report.xlsx`} download>
              Report as .xlsx
            </a>
            <a class="button" href={`${path}/report.csv`} download>
              Report as .csv
            </a>
          </p>
          <Table label="Problems" columns={COLUMNS} items={problems} keyOf={keyOf} />
        </>
      )}
    </List>
  )
}

function keyOf({ row, column, code, value }: ProblemView): string {
  return [row, column, code, value].join('\n')
}
