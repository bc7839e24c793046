import type { RunView } from '../../../worker/src/api/views.ts'
import { addressOf } from '../client.ts'
import { bytes, count, dateTime, duration } from '../format.ts'
import { Block, Facts } from '../parts/page.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { triggerWord } from '../words.ts'

/** The times and trigger of a run, and the file that it read. */
export function Details({ run }: { run: RunView }) {
  const { file, counts, createdAt, startedAt, finishedAt, undoes, undoneBy } = run
  return (
    <Block title="Details">
      <Facts
        items={[
          ['Started', `${dateTime(startedAt ?? createdAt)}, ${triggerWord(run.trigger)}`],
          ['By', run.requestedBy],
          ['Fetched', run.fetch === 'changes' ? 'New and changed contacts' : null],
          ['Took', startedAt === null || finishedAt === null ? null : duration(startedAt, finishedAt)],
          ['File', file === null ? null : <FileLine run={run} file={file} />],
          ['Last changed', file === null || file.modifiedAt === null ? null : dateTime(file.modifiedAt)],
          ['Rows', counts.rows === 0 ? null : count(counts.rows)],
          ['SHA-256', file === null ? null : <code class="break small">{file.sha256}</code>],
          ['Undoes', undoes === null ? null : <RunLink id={undoes}>an earlier run</RunLink>],
          ['Undone', undoneBy === null ? null : <RunLink id={undoneBy}>by a later run</RunLink>],
        ]}
      />
    </Block>
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
