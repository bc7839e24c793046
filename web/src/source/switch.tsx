import { useState } from 'preact/hooks'
import type { SourceView } from '../../../worker/src/api/views.ts'
import { patch } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'

/** Enables or disables a source, after explaining the effect on the directory (design: Who manages contacts). */
export function SwitchSource({ source }: { source: SourceView }) {
  const [asking, setAsking] = useState(false)
  const enabled = !source.enabled
  const change = useAction(async () => {
    await patch('/api/sources/:id', { id: source.id, body: { enabled } })
    setAsking(false)
  })
  return (
    <div class="option">
      <p>
        {source.enabled
          ? 'A disabled source is not imported and refuses webhooks. Its contacts stay.'
          : 'This source is disabled: it can be previewed, but changes nothing.'}
      </p>
      <button type="button" onClick={() => setAsking(true)}>
        {source.enabled ? 'Disable' : 'Enable'}
      </button>
      {asking ? (
        <Dialog
          title={`${source.enabled ? 'Disable' : 'Enable'} ${source.name}?`}
          confirm={source.enabled ? 'Disable' : 'Enable'}
          busy={change.busy}
          problem={change.problem}
          onConfirm={change.run}
          onClose={() => setAsking(false)}
        >
          <p>
            {source.enabled
              ? 'No schedule, webhook or person can import it until it is enabled again. Its contacts stay as they are.'
              : 'From then on contacts and groups can only be changed in the file, not in Muster. SMS status can always be changed here.'}
          </p>
        </Dialog>
      ) : null}
    </div>
  )
}
