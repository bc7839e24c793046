import { useEffect, useState } from 'preact/hooks'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { useTitle } from '../router.ts'
import { preload } from '../routes.tsx'

/** The sign-in page. */
export function SignIn() {
  useTitle('Sign in')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const typing = email !== ''
  useEffect(() => {
    if (typing) preload(location.pathname)
  }, [typing])
  const signIn = useAction(() => post('/api/session', { body: { email: email.trim(), password } }))
  return (
    <main class="sign-in">
      <h1 class="brand">
        <img src="/favicon.svg" alt="" width="40" height="40" />
        Muster
      </h1>
      <div class="block">
        <Form problem={signIn.problem} onSubmit={signIn.run}>
          <TextField
            path="email"
            label="E-mail address"
            type="email"
            required
            autocomplete="username"
            value={email}
            onChange={setEmail}
          />
          <TextField
            path="password"
            label="Password"
            type="password"
            required
            autocomplete="current-password"
            value={password}
            onChange={setPassword}
          />
          <button type="submit" class="primary wide" disabled={signIn.busy}>
            Sign in
          </button>
        </Form>
      </div>
      <p class="muted center">Muster keeps your contact directory in step with a remote file.</p>
    </main>
  )
}
