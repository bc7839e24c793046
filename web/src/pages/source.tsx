import { useState } from 'preact/hooks'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import { dateTime } from '../format.ts'
import { useList, useLoad, useRefresh } from '../load.ts'
import { Waiting } from '../parts/list.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { StateWord } from '../parts/state.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { hrefOf } from '../router.ts'
import { RunCharts } from '../run/charts.tsx'
import { waitingNouns } from '../run/outcome.ts'
import { Steps } from '../run/steps.tsx'
import { useMay } from '../session.ts'
import { DangerTab } from '../source/danger.tsx'
import { ImportNow } from '../source/import-now.tsx'
import { RunsTab } from '../source/runs-tab.tsx'
import { SettingsTab } from '../source/settings-tab.tsx'
import { SourceMenu } from '../source/source-menu.tsx'
import { StateSentence } from '../source/state-sentence.tsx'
import { UploadBlock } from '../source/upload.tsx'
import { WebhookTab } from '../source/webhook-tab.tsx'
import { freshnessWord, healthWord, isActive } from '../words.ts'

/** The page of a source: its state first, then its runs, its settings and how programs reach it. */
export function SourcePage({ id }: { id: string }) {
  const may = useMay()
  const loaded = useLoad('/api/sources/:id', { id })
  const runs = useList('/api/runs', { query: { source: id, limit: 30 } })
  const { data: source, problem } = loaded
  const lastRun = source?.lastRun ?? null
  useRefresh(loaded, lastRun !== null && isActive(lastRun.status) ? 1500 : 20_000)
  // The list of runs is read again when the last run is another, or ends.
  const [seen, setSeen] = useState(`${lastRun?.id} ${lastRun?.status}`)
  if (seen !== `${lastRun?.id} ${lastRun?.status}`) {
    setSeen(`${lastRun?.id} ${lastRun?.status}`)
    runs.reload()
  }
  if (source === null) return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  const tabs = [
    { id: 'runs', label: 'Runs', content: () => <RunsTab source={source} list={runs} /> },
    { id: 'settings', label: 'Settings', content: () => <SettingsTab source={source} /> },
    { id: 'webhook', label: 'Webhook and API', content: () => <WebhookTab source={source} /> },
    { id: 'danger', label: 'Danger', content: () => <DangerTab source={source} /> },
  ]
  return (
    <Page
      title={source.name}
      up={{ href: '/sources', label: 'Sources' }}
      beside={<StateWord word={healthWord(source)} />}
      actions={<ImportNow source={source} />}
      menu={<SourceMenu source={source} />}
    >
      <ProblemNotice problem={problem} />
      <StateSentence source={source} />
      <Held source={source} />
      <Failing source={source} />
      <Late source={source} />
      {lastRun !== null && isActive(lastRun.status) ? <Steps run={lastRun} /> : null}
      {isUploaded(source.connection) ? <UploadBlock source={source} /> : null}
      <RunCharts runs={runs.items ?? []} />
      <Tabs label="About this source" tabs={may.configure ? tabs : tabs.slice(0, 2)} />
    </Page>
  )
}

/** Shows the held run until somebody decides, also after newer runs. */
function Held({ source: { held } }: { source: SourceView }) {
  if (held === null) return null
  return (
    <section class="decision" aria-labelledby="waits">
      <h2 id="waits">{heldWords(held)}</h2>
      <ul class="reasons plain">
        {held.reasons.map(({ limit, message }) => (
          <li key={limit + message}>{message}</li>
        ))}
      </ul>
      <p>
        <a class="button primary" href={hrefOf('/runs/:id', { id: held.runId })}>
          Review
        </a>
      </p>
    </section>
  )
}

function heldWords({ waiting }: NonNullable<SourceView['held']>): string {
  const { added, updated, removed } = waiting
  const words = waitingNouns({ waiting, rekeyed: null })
  return words === ''
    ? 'An import waits for you'
    : `${words} ${added + updated + removed === 1 ? 'waits' : 'wait'} for you`
}

function Failing({ source: { lastRun, health } }: { source: SourceView }) {
  if (health !== 'failing' || lastRun === null || lastRun.failure === null) return null
  return (
    <Notice tone="bad" title={lastRun.failure.message}>
      <p>{lastRun.failure.advice}</p>
      <p>
        <a href={hrefOf('/runs/:id', { id: lastRun.id })}>The run that failed</a>
      </p>
    </Notice>
  )
}

function Late({ source: { health, freshness, fileChangedAt, connection } }: { source: SourceView }) {
  if (health !== 'late' || freshness === null) return null
  const since = fileChangedAt === null ? 'It has brought nothing yet.' : `It last changed ${dateTime(fileChangedAt)}.`
  return (
    <Notice tone="bad" title="The file is late">
      <p>
        It should change at least every {freshnessWord(freshness.atLeastEveryHours)}. {since} Check that it is still
        exported, and that{' '}
        {isUploaded(connection) ? 'the program which uploads it still runs.' : 'the export puts it where Muster looks.'}
      </p>
    </Notice>
  )
}
