import { useState } from 'preact/hooks'
import type { ContactView } from '../../../worker/src/api/views/contact.ts'
import { addressOf, post } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'
import { Block } from '../parts/page.tsx'
import { go } from '../router.ts'

/** What a person may ask for: all that is held about them, and to be erased. Only an administrator does either. */
export function PersonRights({ contact }: { contact: ContactView }) {
  const { key, name } = contact
  return (
    <Block title="If this person asks">
      <p class="muted">
        The file has all that Muster holds about {name}: the contact, its history, each consent decision with its
        evidence, and the imports that changed it.
      </p>
      <div class="actions">
        <a class="button" href={addressOf('/api/contacts/:key/export', { key })} download>
          Download all about this person
        </a>
        <ErasePerson contact={contact} />
      </div>
    </Block>
  )
}

function ErasePerson({ contact: { key, name } }: { contact: ContactView }) {
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const erase = useAction(async () => {
    await post('/api/contacts/:key/erase', { key, body: { reason } })
    setAsking(false)
    go('/contacts', { replace: true })
  })
  return (
    <>
      <button type="button" onClick={() => setAsking(true)}>
        Erase this person…
      </button>
      {asking ? (
        <Dialog
          title={`Erase ${name}?`}
          confirm="Erase this person"
          danger
          busy={erase.busy}
          problem={erase.problem}
          onConfirm={erase.run}
          onClose={() => setAsking(false)}
        >
          <p>
            {name} leaves the directory and its history now, with every other contact that has this name and the same
            number or e-mail. This cannot be undone. Later imports leave the person out.
          </p>
          <p>
            Within a day, the files of all imports so far from the sources that had the person are deleted. These
            imports can no longer be undone.
          </p>
          <p>
            An opt-out stays in force for the person’s numbers. Only hashes are kept, from which nobody can read who the
            person was. You can lift the erasure in the settings; the next import then brings the person back.
          </p>
          <TextField
            path="reason"
            label="Reason"
            hint="It stays in the list of erasures, so do not name the person."
            value={reason}
            onChange={setReason}
          />
        </Dialog>
      ) : null}
    </>
  )
}
