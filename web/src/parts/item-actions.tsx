import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useAction } from '../load.ts'
import { Dialog } from './dialog.tsx'

interface ItemActionsProps {
  name: string
  /** Deletes the item. */
  remove: () => Promise<unknown>
  /** Returns the dialog that changes the item. */
  change: (close: () => void) => ComponentChildren
  /** Describes what deleting the item does. */
  children: ComponentChildren
}

/** Buttons that change or delete an item of a list. */
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
