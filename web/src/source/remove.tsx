import { useState } from 'preact/hooks'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { del } from '../client.ts'
import { count } from '../format.ts'
import { useAction, useLoad } from '../load.ts'
import { RadioField } from '../parts/choice.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { go } from '../router.ts'

/** Deletes a source, after asking whether its contacts are kept or removed. */
export function RemoveSource({ source }: { source: SourceView }) {
  const [asking, setAsking] = useState(false)
  const { data } = useLoad('/api/contacts', { query: { source: source.id, limit: 1 } })
  const contacts = data === null ? 'its contacts' : contactsOf(data.total)
  return (
    <div class="option">
      <p>
        Deleting this source takes its settings and its password away for good. You choose whether {contacts} stay in
        the directory.
      </p>
      <button type="button" class="danger" onClick={() => setAsking(true)}>
        Delete…
      </button>
      {asking ? <RemoveDialog source={source} contacts={contacts} onClose={() => setAsking(false)} /> : null}
    </div>
  )
}

interface RemoveDialogProps {
  source: SourceView
  /** How many contacts it has, in words. */
  contacts: string
  onClose: () => void
}

function RemoveDialog({ source, contacts, onClose }: RemoveDialogProps) {
  const [fate, setFate] = useState<'keep' | 'remove'>('keep')
  const remove = useAction(async () => {
    await del('/api/sources/:id', { id: source.id, query: { contacts: fate } })
    onClose()
    go('/sources', { replace: true })
  })
  return (
    <Dialog
      title={`Delete ${source.name}?`}
      confirm={fate === 'keep' ? 'Delete the source' : `Delete the source and ${contacts}`}
      danger
      busy={remove.busy}
      problem={remove.problem}
      onConfirm={remove.run}
      onClose={onClose}
    >
      <RadioField
        path="contacts"
        legend={`What becomes of ${contacts}?`}
        value={fate}
        options={[
          {
            value: 'keep',
            label: 'Keep them',
            hint: 'They become contacts made by hand, which you can edit here.',
          },
          { value: 'remove', label: 'Remove them', hint: 'They leave the directory together with the source.' },
        ]}
        onChange={setFate}
      />
    </Dialog>
  )
}

function contactsOf({ count: n, more }: { count: number; more: boolean }): string {
  return `its ${count(n)}${more ? '+' : ''} ${n === 1 ? 'contact' : 'contacts'}`
}
