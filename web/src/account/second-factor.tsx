import { useState } from 'preact/hooks'
import { encode } from 'uqr'
import { del, post } from '../client.ts'
import { useAction, useLoad } from '../load.ts'
import { CopyField } from '../parts/copy.tsx'
import { TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'

/** Turns the authenticator app of a person on and off. */
export function SecondFactor() {
  const { data, problem } = useLoad('/api/account', {})
  const [uri, setUri] = useState<string | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const begin = useAction(async () => setUri((await post('/api/account/totp', {})).uri))
  const renew = useAction(async () => setCodes((await post('/api/account/recovery-codes', {})).recoveryCodes))
  const stop = useAction(async () => {
    await del('/api/account/totp', {})
    setCodes(null)
  })
  if (data === null) return <ProblemNotice problem={problem} />
  return (
    <div class="block">
      <h2>Authenticator app</h2>
      <ProblemNotice problem={begin.problem ?? renew.problem ?? stop.problem} />
      {codes !== null ? <RecoveryCodes codes={codes} onDone={() => setCodes(null)} /> : null}
      {uri !== null ? (
        <FirstCode
          uri={uri}
          onOn={(made) => {
            setUri(null)
            setCodes(made)
          }}
        />
      ) : data.secondFactor === 'on' ? (
        <>
          <p>It is on: signing in takes a code as well. You have {data.recoveryCodesLeft} of 10 recovery codes left.</p>
          <div class="actions">
            <button type="button" disabled={renew.busy} onClick={renew.run}>
              New recovery codes
            </button>
            <button type="button" disabled={stop.busy} onClick={stop.run}>
              Turn off
            </button>
          </div>
        </>
      ) : (
        <>
          {data.secondFactor === 'required' ? (
            <Notice tone="wait" title="Your organization asks for this">
              <p>Set up an authenticator app, and you can go on.</p>
            </Notice>
          ) : (
            <p>It is off. With it, nobody can sign in with your password alone.</p>
          )}
          <div class="actions">
            <button type="button" class="primary" disabled={begin.busy} onClick={begin.run}>
              Set up
            </button>
          </div>
        </>
      )}
    </div>
  )
}

function FirstCode({ uri, onOn }: { uri: string; onOn: (codes: readonly string[]) => void }) {
  const [code, setCode] = useState('')
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const confirm = useAction(async () =>
    onOn((await post('/api/account/totp/confirm', { body: { code } })).recoveryCodes),
  )
  return (
    <Form problem={confirm.problem} onSubmit={confirm.run}>
      <p>Scan this with your authenticator app, such as Google Authenticator, 1Password or the one of your phone.</p>
      <QrCode text={uri} />
      <CopyField path="secret" label="Or enter this key" text={secret.replace(/(.{4})(?=.)/g, '$1 ')} />
      <TextField
        path="code"
        label="Code that the app shows"
        required
        short
        autocomplete="one-time-code"
        value={code}
        onChange={setCode}
      />
      <div class="actions">
        <button type="submit" class="primary" disabled={confirm.busy}>
          Turn on
        </button>
      </div>
    </Form>
  )
}

function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 2 })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code with the key">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}

function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  return (
    <Notice tone="wait" title="Keep your recovery codes">
      <p>Each signs you in once if you don’t have your phone. They are not shown again.</p>
      <pre class="code">{codes.join('\n')}</pre>
      <div class="actions">
        <button type="button" onClick={() => navigator.clipboard.writeText(codes.join('\n'))}>
          Copy
        </button>
        <button type="button" class="primary" onClick={onDone}>
          I have kept them
        </button>
      </div>
    </Notice>
  )
}
