import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { patch } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { toast } from '../parts/toast.tsx'

interface SwitchProps {
  source: SourceView
  onClose: () => void
}

/** Enables or disables a source, after explaining the effect on the directory (design: Who manages contacts). */
export function SwitchDialog({ source: { id, name, enabled: before }, onClose }: SwitchProps) {
  const set = async (enabled: boolean) => {
    await patch('/api/sources/:id', { id, body: { enabled } })
  }
  const change = useAction(async () => {
    await set(!before)
    onClose()
    toast(`${name} is ${before ? 'disabled' : 'enabled'}.`, { undo: () => set(before) })
  })
  return (
    <Dialog
      title={`${before ? 'Disable' : 'Enable'} ${name}?`}
      confirm={before ? 'Disable' : 'Enable'}
      busy={change.busy}
      problem={change.problem}
      onConfirm={change.run}
      onClose={onClose}
    >
      <p>
        {before
          ? 'No schedule, webhook or person can import it until it is enabled again. Its contacts stay as they are.'
          : 'From then on contacts and groups can only be changed in the file, not in Muster. SMS status can always be changed here.'}
      </p>
    </Dialog>
  )
}
