import { useState } from 'preact/hooks'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'

/** Asks for the name of a new group and creates it. */
export function NewGroup({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const add = useAction(async () => {
    await post('/api/groups', { body: { name: name.trim() } })
    onClose()
  })
  return (
    <Dialog
      title="Add a group"
      confirm="Add group"
      busy={add.busy}
      problem={add.problem}
      onConfirm={add.run}
      onClose={onClose}
    >
      <TextField path="name" label="Name" required value={name} onChange={setName} />
    </Dialog>
  )
}
