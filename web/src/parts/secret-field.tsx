import { useState } from 'preact/hooks'
import { Field, TextField } from './field.tsx'

interface SecretFieldProps {
  path: string
  label: string
  hint?: string
  /** A text of several lines, such as a private key; it is seen while it is typed. */
  lines?: number
  /** Whether one is saved; it cannot be read back, only replaced. */
  saved: boolean
  /** What was typed; undefined keeps what is saved. */
  value: string | null | undefined
  onChange: (value: string | undefined) => void
}

/** A secret: typed once, then only “saved”, until the administrator replaces it. */
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
