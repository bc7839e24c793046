import { useEffect, useState } from 'preact/hooks'
import { post } from '../client.ts'
import { useAction, useLoad } from '../load.ts'
import { TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { ApiProblem } from '../problem.ts'
import { useTitle } from '../router.ts'
import { preload } from '../routes.tsx'
import { SignedOutFrame } from './signed-out.tsx'

type Step = { name: 'password' } | { name: 'code'; ticket: string } | { name: 'forgotten' } | { name: 'sent' }

/** The sign-in page: the password, then the code of a person with a second factor, or a link for a forgotten password. */
export function SignIn() {
  useTitle('Sign in')
  const { data: options } = useLoad('/api/session/options', {})
  const [email, setEmail] = useState('')
  const [step, setStep] = useState<Step>({ name: 'password' })
  const typing = email !== ''
  useEffect(() => {
    if (typing) preload(location.pathname)
  }, [typing])
  if (options?.access === true) {
    return (
      <SignedOutFrame>
        <p>You sign in to Muster through your organization. Load the page again to do so.</p>
        <button type="button" class="primary wide" onClick={() => location.reload()}>
          Load the page again
        </button>
      </SignedOutFrame>
    )
  }
  const back = () => setStep({ name: 'password' })
  return (
    <SignedOutFrame>
      {step.name === 'password' ? (
        <PasswordForm email={email} onEmail={setEmail} onStep={setStep} canReset={options?.reset === true} />
      ) : step.name === 'code' ? (
        <CodeForm ticket={step.ticket} onBack={back} />
      ) : step.name === 'forgotten' ? (
        <ForgottenForm email={email} onEmail={setEmail} onSent={() => setStep({ name: 'sent' })} onBack={back} />
      ) : (
        <>
          <Notice tone="good" title="Look into your mailbox">
            <p>If {email} can sign in with a password, a link for a new one is on its way. It works for an hour.</p>
          </Notice>
          <Back onBack={back} />
        </>
      )}
    </SignedOutFrame>
  )
}

interface EmailProps {
  email: string
  onEmail: (email: string) => void
}

function PasswordForm({
  email,
  onEmail,
  onStep,
  canReset,
}: EmailProps & { onStep: (step: Step) => void; canReset: boolean }) {
  const [password, setPassword] = useState('')
  const signIn = useAction(async () => {
    try {
      await post('/api/session', { body: { email: email.trim(), password } })
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.ticket === null) throw error
      onStep({ name: 'code', ticket: error.ticket })
    }
  })
  return (
    <Form problem={signIn.problem} onSubmit={signIn.run}>
      <EmailField email={email} onEmail={onEmail} />
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
      {canReset ? (
        <p class="center">
          <button type="button" class="link" onClick={() => onStep({ name: 'forgotten' })}>
            Forgot your password?
          </button>
        </p>
      ) : null}
    </Form>
  )
}

function CodeForm({ ticket, onBack }: { ticket: string; onBack: () => void }) {
  const [code, setCode] = useState('')
  const finish = useAction(() => post('/api/session/second-factor', { body: { ticket, code } }))
  return (
    <Form problem={finish.problem} onSubmit={finish.run}>
      <TextField
        path="code"
        label="Code"
        hint="The six digits that your authenticator app shows, or one of your recovery codes."
        required
        autocomplete="one-time-code"
        autofocus
        value={code}
        onChange={setCode}
      />
      <button type="submit" class="primary wide" disabled={finish.busy}>
        Sign in
      </button>
      <Back onBack={onBack} />
    </Form>
  )
}

function ForgottenForm({ email, onEmail, onSent, onBack }: EmailProps & { onSent: () => void; onBack: () => void }) {
  const send = useAction(async () => {
    await post('/api/password-reset', { body: { email: email.trim() } })
    onSent()
  })
  return (
    <Form problem={send.problem} onSubmit={send.run}>
      <EmailField email={email} onEmail={onEmail} />
      <button type="submit" class="primary wide" disabled={send.busy}>
        Send a link for a new password
      </button>
      <Back onBack={onBack} />
    </Form>
  )
}

function EmailField({ email, onEmail }: EmailProps) {
  return (
    <TextField
      path="email"
      label="E-mail address"
      type="email"
      required
      autocomplete="username"
      value={email}
      onChange={onEmail}
    />
  )
}

function Back({ onBack }: { onBack: () => void }) {
  return (
    <p class="center">
      <button type="button" class="link" onClick={onBack}>
        Back to sign in
      </button>
    </p>
  )
}
