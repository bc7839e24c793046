import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useAction } from '../load.ts'
import { Dialog } from './dialog.tsx'

interface ItemActionsProps {
  name: string
  /** Deletes it. */
  remove: () => Promise<unknown>
  /** The dialog that changes it. */
  change: (close: () => void) => ComponentChildren
  /** What deleting it does. */
  children: ComponentChildren
}

/** Changes or deletes one thing of a list. */
export function ItemActions({ name, remove, change, children }: ItemActionsProps) {
  const [asking, setAsking] = useState<'change' | 'delete' | null>(null)
  const close = () => setAsking(null)
  const removing = useAction(async () => {
    await remove()
    close()
  })
  return (
    <>
      <span class="actions">
        <button type="button" class="link" onClick={() => setAsking('change')}>
          Change<span class="hidden"> {name}</span>
        </button>
        <button type="button" class="link" onClick={() => setAsking('delete')}>
          Delete<span class="hidden"> {name}</span>
        </button>
      </span>
      {asking === 'change' ? change(close) : null}
      {asking === 'delete' ? (
        <Dialog
          title={`Delete ${name}?`}
          confirm="Delete"
          danger
          busy={removing.busy}
          problem={removing.problem}
          onConfirm={removing.run}
          onClose={close}
        >
          {children}
        </Dialog>
      ) : null}
    </>
  )
}
