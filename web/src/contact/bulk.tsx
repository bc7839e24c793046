import { useState } from 'preact/hooks'
import { post } from '../client.ts'
import { countOf } from '../format.ts'
import { useAction } from '../load.ts'
import { ActionBar } from '../parts/action-bar.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'
import { toast } from '../parts/toast.tsx'

/** The most contacts that one call opts out or in (api: `POST /api/contacts/sms-status`). */
const MOST = 500

interface BulkProps {
  keys: readonly string[]
  onDone: () => void
}

/** Opts the chosen contacts out or in. The bar stays in view while contacts are chosen. */
export function BulkActions({ keys, onDone }: BulkProps) {
  const [status, setStatus] = useState<'opted_in' | 'opted_out' | null>(null)
  if (keys.length === 0) return null
  const people = countOf(keys.length, 'contact')
  return (
    <ActionBar>
      <strong class="chosen-count">{people} selected</strong>
      <button type="button" onClick={() => setStatus('opted_out')}>
        Opt {people} out…
      </button>
      <button type="button" onClick={() => setStatus('opted_in')}>
        Opt {people} in…
      </button>
      <button type="button" class="link" onClick={onDone}>
        Clear selection
      </button>
      {status === null ? null : (
        <BulkDialog keys={keys} status={status} onDone={onDone} onClose={() => setStatus(null)} />
      )}
    </ActionBar>
  )
}

interface BulkDialogProps extends BulkProps {
  status: 'opted_in' | 'opted_out'
  onClose: () => void
}

function BulkDialog({ keys, status, onDone, onClose }: BulkDialogProps) {
  const [reason, setReason] = useState('')
  const people = countOf(keys.length, 'contact')
  const out = status === 'opted_out'
  const change = useAction(async () => {
    for (let from = 0; from < keys.length; from += MOST) {
      const some = keys.slice(from, from + MOST)
      await post('/api/contacts/sms-status', { body: { keys: some, status, reason } })
    }
    toast(out ? `${people} opted out.` : `${people} opted in.`)
    onDone()
  })
  return (
    <Dialog
      title={out ? `Opt ${people} out of texts?` : `Opt ${people} in to texts?`}
      confirm={out ? `Opt ${people} out` : `Opt ${people} in`}
      busy={change.busy}
      problem={change.problem}
      onConfirm={change.run}
      onClose={onClose}
    >
      <p>
        {out
          ? 'They get no more texts, and no import changes that.'
          : 'They may be texted again. Do this only if each of them asked for it.'}
      </p>
      <TextField
        path="reason"
        label="Reason (optional)"
        hint="Kept with each contact’s consent decision."
        value={reason}
        onChange={setReason}
      />
    </Dialog>
  )
}
