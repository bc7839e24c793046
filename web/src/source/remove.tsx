import { useState } from 'preact/hooks'
import type { SourceView } from '../../../worker/src/api/views.ts'
import { del } from '../client.ts'
import { useAction } from '../load.ts'
import { RadioField } from '../parts/choice.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { go } from '../router.ts'

/** Deletes a source, after asking whether its contacts are kept or removed. */
export function RemoveSource({ source }: { source: SourceView }) {
  const [asking, setAsking] = useState(false)
  const [contacts, setContacts] = useState<'keep' | 'remove'>('keep')
  const remove = useAction(async () => {
    await del('/api/sources/:id', { id: source.id, query: { contacts } })
    setAsking(false)
    go('/sources', { replace: true })
  })
  return (
    <div class="option">
      <p>Deleting a source takes its settings and its password away for good.</p>
      <button type="button" class="danger" onClick={() => setAsking(true)}>
        Delete…
      </button>
      {asking ? (
        <Dialog
          title={`Delete ${source.name}?`}
          confirm="Delete the source"
          danger
          busy={remove.busy}
          problem={remove.problem}
          onConfirm={remove.run}
          onClose={() => setAsking(false)}
        >
          <RadioField
            path="contacts"
            legend="What becomes of its contacts?"
            value={contacts}
            options={[
              {
                value: 'keep',
                label: 'Keep them',
                hint: 'They become contacts made by hand, which you can edit here.',
              },
              { value: 'remove', label: 'Remove them', hint: 'They leave the directory together with the source.' },
            ]}
            onChange={setContacts}
          />
        </Dialog>
      ) : null}
    </div>
  )
}
