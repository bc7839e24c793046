import type { SourceView } from '../../../worker/src/api/views.ts'
import { givesRecords, isUploaded } from '../../../worker/src/connections/facts.ts'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { ProblemNotice } from '../parts/notice.tsx'
import { go, hrefOf } from '../router.ts'
import { useMay } from '../session.ts'

interface ImportNowProps {
  source: Pick<SourceView, 'id' | 'enabled' | 'health' | 'name' | 'connection' | 'changesOnly' | 'lastRun'>
  /** Stays on the page once the run is accepted; otherwise the run’s page opens. */
  stay?: boolean
  /** Also offers a preview, and a full import for a source that otherwise fetches only changes. */
  more?: boolean
}

/** *Import now*, and *Preview*, which stops before anything changes. A disabled source can only be previewed. */
export function ImportNow({ source, stay, more }: ImportNowProps) {
  const may = useMay()
  const start = useAction(async (wanted: { mode: 'apply' | 'preview'; fetch?: 'all' }) => {
    const { id } = await post('/api/sources/:id/runs', { id: source.id, body: wanted })
    if (stay !== true) go(hrefOf('/runs/:id', { id }))
  })
  if (!may.run) return null
  if (isUploaded(source.connection) && (stay === true || source.lastRun === null)) {
    return stay === true ? (
      <a class="button" href={hrefOf('/sources/:id', { id: source.id })}>
        Upload a file<span class="hidden"> to {source.name}</span>
      </a>
    ) : null
  }
  const again = isUploaded(source.connection)
  const waiting = start.busy || source.health === 'running'
  const fetchesChanges = source.changesOnly && givesRecords(source.connection)
  // A held run asks for its decision first.
  const primary = source.health === 'held' || again ? '' : 'primary'
  return (
    <>
      {source.enabled ? (
        <button type="button" class={primary} disabled={waiting} onClick={() => start.run({ mode: 'apply' })}>
          {again ? 'Import the last file again' : 'Import now'}
          <span class="hidden"> {source.name}</span>
        </button>
      ) : null}
      {more === true && source.enabled && fetchesChanges ? (
        <button type="button" disabled={waiting} onClick={() => start.run({ mode: 'apply', fetch: 'all' })}>
          Import everything
        </button>
      ) : null}
      {more === true || !source.enabled ? (
        <button type="button" disabled={waiting} onClick={() => start.run({ mode: 'preview' })}>
          {again ? 'Preview the last file' : 'Preview'}
          <span class="hidden"> {source.name}</span>
        </button>
      ) : null}
      <ProblemNotice problem={start.problem} />
    </>
  )
}
