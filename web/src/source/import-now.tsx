import type { SourceView } from '../../../worker/src/api/views.ts'
import { send } from '../api.ts'
import { useAction } from '../load.ts'
import { ProblemNotice } from '../parts/notice.tsx'
import { go } from '../router.ts'
import { useMay } from '../session.ts'

interface ImportNowProps {
  source: Pick<SourceView, 'id' | 'enabled' | 'health' | 'name'>
  /** Called once the run was accepted; without it the run’s page opens. */
  onStarted?: () => void
  /** Offers a preview too. */
  preview?: boolean
}

/** *Import now*, and *Preview*, which stops before anything changes. A disabled source can only be previewed. */
export function ImportNow({ source, onStarted, preview }: ImportNowProps) {
  const may = useMay()
  const start = useAction(async (mode: 'apply' | 'preview') => {
    const path = `/api/sources/${encodeURIComponent(source.id)}/runs`
    const { id } = await send<{ id: string }>('POST', path, { mode })
    if (onStarted === undefined) go(`/runs/${encodeURIComponent(id)}`)
    else onStarted()
  })
  if (!may.run) return null
  const waiting = start.busy || source.health === 'running'
  // A held run asks for its decision first.
  const primary = source.health === 'held' ? '' : 'primary'
  return (
    <>
      {source.enabled ? (
        <button type="button" class={primary} disabled={waiting} onClick={() => start.run('apply')}>
          Import now<span class="hidden"> {source.name}</span>
        </button>
      ) : null}
      {preview === true || !source.enabled ? (
        <button type="button" disabled={waiting} onClick={() => start.run('preview')}>
          Preview<span class="hidden"> {source.name}</span>
        </button>
      ) : null}
      <ProblemNotice problem={start.problem} />
    </>
  )
}
