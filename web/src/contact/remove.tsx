import { useState } from 'preact/hooks'
import type { ContactView } from '../../../worker/src/api/views/contact.ts'
import { del } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { go } from '../router.ts'

/** Deletes a manual contact. */
export function RemoveContact({ contact }: { contact: ContactView }) {
  const [asking, setAsking] = useState(false)
  const remove = useAction(async () => {
    await del('/api/contacts/:key', { key: contact.key })
    setAsking(false)
    go('/contacts', { replace: true })
  })
  return (
    <>
      <button type="button" onClick={() => setAsking(true)}>
        Delete…
      </button>
      {asking ? (
        <Dialog
          title={`Delete ${contact.name}?`}
          confirm="Delete contact"
          danger
          busy={remove.busy}
          problem={remove.problem}
          onConfirm={remove.run}
          onClose={() => setAsking(false)}
        >
          <p>The contact leaves the directory and its groups. An opt-out is remembered.</p>
        </Dialog>
      ) : null}
    </>
  )
}
