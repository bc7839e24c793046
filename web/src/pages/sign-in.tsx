import { useEffect, useState } from 'preact/hooks'
import { post } from '../client.ts'
import { useAction, useLoad } from '../load.ts'
import { TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { ApiProblem } from '../problem.ts'
import { useTitle } from '../router.ts'
import { preload } from '../routes.tsx'
import { SignedOutFrame } from './signed-out.tsx'

type Step = { name: 'password' } | { name: 'code'; ticket: string } | { name: 'forgotten' } | { name: 'sent' }

/** The sign-in page. */
export function SignIn() {
  useTitle('Sign in')
  return (
    <SignedOutFrame>
      <SignInSteps fixed={null} onSignedIn={() => undefined} />
    </SignedOutFrame>
  )
}

interface SignInStepsProps {
  /** The e-mail address of the person whose session has ended; null for anybody. */
  fixed: string | null
  onSignedIn: () => void
}

/** The steps of signing in: the password, then the code of a person with a second factor, or a link for a forgotten password. */
export function SignInSteps({ fixed, onSignedIn }: SignInStepsProps) {
  const { data: options } = useLoad('/api/session/options', {})
  const [email, setEmail] = useState(fixed ?? '')
  const [step, setStep] = useState<Step>({ name: 'password' })
  const typing = email !== ''
  useEffect(() => {
    if (typing) preload(location.pathname)
  }, [typing])
  if (options?.access === true) return <ThroughAccess over={fixed !== null} onSignedIn={onSignedIn} />
  const back = () => setStep({ name: 'password' })
  switch (step.name) {
    case 'password':
      return (
        <>
          {options?.demo === true && fixed === null ? (
            <Notice tone="quiet">
              <p>Muster runs on this computer. The address and the password are in the terminal that started it.</p>
            </Notice>
          ) : null}
          <PasswordForm
            email={email}
            onEmail={fixed === null ? setEmail : null}
            onStep={setStep}
            onSignedIn={onSignedIn}
            canReset={options?.reset === true && fixed === null}
          />
        </>
      )
    case 'code':
      return <CodeForm ticket={step.ticket} onSignedIn={onSignedIn} onBack={back} />
    case 'forgotten':
      return <ForgottenForm email={email} onEmail={setEmail} onSent={() => setStep({ name: 'sent' })} onBack={back} />
    case 'sent':
      return (
        <>
          <Notice tone="good" title="Look into your mailbox">
            <p>If {email} can sign in with a password, a link for a new one is on its way. It works for an hour.</p>
          </Notice>
          <Back onBack={back} />
        </>
      )
  }
}

/** Signing in through the organization, which the browser does on a page of its own. */
function ThroughAccess({ over, onSignedIn }: { over: boolean; onSignedIn: () => void }) {
  if (over) {
    return (
      <>
        <p>
          <a href="/" target="_blank" rel="noopener">
            Sign in through your organization in a new tab
          </a>
          , then come back here.
        </p>
        <button type="button" class="primary wide" onClick={onSignedIn}>
          Go on
        </button>
      </>
    )
  }
  return (
    <>
      <p>You sign in to Muster through your organization. Load the page again to do so.</p>
      <button type="button" class="primary wide" onClick={() => location.reload()}>
        Load the page again
      </button>
    </>
  )
}

interface EmailProps {
  email: string
  /** Null if the address cannot be changed. */
  onEmail: ((email: string) => void) | null
}

interface PasswordFormProps extends EmailProps {
  onStep: (step: Step) => void
  onSignedIn: () => void
  canReset: boolean
}

function PasswordForm({ email, onEmail, onStep, onSignedIn, canReset }: PasswordFormProps) {
  const [password, setPassword] = useState('')
  const signIn = useAction(async () => {
    try {
      await post('/api/session', { body: { email: email.trim(), password } })
      onSignedIn()
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.ticket === null) throw error
      onStep({ name: 'code', ticket: error.ticket })
    }
  })
  return (
    <Form problem={signIn.problem} onSubmit={signIn.run}>
      <EmailField email={email} onEmail={onEmail} autofocus={onEmail !== null} />
      <PasswordField
        path="password"
        label="Password"
        autocomplete="current-password"
        autofocus={onEmail === null}
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

interface CodeFormProps {
  ticket: string
  onSignedIn: () => void
  onBack: () => void
}

function CodeForm({ ticket, onSignedIn, onBack }: CodeFormProps) {
  const [code, setCode] = useState('')
  const finish = useAction(async () => {
    await post('/api/session/second-factor', { body: { ticket, code } })
    onSignedIn()
  })
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
      <EmailField email={email} onEmail={onEmail} autofocus />
      <button type="submit" class="primary wide" disabled={send.busy}>
        Send a link for a new password
      </button>
      <Back onBack={onBack} />
    </Form>
  )
}

function EmailField({ email, onEmail, autofocus }: EmailProps & { autofocus: boolean }) {
  return (
    <TextField
      path="email"
      label="E-mail address"
      type="email"
      required
      autocomplete="username"
      autofocus={autofocus}
      disabled={onEmail === null}
      value={email}
      onChange={(typed) => onEmail?.(typed)}
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
