import { useState } from 'preact/hooks'
import type { OverviewView } from '../../../worker/src/api/views/overview.ts'
import { post } from '../client.ts'
import { DemoBar } from '../demo/demo-bar.tsx'
import { count } from '../format.ts'
import { useAction, useRefresh } from '../load.ts'
import { Empty } from '../overview/empty.tsx'
import { LastTime, SourceState, Sparkline } from '../overview/source-lines.tsx'
import { useOverview } from '../overview.ts'
import { TextField } from '../parts/field.tsx'
import { Waiting } from '../parts/list.tsx'
import { Menu } from '../parts/menu.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { type Column, None, Table } from '../parts/table.tsx'
import { toast } from '../parts/toast.tsx'
import { Ago } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { KIND_WORDS } from '../source/kind-words.ts'

type SourceLine = OverviewView['sources'][number]

/** From how many sources on they can be searched. */
const SEARCHED_FROM = 10

const COLUMNS: Column<SourceLine>[] = [
  { head: 'Source', cell: ({ id, name }) => <a href={hrefOf('/sources/:id', { id })}>{name}</a> },
  { head: 'State', cell: (source) => <SourceState source={source} /> },
  { head: 'Kind', cell: ({ kind }) => KIND_WORDS[kind] },
  { head: 'Last import', cell: (source) => <LastTime source={source} /> },
  { head: 'Next import', cell: (source) => <Next source={source} /> },
  { head: 'Runs', cell: (source) => <Sparkline source={source} /> },
  { head: 'Contacts', number: true, cell: ({ contacts }) => (contacts === null ? <None /> : count(contacts)) },
]

/** All sources, a line each. */
export function Sources() {
  const may = useMay()
  const [search, setSearch] = useState('')
  const overview = useOverview()
  const sources = overview.data?.sources ?? []
  const running = sources.some(({ health }) => health === 'running')
  useRefresh(overview, running ? 1500 : null)
  const sought = search.trim().toLowerCase()
  const shown = sources.filter(({ name }) => name.toLowerCase().includes(sought))
  const actions: Column<SourceLine> = { head: '', cell: (source) => <SourceMenu source={source} /> }
  return (
    <Page
      title="Sources"
      actions={
        may.configure && sources.length > 0 ? (
          <a class="button primary" href="/sources/new">
            Add a source
          </a>
        ) : null
      }
    >
      <ProblemNotice problem={overview.problem} />
      {overview.data === null ? (
        <Waiting shown={overview.problem === null} />
      ) : sources.length === 0 ? (
        <Empty />
      ) : (
        <>
          <DemoBar />
          {sources.length < SEARCHED_FROM ? null : (
            <div class="list-search">
              <TextField path="search" label="Search" type="search" value={search} onChange={setSearch} />
            </div>
          )}
          <Table
            lines
            label="Sources"
            columns={may.run ? [...COLUMNS, actions] : COLUMNS}
            items={shown}
            keyOf={({ id }) => id}
          />
        </>
      )}
    </Page>
  )
}

function Next({ source: { enabled, kind, nextRun } }: { source: SourceLine }) {
  if (nextRun !== null) return <Ago at={nextRun} />
  // Its state says that it is disabled.
  if (!enabled) return <None />
  return <span class="muted">{kind === 'upload' ? 'When a file is uploaded' : 'Manually'}</span>
}

function SourceMenu({ source: { id, name, enabled, kind } }: { source: SourceLine }) {
  const start = useAction(async (mode: 'apply' | 'preview') => {
    await post('/api/sources/:id/runs', { id, body: { mode } })
    toast(`${mode === 'apply' ? 'Import' : 'Preview'} of ${name} started.`)
  })
  return (
    <>
      <Menu label={`More for ${name}`}>
        {kind === 'upload' ? (
          <a href={hrefOf('/sources/:id', { id })}>Upload a file</a>
        ) : (
          <>
            {enabled ? (
              <button type="button" onClick={() => start.run('apply')}>
                Import now
              </button>
            ) : null}
            <button type="button" onClick={() => start.run('preview')}>
              Preview
            </button>
          </>
        )}
      </Menu>
      <ProblemNotice problem={start.problem} />
    </>
  )
}
