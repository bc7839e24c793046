import type { SourceView } from '../../../worker/src/api/views.ts'
import { givesRecords } from '../../../worker/src/connections/facts.ts'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { ProblemNotice } from '../parts/notice.tsx'
import { go, hrefOf } from '../router.ts'
import { useMay } from '../session.ts'

interface ImportNowProps {
  source: Pick<SourceView, 'id' | 'enabled' | 'health' | 'name' | 'connection' | 'changesOnly'>
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
  const waiting = start.busy || source.health === 'running'
  const fetchesChanges = source.changesOnly && givesRecords(source.connection)
  // A held run asks for its decision first.
  const primary = source.health === 'held' ? '' : 'primary'
  return (
    <>
      {source.enabled ? (
        <button type="button" class={primary} disabled={waiting} onClick={() => start.run({ mode: 'apply' })}>
          Import now<span class="hidden"> {source.name}</span>
        </button>
      ) : null}
      {more === true && source.enabled && fetchesChanges ? (
        <button type="button" disabled={waiting} onClick={() => start.run({ mode: 'apply', fetch: 'all' })}>
          Import everything
        </button>
      ) : null}
      {more === true || !source.enabled ? (
        <button type="button" disabled={waiting} onClick={() => start.run({ mode: 'preview' })}>
          Preview<span class="hidden"> {source.name}</span>
        </button>
      ) : null}
      <ProblemNotice problem={start.problem} />
    </>
  )
}
