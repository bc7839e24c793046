import { useState } from 'preact/hooks'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { ApiProblem } from '../problem.ts'
import { go, useTitle } from '../router.ts'
import { SignedOutFrame } from './signed-out.tsx'

/** The addresses of links that work once, whose token follows the number sign. */
export const LINK_PATHS = ['/invitation', '/new-password'] as const

/** The page of a link with which a person chooses a password: an invitation, or a new password for a forgotten one. */
export function ChoosePassword({ path, onDone }: { path: (typeof LINK_PATHS)[number]; onDone: () => void }) {
  const invited = path === '/invitation'
  useTitle(invited ? 'Welcome' : 'New password')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const choose = useAction(async () => {
    const token = location.hash.slice(1)
    const { email } = invited
      ? await post('/api/invitations/accept', { body: { token, name, password } })
      : await post('/api/password-reset/confirm', { body: { token, password } })
    // A person with a second factor finishes on the sign-in page.
    await post('/api/session', { body: { email, password } }).catch((error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error
    })
    go('/')
    onDone()
  })
  return (
    <SignedOutFrame>
      <h2>{invited ? 'Welcome to Muster' : 'Choose a new password'}</h2>
      <Form problem={choose.problem} onSubmit={choose.run}>
        {invited ? (
          <TextField
            path="name"
            label="Your name"
            required
            autocomplete="name"
            autofocus
            value={name}
            onChange={setName}
          />
        ) : null}
        <PasswordField
          path="password"
          label="Password"
          hint="At least 12 characters. Four or five words that have nothing to do with each other are a good one."
          autocomplete="new-password"
          autofocus={!invited}
          value={password}
          onChange={setPassword}
        />
        <button type="submit" class="primary wide" disabled={choose.busy}>
          {invited ? 'Set the password and sign in' : 'Change the password and sign in'}
        </button>
      </Form>
    </SignedOutFrame>
  )
}
