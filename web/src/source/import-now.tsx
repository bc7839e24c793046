import type { SourceView } from '../../../worker/src/api/views.ts'
import { givesRecords } from '../../../worker/src/connections/facts.ts'
import { send } from '../api.ts'
import { useAction } from '../load.ts'
import { ProblemNotice } from '../parts/notice.tsx'
import { go } from '../router.ts'
import { useMay } from '../session.ts'

interface ImportNowProps {
  source: Pick<SourceView, 'id' | 'enabled' | 'health' | 'name' | 'connection' | 'changesOnly'>
  /** Called once the run was accepted; without it the run’s page opens. */
  onStarted?: () => void
  /** Offers a preview too, and an import of everything where otherwise only changes are fetched. */
  more?: boolean
}

/** *Import now*, and *Preview*, which stops before anything changes. A disabled source can only be previewed. */
export function ImportNow({ source, onStarted, more }: ImportNowProps) {
  const may = useMay()
  const start = useAction(async (wanted: { mode: 'apply' | 'preview'; fetch?: 'all' }) => {
    const path = `/api/sources/${encodeURIComponent(source.id)}/runs`
    const { id } = await send<{ id: string }>('POST', path, wanted)
    if (onStarted === undefined) go(`/runs/${encodeURIComponent(id)}`)
    else onStarted()
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
