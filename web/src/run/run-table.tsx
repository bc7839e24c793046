import type { RunView } from '../../../worker/src/api/views/run.ts'
import { count, dayAndTime, duration } from '../format.ts'
import { StateWord } from '../parts/state.tsx'
import { type Column, None, Table } from '../parts/table.tsx'
import { hrefOf } from '../router.ts'
import { statusWord, triggerWord } from '../words.ts'

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
        <a href={hrefOf('/runs/:id', { id: run.id })} class="nowrap">
          {dayAndTime(run.startedAt ?? run.createdAt)}
        </a>
      ),
    },
    ...(sourceNames === undefined
      ? []
      : [{ head: 'Source', cell: (run: RunView) => sourceNames.get(run.sourceId) ?? 'A deleted source' }]),
    { head: 'State', cell: (run) => <StateCell run={run} /> },
    { head: 'Added', number: true, cell: (run) => <Changed run={run} kind="added" /> },
    { head: 'Changed', number: true, cell: (run) => <Changed run={run} kind="updated" /> },
    { head: 'Removed', number: true, cell: (run) => <Changed run={run} kind="removed" /> },
    { head: 'Errors', number: true, cell: ({ counts }) => figure(counts.errors) },
    { head: 'Took', number: true, cell: took },
    { head: 'Started', cell: (run) => <span class="nowrap">{triggerWord(run.trigger)}</span> },
  ]
  return <Table label="Runs" columns={columns} items={runs} keyOf={({ id }) => id} />
}

function StateCell({ run }: { run: RunView }) {
  const state = <StateWord word={statusWord(run)} />
  if (run.failure === null)
    return (
      <>
        {run.mode === 'preview' && run.status !== 'previewed' ? 'Preview: ' : null}
        {state}
      </>
    )
  return (
    <span class="stack">
      {state}
      <span class="small">{run.failure.message}</span>
    </span>
  )
}

/** How many contacts the run has changed, and how many more it would: `14`, `31 wait`. */
function Changed({ run, kind }: { run: RunView; kind: keyof RunView['applied'] }) {
  const done = run.applied[kind]
  const waits =
    run.status === 'held' ? (run.waiting?.[kind] ?? 0) : run.status === 'previewed' ? run.figures.rest[kind] : 0
  if (waits === 0) return <>{figure(done)}</>
  const word = run.status === 'held' ? `${count(waits)} wait` : `(${count(waits)})`
  return (
    <>
      {done === 0 ? null : `${count(done)}, `}
      {word}
    </>
  )
}

/** A number that stands out from the many that are zero. */
function figure(value: number) {
  return value === 0 ? <None /> : count(value)
}

function took({ startedAt, finishedAt }: RunView) {
  return startedAt === null || finishedAt === null ? <None /> : duration(startedAt, finishedAt)
}
