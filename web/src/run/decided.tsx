import type { RunView } from '../../../worker/src/api/views/run.ts'
import { dateTime } from '../format.ts'
import { Notice } from '../parts/notice.tsx'
import { hrefOf } from '../router.ts'
import { Reasons } from './reasons.tsx'

/** The reasons why a run was held or would be held, and the decision. A run that is still held has its own block. */
export function Decided({ run }: { run: RunView }) {
  const { hold, decision, status } = run
  if (status === 'held' || (hold === null && decision === null)) return null
  return (
    <Notice tone="quiet" title={titleOf(run)}>
      {hold === null ? null : (
        <>
          <p>{status === 'previewed' ? 'An import would wait, because:' : 'It waited, because:'}</p>
          <Reasons hold={hold} waiting={null} />
        </>
      )}
      {status === 'rejected' ? (
        <p>
          What waited was not changed. The same changes are not offered again by themselves: correct the file, or press{' '}
          <em>Import now</em> to look at them once more.
        </p>
      ) : null}
      {run.replacedBy === null ? null : (
        <p>
          <a href={hrefOf('/runs/:id', { id: run.replacedBy })}>The newer run</a>
        </p>
      )}
    </Notice>
  )
}

const WORDS = { approved: 'Approved', rejected: 'Rejected', cancelled: 'Cancelled' } as const

function titleOf({ decision, status }: RunView): string {
  if (decision !== null) {
    const what = decision.parts === undefined ? WORDS[decision.what] : 'Approved in part'
    return `${what} by ${decision.by}, ${dateTime(decision.at)}`
  }
  if (status === 'previewed') return 'You would be asked first'
  if (status === 'rejected') return 'Rejected, because these changes were rejected before'
  return status === 'replaced' ? 'A newer run took its place before anybody decided' : 'Nobody has decided'
}
