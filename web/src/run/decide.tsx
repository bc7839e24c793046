import { useState } from 'preact/hooks'
import type { RunView } from '../../../worker/src/api/views.ts'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Block } from '../parts/page.tsx'
import { useMay } from '../session.ts'
import { outcome } from '../words.ts'

/**
 * The reasons why a run is held, and the buttons to approve or reject it. An approval names the plan that was shown
 * (invariant 6).
 */
export function Decide({ run }: { run: RunView }) {
  const may = useMay()
  const [asking, setAsking] = useState<'approve' | 'reject' | null>(null)
  const decide = useAction(async () => {
    const { id, plan } = run
    if (asking === 'reject') await post('/api/runs/:id/reject', { id })
    else await post('/api/runs/:id/approve', { id, body: { planHash: plan?.hash ?? '' } })
    setAsking(null)
  })
  return (
    <Block title="Waiting for your decision">
      <p>Nothing has been changed yet but opt-outs, which never wait. This import waits because:</p>
      <ul class="reasons">
        {run.hold?.reasons.map(({ limit, message }) => (
          <li key={limit + message}>{message}</li>
        ))}
      </ul>
      {may.run ? (
        <div class="actions">
          <button type="button" class="primary" onClick={() => setAsking('approve')}>
            Approve…
          </button>
          <button type="button" onClick={() => setAsking('reject')}>
            Reject…
          </button>
          <span class="muted">Look through the changes below first.</span>
        </div>
      ) : (
        <p class="muted">A manager or an administrator can decide.</p>
      )}
      {asking === null ? null : (
        <Dialog
          title={asking === 'approve' ? 'Apply these changes?' : 'Reject these changes?'}
          confirm={asking === 'approve' ? 'Approve' : 'Reject'}
          busy={decide.busy}
          problem={decide.problem}
          onConfirm={decide.run}
          onClose={() => setAsking(null)}
        >
          <p>
            {asking === 'approve'
              ? `Contacts: ${outcome(run)}. You can undo it afterwards.`
              : 'Nothing is changed. The same file is not offered again by schedule; Import now plans it again.'}
          </p>
        </Dialog>
      )}
    </Block>
  )
}
