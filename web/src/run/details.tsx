import type { RunView } from '../../../worker/src/api/views/run.ts'
import { addressOf } from '../client.ts'
import { bytes, dateTime, duration } from '../format.ts'
import { Facts } from '../parts/page.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { triggerWord } from '../words.ts'
import { figureFacts } from './figures.ts'

/** The times and trigger of a run, the file that it read, and its figures. */
export function Details({ run }: { run: RunView }) {
  const { file, createdAt, startedAt, finishedAt, undoes, undoneBy } = run
  return (
    <div class="columns">
      <Facts
        items={[
          ['Started', `${dateTime(startedAt ?? createdAt)}, ${triggerWord(run.trigger)}`],
          ['By', run.requestedBy],
          ['Fetched', run.fetch === 'changes' ? 'New and changed contacts' : null],
          ['Took', startedAt === null || finishedAt === null ? null : duration(startedAt, finishedAt)],
          ['File', file === null ? null : <FileLine run={run} file={file} />],
          ['Last changed', file === null || file.modifiedAt === null ? null : dateTime(file.modifiedAt)],
          ['SHA-256', file === null ? null : <code class="break small">{file.sha256}</code>],
          ['Undoes', undoes === null ? null : <RunLink id={undoes}>an earlier run</RunLink>],
          ['Undone', undoneBy === null ? null : <RunLink id={undoneBy}>by a later run</RunLink>],
        ]}
      />
      <Facts items={figureFacts(run)} />
    </div>
  )
}

function FileLine({ run, file }: { run: RunView; file: NonNullable<RunView['file']> }) {
  const may = useMay()
  return (
    <>
      <span class="break">{file.name}</span>, {bytes(file.bytes)}{' '}
      {run.expiredAt !== null ? (
        <span class="muted">expired</span>
      ) : may.run ? (
        <a href={addressOf('/api/runs/:id/snapshot', { id: run.id })} download>
          Download
        </a>
      ) : null}
    </>
  )
}

function RunLink({ id, children }: { id: string; children: string }) {
  return <a href={hrefOf('/runs/:id', { id })}>{children}</a>
}
