import { useState } from 'preact/hooks'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { patch } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'
import { FieldProblems } from '../parts/form.tsx'
import { Icon } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { toast } from '../parts/toast.tsx'
import { useMay } from '../session.ts'
import { SwitchDialog } from './switch.tsx'

/** What is done with a source less often: give it another name, disable or enable it. */
export function SourceMenu({ source }: { source: SourceView }) {
  const may = useMay()
  const [asking, setAsking] = useState<'name' | 'switch' | null>(null)
  const close = () => setAsking(null)
  if (!may.configure) return null
  return (
    <>
      <Menu label="More">
        <button type="button" onClick={() => setAsking('name')}>
          <Icon name="edit" /> Rename…
        </button>
        <button type="button" onClick={() => setAsking('switch')}>
          <Icon name={source.enabled ? 'pause' : 'play'} /> {source.enabled ? 'Disable…' : 'Enable…'}
        </button>
      </Menu>
      {asking === 'name' ? <RenameDialog source={source} onClose={close} /> : null}
      {asking === 'switch' ? <SwitchDialog source={source} onClose={close} /> : null}
    </>
  )
}

function RenameDialog({ source: { id, name: before }, onClose }: { source: SourceView; onClose: () => void }) {
  const [name, setName] = useState(before)
  const rename = useAction(async () => {
    if (name === before) return onClose()
    await patch('/api/sources/:id', { id, body: { name } })
    onClose()
    const undo = async () => {
      await patch('/api/sources/:id', { id, body: { name: before } })
    }
    toast(`Renamed to “${name}”.`, { undo })
  })
  return (
    <Dialog
      title="Rename the source"
      confirm="Rename"
      busy={rename.busy}
      problem={rename.problem}
      onConfirm={rename.run}
      onClose={onClose}
    >
      <FieldProblems problem={rename.problem}>
        <TextField path="name" label="Name of this source" required value={name} onChange={setName} />
      </FieldProblems>
    </Dialog>
  )
}
