import { useState } from 'preact/hooks'
import type { RunView, SourceView } from '../../../worker/src/api/views.ts'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import { post } from '../client.ts'
import { dateTime } from '../format.ts'
import { useList, useLoad, useRefresh } from '../load.ts'
import { List, Waiting } from '../parts/list.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Block, Page } from '../parts/page.tsx'
import { Pill } from '../parts/pill.tsx'
import { Progress } from '../parts/progress.tsx'
import { WebhookBlock } from '../parts/webhook.tsx'
import { hrefOf } from '../router.ts'
import { RunTable } from '../run/run-table.tsx'
import { useMay } from '../session.ts'
import { ImportNow } from '../source/import-now.tsx'
import { OptOuts } from '../source/opt-outs.tsx'
import { RemoveSource } from '../source/remove.tsx'
import { ScheduleBlock } from '../source/schedule-block.tsx'
import { SettingsBlock } from '../source/settings-block.tsx'
import { SwitchSource } from '../source/switch.tsx'
import { UploadBlock, UploadByProgram } from '../source/upload.tsx'
import { freshnessWord, healthWord, isActive } from '../words.ts'

/** The page of a source: its health, its runs and its settings. */
export function SourcePage({ id }: { id: string }) {
  const loaded = useLoad('/api/sources/:id', { id })
  const { data: source, problem } = loaded
  const lastRun = source?.lastRun ?? null
  useRefresh(loaded, lastRun !== null && isActive(lastRun.status) ? 1500 : 20_000)
  if (source === null) return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  return (
    <Page
      title={source.name}
      up={{ href: '/sources', label: 'Sources' }}
      beside={<Pill {...healthWord(source)} />}
      actions={<ImportNow source={source} more />}
    >
      <ProblemNotice problem={problem} />
      <Late source={source} />
      <Held held={source.held} />
      <Latest run={source.lastRun} />
      {isUploaded(source.connection) ? <UploadBlock source={source} /> : null}
      <div class="columns">
        <SettingsBlock source={source} />
        <ScheduleBlock source={source} />
      </div>
      <RecentRuns source={source} />
      <OptOuts source={source} />
      <Administration source={source} />
    </Page>
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

function Held({ held }: Pick<SourceView, 'held'>) {
  if (held === null) return null
  return (
    <Block title="An import waits for your decision">
      <ul class="reasons">
        {held.reasons.map(({ limit, message }) => (
          <li key={limit + message}>{message}</li>
        ))}
      </ul>
      <p>
        <a class="button" href={hrefOf('/runs/:id', { id: held.runId })}>
          Look and decide
        </a>
      </p>
    </Block>
  )
}

function Latest({ run }: { run: RunView | null }) {
  if (run === null || !isActive(run.status)) return null
  return (
    <Block title="Import in progress">
      <Progress run={run} />
      <p>
        <a class="button" href={hrefOf('/runs/:id', { id: run.id })}>
          Show this run
        </a>
      </p>
    </Block>
  )
}

function RecentRuns({ source }: { source: SourceView }) {
  // A new address for a new last run, so that the list is read again when there is more to show.
  const list = useList('/api/runs', { query: { source: source.id, limit: 5 } })
  const [seen, setSeen] = useState(source.lastRun?.status)
  if (seen !== source.lastRun?.status) {
    setSeen(source.lastRun?.status)
    list.reload()
  }
  return (
    <Block
      title="Recent runs"
      aside={<a href={hrefOf('/runs', { query: { source: source.id } })}>All runs of this source</a>}
    >
      <List list={{ ...list, more: null }} empty={<p class="muted">No run yet.</p>}>
        {(runs) => <RunTable runs={runs} />}
      </List>
    </Block>
  )
}

function Administration({ source }: { source: SourceView }) {
  const may = useMay()
  if (!may.configure) return null
  return (
    <>
      {isUploaded(source.connection) ? (
        <UploadByProgram source={source} />
      ) : (
        <WebhookBlock
          title="Webhook"
          purpose="The program that writes the file can tell Muster at once that there is a new one."
          make={() => post('/api/sources/:id/webhook', { id: source.id })}
        />
      )}
      <Block title={source.enabled ? 'Disable or delete' : 'Enable or delete'}>
        <SwitchSource source={source} />
        <RemoveSource source={source} />
      </Block>
    </>
  )
}
