import { useRef } from 'preact/hooks'
import type { RunView } from '../../../worker/src/api/views.ts'
import { count } from '../format.ts'
import { Waiting } from '../parts/list.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Block, Page } from '../parts/page.tsx'
import { Pill } from '../parts/pill.tsx'
import { Progress } from '../parts/progress.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { hrefOf } from '../router.ts'
import { Cancel } from '../run/cancel.tsx'
import { Changes } from '../run/changes.tsx'
import { Counts } from '../run/counts.tsx'
import { Decide } from '../run/decide.tsx'
import { Decided } from '../run/decided.tsx'
import { Details } from '../run/details.tsx'
import { useLiveRun } from '../run/live.ts'
import { Problems } from '../run/problems.tsx'
import { Undo } from '../run/undo.tsx'
import { useMay } from '../session.ts'
import { useSourceNames } from '../source/names.ts'
import { isActive, statusWord } from '../words.ts'

/** The page of a run: its live progress, then its results, and the actions that a person can take. */
export function RunPage({ id }: { id: string }) {
  const { data: run, problem } = useLiveRun(id)
  const names = useSourceNames()
  if (run === null) return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  const source = names.get(run.sourceId)
  const up =
    source === undefined
      ? { href: '/runs', label: 'Runs' }
      : { href: hrefOf('/sources/:id', { id: run.sourceId }), label: 'The source' }
  return (
    <Page
      title={titleOf(run, source)}
      up={up}
      beside={isActive(run.status) ? null : <Pill {...statusWord(run)} />}
      actions={
        <>
          <Cancel run={run} />
          {source === undefined ? null : <Undo run={run} />}
        </>
      }
    >
      <Announce run={run} />
      {isActive(run.status) ? (
        <Block title="In progress">
          <Progress run={run} />
        </Block>
      ) : null}
      <Undoing run={run} />
      <Decided run={run} />
      <Failed run={run} />
      {run.status === 'held' ? <Decide run={run} /> : null}
      <Result run={run} />
      <Details run={run} />
    </Page>
  )
}

function titleOf({ trigger, mode }: RunView, source: string | undefined): string {
  const what = trigger === 'undo' ? 'Undo' : mode === 'preview' ? 'Preview' : 'Import'
  return source === undefined ? what : `${what} of ${source}`
}

/** The run that undid this one, or the run that this one undoes. */
function Undoing({ run: { undoes, undoneBy } }: { run: RunView }) {
  const other = undoneBy ?? undoes
  if (other === null) return null
  const text = undoneBy === null ? 'This takes back an earlier import.' : 'This has been undone.'
  return (
    <Notice tone="quiet" title={text}>
      <p>
        <a href={hrefOf('/runs/:id', { id: other })}>
          {undoneBy === null ? 'The import it takes back' : 'The run that took it back'}
        </a>
      </p>
    </Notice>
  )
}

/** Announces the end of a watched run to screen readers. */
function Announce({ run }: { run: RunView }) {
  const first = useRef(run.status)
  const text = first.current === run.status ? '' : statusWord(run).text
  return (
    <p class="hidden" role="status">
      {text}
    </p>
  )
}

function Failed({ run }: { run: RunView }) {
  const may = useMay()
  if (run.failure === null) return null
  return (
    <Notice tone="bad" title={run.failure.message}>
      <p>{run.failure.advice}</p>
      {may.configure ? (
        <p>
          <a href={hrefOf('/sources/:id/edit', { id: run.sourceId, query: { at: 'where' } })}>
            Check the import settings
          </a>
        </p>
      ) : null}
    </Notice>
  )
}

/** Shows that the files of an old run have expired and only its counts are kept. */
function Expired({ run }: { run: RunView }) {
  return (
    <>
      <Notice tone="quiet" title="The details of this run have expired">
        <p>
          The file, the list of changes and the problems are kept for some time only (see Settings), and after that the
          run can’t be undone any more. What it changed is still in the history of each contact.
        </p>
      </Notice>
      <Counts run={run} />
    </>
  )
}

function Result({ run }: { run: RunView }) {
  if (isActive(run.status) || run.counts.rows + run.counts.removed + run.counts.added + run.counts.updated === 0) {
    return null
  }
  if (run.expiredAt !== null) return <Expired run={run} />
  const problems = run.counts.errors + run.counts.warnings
  const changes = run.counts.added + run.counts.updated + run.counts.removed
  const tabs = [
    { id: 'changes', label: `Changes (${count(changes)})`, content: () => <Changes run={run} /> },
    { id: 'problems', label: `Problems (${count(problems)})`, content: () => <Problems run={run} /> },
  ]
  return (
    <>
      <Counts run={run} />
      <section class="block" aria-label="Changes and problems">
        <Tabs label="What this run found" tabs={changes === 0 && problems > 0 ? tabs.toReversed() : tabs} />
      </section>
    </>
  )
}
