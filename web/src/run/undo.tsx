import { useState } from 'preact/hooks'
import type { RunView } from '../../../worker/src/api/views/run.ts'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { go, hrefOf } from '../router.ts'
import { useMay } from '../session.ts'

/** Undoes an applied run. Values that were changed since stay (design: Undo). */
export function Undo({ run }: { run: RunView }) {
  const may = useMay()
  const [asking, setAsking] = useState(false)
  const undo = useAction(async () => {
    const { id } = await post('/api/runs/:id/undo', { id: run.id })
    setAsking(false)
    go(hrefOf('/runs/:id', { id }))
  })
  if (!may.run || run.plan?.undoable !== true || run.undoneBy !== null) return null
  return (
    <>
      <button type="button" onClick={() => setAsking(true)}>
        Undo…
      </button>
      {asking ? (
        <Dialog
          title={run.trigger === 'undo' ? 'Take this undo back?' : 'Undo this import?'}
          confirm="Undo"
          busy={undo.busy}
          problem={undo.problem}
          onConfirm={undo.run}
          onClose={() => setAsking(false)}
        >
          <p>
            Contacts become what they were before it. What was changed since is left alone and named, and nobody is
            opted in to texts again.{run.status === 'held' ? ' What waits is rejected.' : ''}
          </p>
        </Dialog>
      ) : null}
    </>
  )
}
