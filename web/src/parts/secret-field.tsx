import { useState } from 'preact/hooks'
import { TextField } from './field.tsx'

interface SecretFieldProps {
  path: string
  label: string
  hint?: string
  /** Whether one is saved; it cannot be read back, only replaced. */
  saved: boolean
  /** What was typed; undefined keeps what is saved. */
  value: string | null | undefined
  onChange: (value: string | undefined) => void
}

/** A secret: typed once, then only “saved”, until the administrator replaces it. */
export function SecretField({ path, label, hint, saved, value, onChange }: SecretFieldProps) {
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
  const keep = () => {
    onChange(undefined)
    setReplacing(false)
  }
  return (
    <div class="secret">
      <TextField
        path={path}
        label={label}
        type="password"
        autocomplete="new-password"
        value={value ?? ''}
        onChange={(text) => onChange(text === '' ? undefined : text)}
        {...(hint === undefined ? {} : { hint })}
      />
      {saved ? (
        <button type="button" class="link" onClick={keep}>
          Keep the saved one
        </button>
      ) : null}
    </div>
  )
}
