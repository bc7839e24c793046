import { useState } from 'preact/hooks'
import type { ContactView } from '../../../worker/src/api/views/contact.ts'
import { put } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'
import { Block } from '../parts/page.tsx'
import { useMay } from '../session.ts'
import { WRITE_BACK_WORDS } from '../words.ts'
import { Consent } from './consent.tsx'
import { SmsState } from './contact-table.tsx'
import { SmsChanges } from './sms-changes.tsx'

/**
 * A contact’s SMS status with the decisions behind it, and a form to change it and give a reason. It can be changed
 * here even if a source manages contacts.
 */
export function SmsBlock({ contact }: { contact: ContactView }) {
  const may = useMay()
  const { sms } = contact
  const [status, setStatus] = useState<'opted_in' | 'opted_out' | null>(null)
  const [reason, setReason] = useState('')
  const change = useAction(async () => {
    if (status === null) return
    await put('/api/contacts/:key/sms-status', { key: contact.key, body: { status, reason } })
    setStatus(null)
  })
  const ask = (next: 'opted_in' | 'opted_out') => {
    setReason('')
    setStatus(next)
  }
  return (
    <Block title="Consent" aside={<SmsState status={sms.status} />}>
      <Consent contact={contact} />
      {sms.writeBack === null ? null : <p>{WRITE_BACK_WORDS[sms.writeBack]}</p>}
      <SmsChanges contactKey={contact.key} />
      {may.run ? (
        <div class="actions">
          {sms.status === 'opted_out' ? null : (
            <button type="button" onClick={() => ask('opted_out')}>
              Opt out…
            </button>
          )}
          {sms.status === 'opted_in' ? null : (
            <button type="button" onClick={() => ask('opted_in')}>
              Opt in…
            </button>
          )}
        </div>
      ) : null}
      {status === null ? null : (
        <Dialog
          title={status === 'opted_out' ? `Opt ${contact.name} out?` : `Opt ${contact.name} in?`}
          confirm={status === 'opted_out' ? 'Opt out' : 'Opt in'}
          busy={change.busy}
          problem={change.problem}
          onConfirm={change.run}
          onClose={() => setStatus(null)}
        >
          <p>
            {status === 'opted_out'
              ? 'This person gets no more texts, and no import changes that.'
              : 'This person may be texted again. Do this only if they asked for it.'}
          </p>
          <TextField
            path="reason"
            label="Reason (optional)"
            hint="Kept with the consent decision."
            value={reason}
            onChange={setReason}
          />
        </Dialog>
      )}
    </Block>
  )
}
