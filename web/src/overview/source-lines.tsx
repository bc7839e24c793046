import type { OverviewView } from '../../../worker/src/api/views/overview.ts'
import { count, countOf, dateTime } from '../format.ts'
import { Bars } from '../parts/chart.tsx'
import { State, StateWord } from '../parts/state.tsx'
import { type Column, None, Table } from '../parts/table.tsx'
import { Ago } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'
import { healthWord } from '../words.ts'

type SourceLine = OverviewView['sources'][number]

/** The most sources that the overview shows. */
const MOST = 15

const COLUMNS: Column<SourceLine>[] = [
  { head: 'Source', cell: ({ id, name }) => <a href={hrefOf('/sources/:id', { id })}>{name}</a> },
  { head: 'State', cell: (source) => <SourceState source={source} /> },
  { head: 'Last run', cell: (source) => <LastTime source={source} /> },
  { head: 'Runs', cell: (source) => <Sparkline source={source} /> },
  { head: 'Contacts', number: true, cell: ({ contacts }) => (contacts === null ? <None /> : count(contacts)) },
]

/** Each source in one line. */
export function SourceLines({ sources }: Pick<OverviewView, 'sources'>) {
  const further = sources.length - MOST
  return (
    <section class="block" aria-labelledby="sources">
      <div class="block-head">
        <h2 id="sources">Sources</h2>
        <a href="/sources">{further > 0 ? `All ${count(sources.length)} sources` : 'All sources'}</a>
      </div>
      <Table lines label="Sources" columns={COLUMNS} items={sources.slice(0, MOST)} keyOf={({ id }) => id} />
    </section>
  )
}

/** The state of a source. What waits is said with its number. */
export function SourceState({ source }: { source: Pick<SourceLine, 'health' | 'held'> }) {
  const { health, held } = source
  if (held === null) return <StateWord word={healthWord(source)} />
  const { added, updated, removed } = held.waiting
  const waiting = added + updated + removed
  return (
    <a class="nowrap" href={hrefOf('/runs/:id', { id: held.runId })}>
      <State kind="waiting">{count(waiting)} wait</State>
      {health === 'held' ? null : <StateWord word={healthWord(source)} />}
    </a>
  )
}

/** When a source's last run ended or, while it is active, began. */
export function LastTime({ source: { runs } }: { source: Pick<SourceLine, 'runs'> }) {
  const last = runs.at(-1)
  if (last === undefined) return <None />
  return (
    <a class="quiet-link" href={hrefOf('/runs/:id', { id: last.id })}>
      <Ago at={last.finishedAt ?? last.createdAt} />
    </a>
  )
}

/** The contacts in each of the last runs of a source. */
export function Sparkline({ source: { name, runs } }: { source: Pick<SourceLine, 'name' | 'runs'> }) {
  const applied = runs.filter(({ mode }) => mode === 'apply')
  if (applied.length < 2) return null
  const matched = applied.map(({ status, counts }) => (status === 'failed' ? null : counts.matched))
  return (
    <Bars
      label={`Contacts in the last ${applied.length} runs of ${name}`}
      values={matched}
      table={applied.map(({ createdAt }, at) => [dateTime(createdAt), contactsWord(matched[at] ?? null)])}
    />
  )
}

function contactsWord(matched: number | null): string {
  return matched === null ? 'Failed' : countOf(matched, 'contact')
}
