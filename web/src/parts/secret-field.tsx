import { useState } from 'preact/hooks'
import { Field, TextField } from './field.tsx'

interface SecretFieldProps {
  path: string
  label: string
  hint?: string
  /** The number of lines of a longer secret, such as a private key, which is visible while it is typed. */
  lines?: number
  /** Whether a secret is saved. A saved secret cannot be read back, only replaced. */
  saved: boolean
  /** The secret as typed; undefined keeps the saved one. */
  value: string | null | undefined
  onChange: (value: string | undefined) => void
}

/** The input of a secret. A saved secret is shown only as “saved” until the administrator replaces it. */
export function SecretField({ path, label, hint, lines, saved, value, onChange }: SecretFieldProps) {
  const [replacing, setReplacing] = useState(!saved)
  if (!replacing) {
    return (
      <div class="field">
        <span class="label">{label}</span>
        <p class="saved">
          <span>
            <span aria-hidden="true">••••••••</span> saved
          </span>
          <button type="button" data-path={path} onClick={() => setReplacing(true)}>
            Replace<span class="hidden"> {label}</span>
          </button>
        </p>
      </div>
    )
  }
  const type = (text: string) => onChange(text === '' ? undefined : text)
  const field = { path, label, ...(hint === undefined ? {} : { hint }) }
  const keep = () => {
    onChange(undefined)
    setReplacing(false)
  }
  return (
    <div class="secret">
      {lines === undefined ? (
        <TextField {...field} type="password" autocomplete="new-password" value={value ?? ''} onChange={type} />
      ) : (
        <Field {...field}>
          {(control) => (
            <textarea
              {...control}
              class="code"
              rows={lines}
              spellcheck={false}
              autoComplete="off"
              value={value ?? ''}
              onInput={(event) => type(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      {saved ? (
        <button type="button" class="link" onClick={keep}>
          Keep the saved one
        </button>
      ) : null}
    </div>
  )
}
