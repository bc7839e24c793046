import { useState } from 'preact/hooks'
import type { GroupView } from '../../../worker/src/api/views/contact.ts'
import { del, patch } from '../client.ts'
import { countOf } from '../format.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'
import { Menu } from '../parts/menu.tsx'
import { toast } from '../parts/toast.tsx'

interface GroupActionsProps {
  group: GroupView
  onDeleted?: () => void
}

/** The menu that renames or deletes a group while groups are managed here. */
export function GroupActions({ group, onDeleted }: GroupActionsProps) {
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null)
  const [name, setName] = useState(group.name)
  const { id, name: before } = group
  const change = useAction(async () => {
    if (asking === 'rename') await rename()
    else await del('/api/groups/:id', { id })
    setAsking(null)
    if (asking === 'delete') onDeleted?.()
  })
  const rename = async () => {
    const next = name.trim()
    if (next === before) return
    const set = async (to: string) => {
      await patch('/api/groups/:id', { id, body: { name: to } })
    }
    await set(next)
    toast(`Renamed to “${next}”.`, { undo: () => set(before) })
  }
  const askName = () => {
    setName(before)
    setAsking('rename')
  }
  return (
    <>
      <Menu label={`Change ${group.name}`}>
        <button type="button" onClick={askName}>
          Rename…
        </button>
        <button type="button" class="danger" onClick={() => setAsking('delete')}>
          Delete…
        </button>
      </Menu>
      {asking === null ? null : (
        <Dialog
          title={asking === 'rename' ? `Rename ${group.name}` : `Delete ${group.name}?`}
          confirm={asking === 'rename' ? 'Rename' : 'Delete group'}
          danger={asking === 'delete'}
          busy={change.busy}
          problem={change.problem}
          onConfirm={change.run}
          onClose={() => setAsking(null)}
        >
          {asking === 'rename' ? (
            <TextField path="name" label="Name" required value={name} onChange={setName} />
          ) : (
            <p>{countOf(group.contacts, 'contact leaves', 'contacts leave')} the group and stay in the directory.</p>
          )}
        </Dialog>
      )}
    </>
  )
}
