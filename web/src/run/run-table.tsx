import type { RunView } from '../../../worker/src/api/views.ts'
import { Pill } from '../parts/pill.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Ago } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'
import { outcome, statusWord, triggerWord } from '../words.ts'

interface RunTableProps {
  runs: RunView[]
  /** The names of sources by ID; left out if all runs belong to one source. */
  sourceNames?: ReadonlyMap<string, string>
}

/** Runs, newest first. */
export function RunTable({ runs, sourceNames }: RunTableProps) {
  const columns: Column<RunView>[] = [
    {
      head: 'Run',
      cell: (run) => (
        <a href={hrefOf('/runs/:id', { id: run.id })}>
          <Ago at={run.startedAt ?? run.createdAt} />
        </a>
      ),
    },
    ...(sourceNames === undefined
      ? []
      : [{ head: 'Source', cell: (run: RunView) => sourceNames.get(run.sourceId) ?? 'A deleted source' }]),
    {
      head: 'State',
      cell: (run) => (
        <>
          <Pill {...statusWord(run)} /> {run.mode === 'preview' && run.status !== 'previewed' ? 'Preview' : null}
        </>
      ),
    },
    { head: 'Contacts', cell: (run) => run.failure?.message ?? (outcome(run) || '–') },
    { head: 'Started', cell: (run) => <span class="nowrap">{triggerWord(run.trigger)}</span> },
  ]
  return <Table label="Runs" columns={columns} items={runs} keyOf={({ id }) => id} />
}
