import { useState } from 'preact/hooks'
import { SecondFactor } from '../account/second-factor.tsx'
import { Sessions } from '../account/sessions.tsx'
import { Shortcuts } from '../account/shortcuts.tsx'
import { put } from '../client.ts'
import { useAction } from '../load.ts'
import { TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { Facts, Page } from '../parts/page.tsx'
import { useSession } from '../session.ts'
import { roleWord } from '../user/words.ts'

/** The person who is signed in: their password, second factor and sessions. */
export function Account() {
  const { name, email, role } = useSession()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [done, setDone] = useState(false)
  const save = useAction(async () => {
    setDone(false)
    await put('/api/session/password', { body: { current, password } })
    setCurrent('')
    setPassword('')
    setDone(true)
  })
  return (
    <Page title="Your account" width="text">
      <div class="block">
        <Facts
          items={[
            ['Name', name],
            ['E-mail address', email],
            ['Role', roleWord(role)],
          ]}
        />
      </div>
      <Form problem={save.problem} onSubmit={save.run}>
        <div class="block">
          <h2>Change your password</h2>
          <TextField
            path="current"
            label="Current password"
            type="password"
            autocomplete="current-password"
            required
            value={current}
            onChange={setCurrent}
          />
          <TextField
            path="password"
            label="New password"
            hint="At least 12 characters. You stay signed in here and are signed out everywhere else."
            type="password"
            autocomplete="new-password"
            required
            value={password}
            onChange={setPassword}
          />
          {done ? <Notice tone="good" title="Your password is changed" /> : null}
          <div class="actions">
            <button type="submit" class="primary" disabled={save.busy}>
              Change password
            </button>
          </div>
        </div>
      </Form>
      <SecondFactor />
      <Sessions />
      <Shortcuts />
    </Page>
  )
}
