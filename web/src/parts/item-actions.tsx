import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useAction } from '../load.ts'
import { Dialog } from './dialog.tsx'
import { Menu } from './menu.tsx'

interface ItemActionsProps {
  /** What the item is, such as `field`, and its own name. */
  noun: string
  name: string
  /** Deletes the item. */
  remove: () => Promise<unknown>
  /** Returns the dialog that changes the item. */
  change: (close: () => void) => ComponentChildren
  /** Further buttons of the menu. */
  more?: ComponentChildren
  /** Describes what deleting the item does. */
  children: ComponentChildren
}

/** The menu of an item of a list: change it, delete it, and what else can be done. */
export function ItemActions({ noun, name, remove, change, more, children }: ItemActionsProps) {
  const [asking, setAsking] = useState<'change' | 'delete' | null>(null)
  const close = () => setAsking(null)
  const removing = useAction(async () => {
    await remove()
    close()
  })
  return (
    <>
      <Menu label={`Change ${name}`}>
        <button type="button" onClick={() => setAsking('change')}>
          Change {noun}…
        </button>
        {more}
        <button type="button" class="danger" onClick={() => setAsking('delete')}>
          Delete {noun}…
        </button>
      </Menu>
      {asking === 'change' ? change(close) : null}
      {asking === 'delete' ? (
        <Dialog
          title={`Delete ${name}?`}
          confirm={`Delete ${noun}`}
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
