import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { givesRecords, isUploaded } from '../../../worker/src/connections/facts.ts'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { ProblemNotice } from '../parts/notice.tsx'
import { go, hrefOf } from '../router.ts'
import { useMay } from '../session.ts'

/**
 * *Import now*, and *Preview*, which stops before anything changes: each opens the page of its run. A disabled source can
 * only be previewed.
 */
export function ImportNow({ source }: { source: SourceView }) {
  const may = useMay()
  const start = useAction(async (wanted: { mode: 'apply' | 'preview'; fetch?: 'all' }) => {
    const { id } = await post('/api/sources/:id/runs', { id: source.id, body: wanted })
    go(hrefOf('/runs/:id', { id }))
  })
  const again = isUploaded(source.connection)
  if (!may.run || (again && source.lastRun === null)) return null
  const waiting = start.busy || source.health === 'running'
  const fetchesChanges = source.changesOnly && givesRecords(source.connection)
  // A held run asks for its decision first.
  const primary = source.held !== null || again ? '' : 'primary'
  return (
    <>
      {source.enabled ? (
        <button type="button" class={primary} disabled={waiting} onClick={() => start.run({ mode: 'apply' })}>
          {again ? 'Import the last file again' : 'Import now'}
        </button>
      ) : null}
      {source.enabled && fetchesChanges ? (
        <button type="button" disabled={waiting} onClick={() => start.run({ mode: 'apply', fetch: 'all' })}>
          Import everything
        </button>
      ) : null}
      <button type="button" disabled={waiting} onClick={() => start.run({ mode: 'preview' })}>
        {again ? 'Preview the last file' : 'Preview'}
      </button>
      <ProblemNotice problem={start.problem} />
    </>
  )
}
