import { useEffect, useState } from 'preact/hooks'
import { onConfirmIdentity, post } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'
import { FieldProblems } from './form.tsx'

/** Asks for the password when the API wants to know again who a person is. The call then goes on by itself. */
export function ConfirmIdentity() {
  const [asked, setAsked] = useState<{ answer: (confirmed: boolean) => void } | null>(null)
  useEffect(() => onConfirmIdentity(() => new Promise((answer) => setAsked({ answer }))), [])
  if (asked === null) return null
  return (
    <PasswordDialog
      onEnd={(confirmed) => {
        setAsked(null)
        asked.answer(confirmed)
      }}
    />
  )
}

function PasswordDialog({ onEnd }: { onEnd: (confirmed: boolean) => void }) {
  const [password, setPassword] = useState('')
  const confirm = useAction(async () => {
    await post('/api/session/confirm', { body: { password } })
    onEnd(true)
  })
  return (
    <Dialog
      title="Is it you?"
      confirm="Continue"
      busy={confirm.busy}
      problem={confirm.problem}
      onConfirm={confirm.run}
      onClose={() => onEnd(false)}
    >
      <p>Enter your password to do this. You are not asked again for a quarter of an hour.</p>
      <FieldProblems problem={confirm.problem}>
        <TextField
          path="password"
          label="Your password"
          type="password"
          autocomplete="current-password"
          required
          value={password}
          onChange={setPassword}
        />
      </FieldProblems>
    </Dialog>
  )
}
