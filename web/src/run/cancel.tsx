import type { RunView } from '../../../worker/src/api/views/run.ts'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { ProblemNotice } from '../parts/notice.tsx'
import { useMay } from '../session.ts'

/** Stops a run that has not begun to apply. */
export function Cancel({ run }: { run: RunView }) {
  const may = useMay()
  const cancel = useAction(() => post('/api/runs/:id/cancel', { id: run.id }))
  if (!may.run || !['queued', 'fetching', 'planning'].includes(run.status)) return null
  return (
    <>
      <button type="button" onClick={cancel.run} disabled={cancel.busy}>
        Cancel
      </button>
      <ProblemNotice problem={cancel.problem} />
    </>
  )
}
