import { useState } from 'preact/hooks'
import type { FieldView } from '../../../worker/src/api/views.ts'
import { send } from '../api.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { FieldDialog } from './field-dialog.tsx'

/** Changes or deletes a field. */
export function FieldActions({ field, onChanged }: { field: FieldView; onChanged: () => void }) {
  const [asking, setAsking] = useState<'change' | 'delete' | null>(null)
  const close = () => setAsking(null)
  const remove = useAction(async () => {
    await send('DELETE', `/api/fields/${encodeURIComponent(field.key)}`)
    close()
    onChanged()
  })
  return (
    <>
      <span class="actions">
        <button type="button" class="link" onClick={() => setAsking('change')}>
          Change<span class="hidden"> {field.label}</span>
        </button>
        <button type="button" class="link" onClick={() => setAsking('delete')}>
          Delete<span class="hidden"> {field.label}</span>
        </button>
      </span>
      {asking === 'change' ? <FieldDialog saved={field} onSaved={onChanged} onClose={close} /> : null}
      {asking === 'delete' ? (
        <Dialog
          title={`Delete ${field.label}?`}
          confirm="Delete"
          danger
          busy={remove.busy}
          problem={remove.problem}
          onConfirm={remove.run}
          onClose={close}
        >
          <p>Its values go from all contacts and do not come back, not even when an earlier import is undone.</p>
          <p>A field that a source imports has to be taken out of that source’s columns first.</p>
        </Dialog>
      ) : null}
    </>
  )
}
