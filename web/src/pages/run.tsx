import { useRef, useState } from 'preact/hooks'
import type { MeaningView, RunView } from '../../../worker/src/api/views/run.ts'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { addressOf } from '../client.ts'
import { count, dayAndTime } from '../format.ts'
import { useLoad } from '../load.ts'
import { Icon } from '../parts/icon.tsx'
import { Waiting } from '../parts/list.tsx'
import { Menu } from '../parts/menu.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { StateWord } from '../parts/state.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { hrefOf, setQuery } from '../router.ts'
import { Cancel } from '../run/cancel.tsx'
import { Changes } from '../run/changes.tsx'
import { Decide } from '../run/decide.tsx'
import { Decided } from '../run/decided.tsx'
import { Details } from '../run/details.tsx'
import { useLiveRun } from '../run/live.ts'
import { Meaning } from '../run/meaning.tsx'
import { outcomeSentences } from '../run/outcome.ts'
import { Problems } from '../run/problems.tsx'
import { Steps } from '../run/steps.tsx'
import { Undo } from '../run/undo.tsx'
import { useMay } from '../session.ts'
import { isActive, statusWord } from '../words.ts'

/** The page of a run: its outcome or its progress, the decision that it waits for, and what it found. */
export function RunPage({ id }: { id: string }) {
  const { data: run, problem } = useLiveRun(id)
  const reading = useLoad('/api/sources/:id', run === null ? null : { id: run.sourceId })
  const source = reading.data
  // An undo gives back what was there before, and is not counted.
  const planned = run !== null && run.plan !== null && run.expiredAt === null && run.trigger !== 'undo'
  const meaning = useLoad('/api/runs/:id/meaning', planned ? { id } : null).data
  const [reviews, setReviews] = useState(0)
  // A page that begins with another title, because its source is still read, would jump. A deleted source has no name.
  if (run === null || (source === null && reading.problem === null))
    return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  const review = () => {
    setQuery({ tab: '', part: '', op: '', attribute: '', group: '', search: '' })
    setReviews(reviews + 1)
    document.getElementById('found')?.focus({ preventScroll: true })
    document.getElementById('found')?.scrollIntoView()
  }
  const active = isActive(run.status)
  return (
    <Page
      title={titleOf(run, source)}
      up={
        source === null
          ? { href: '/runs', label: 'Runs' }
          : { href: hrefOf('/sources/:id', { id: run.sourceId }), label: source.name }
      }
      beside={
        <>
          <span class="title-note">{dayAndTime(run.startedAt ?? run.createdAt)}</span>
          {active ? null : <StateWord word={statusWord(run)} />}
        </>
      }
      actions={
        <>
          <Cancel run={run} />
          {source === null ? null : <Undo run={run} />}
        </>
      }
      menu={<Downloads run={run} />}
    >
      <Announce run={run} />
      {active ? <Steps run={run} /> : <p class="outcome">{outcomeSentences(run)}</p>}
      <Undoing run={run} />
      <Failed run={run} />
      {run.status === 'held' ? <Decide run={run} source={source} onReview={review} /> : null}
      <Decided run={run} />
      {meaning === null ? null : <Meaning meaning={meaning} />}
      <Found key={reviews} run={run} meaning={meaning} />
    </Page>
  )
}

function titleOf({ trigger, mode }: RunView, source: SourceView | null): string {
  const what = trigger === 'undo' ? 'Undo' : mode === 'preview' ? 'Preview' : 'Import'
  return source === null ? what : `${what} of ${source.name}`
}

/** The run that undid this one, or the run that this one undoes. */
function Undoing({ run: { undoes, undoneBy } }: { run: RunView }) {
  const other = undoneBy ?? undoes
  if (other === null) return null
  return (
    <p>
      <a href={hrefOf('/runs/:id', { id: other })}>
        {undoneBy === null ? 'The import it takes back' : 'The run that took it back'}
      </a>
    </p>
  )
}

/** Announces the end of a watched run to screen readers. */
function Announce({ run }: { run: RunView }) {
  const first = useRef(run.status)
  return (
    <p class="hidden" role="status">
      {first.current === run.status ? '' : outcomeSentences(run)}
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
          <a href={hrefOf('/sources/:id', { id: run.sourceId, query: { tab: 'settings' } })}>
            Check the import settings
          </a>
        </p>
      ) : null}
    </Notice>
  )
}

function Downloads({ run }: { run: RunView }) {
  const may = useMay()
  const { id, expiredAt, file, counts } = run
  if (!may.run || expiredAt !== null || file === null) return null
  return (
    <Menu label="Downloads">
      <a href={addressOf('/api/runs/:id/snapshot', { id })} download>
        <Icon name="download" /> The file, {file.name}
      </a>
      {counts.errors + counts.warnings === 0 ? null : (
        <>
          <a href={addressOf('/api/runs/:id/report.xlsx', { id })} download>
            <Icon name="download" /> Rows with problems as .xlsx
          </a>
          <a href={addressOf('/api/runs/:id/report.csv', { id })} download>
            <Icon name="download" /> Rows with problems as .csv
          </a>
        </>
      )}
    </Menu>
  )
}

/** The changes, the problems and the details of a run. */
function Found({ run, meaning }: { run: RunView; meaning: MeaningView | null }) {
  const { counts, expiredAt, status } = run
  const changes = counts.added + counts.updated + counts.removed
  const problems = counts.errors + counts.warnings
  const planned = !isActive(status) && changes + problems > 0
  const found =
    planned && expiredAt === null
      ? [
          {
            id: 'changes',
            label: `Changes (${count(changes)})`,
            content: () => <Changes run={run} meaning={meaning} />,
          },
          { id: 'problems', label: problemsLabel(run), content: () => <Problems run={run} /> },
        ]
      : []
  const details = { id: 'details', label: 'Details', content: () => <Details run={run} /> }
  const first = changes === 0 && problems > 0 ? found.toReversed() : found
  return (
    <section class="found" id="found" aria-label="What this run found" tabIndex={-1}>
      {planned && expiredAt !== null ? <Expired /> : null}
      {isActive(status) ? null : <Tabs label="What this run found" tabs={[...first, details]} />}
    </section>
  )
}

/** `Problems (5 left out)`, as short as a phone needs it. A row can have a warning too, so that a sum would be wrong. */
function problemsLabel({ counts: { errors, warnings } }: RunView): string {
  if (errors > 0) return `Problems (${count(errors)} left out)`
  return warnings === 0 ? 'Problems (0)' : `Problems (${count(warnings)} with warnings)`
}

/** Says that the files of an old run have expired and only its counts are kept. */
function Expired() {
  return (
    <Notice tone="quiet" title="The details of this run have expired">
      <p>
        The file, the list of changes and the problems are kept for some time only (see Settings), and after that the
        run can’t be undone any more. What it changed is still in the history of each contact.
      </p>
    </Notice>
  )
}
