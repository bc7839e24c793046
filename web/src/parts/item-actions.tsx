import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { send } from '../api.ts'
import { useAction } from '../load.ts'
import { Dialog } from './dialog.tsx'

interface ItemActionsProps {
  name: string
  /** Where it is in the API. */
  path: string
  /** The dialog that changes it. */
  change: (close: () => void) => ComponentChildren
  onChanged: () => void
  /** What deleting it does. */
  children: ComponentChildren
}

/** Changes or deletes one thing of a list. */
export function ItemActions({ name, path, change, onChanged, children }: ItemActionsProps) {
  const [asking, setAsking] = useState<'change' | 'delete' | null>(null)
  const close = () => setAsking(null)
  const remove = useAction(async () => {
    await send('DELETE', path)
    close()
    onChanged()
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
          busy={remove.busy}
          problem={remove.problem}
          onConfirm={remove.run}
          onClose={close}
        >
          {children}
        </Dialog>
      ) : null}
    </>
  )
}
