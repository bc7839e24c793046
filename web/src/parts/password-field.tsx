import { h, type TargetedInputEvent } from 'preact'
import { useState } from 'preact/hooks'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'

interface PasswordFieldProps {
  path: string
  label: string
  hint?: string
  autocomplete: 'current-password' | 'new-password'
  autofocus?: boolean
  value: string
  onChange: (value: string) => void
}

function takeFocus(input: HTMLInputElement | null): void {
  input?.focus()
}

/** The input of a password, with a button that shows what was typed. */
export function PasswordField({ path, label, hint, autocomplete, autofocus, value, onChange }: PasswordFieldProps) {
  const [shown, setShown] = useState(false)
  return (
    <Field path={path} label={label} {...(hint === undefined ? {} : { hint })}>
      {(control) => (
        <div class="with-button">
          {/* Not JSX, because its types require a separate input for each value of `type`. */}
          {h('input', {
            ...control,
            type: shown ? 'text' : 'password',
            autoComplete: autocomplete,
            autoCapitalize: 'off',
            spellcheck: false,
            required: true,
            ref: autofocus === true ? takeFocus : null,
            value,
            onInput: (event: TargetedInputEvent<HTMLInputElement>) => onChange(event.currentTarget.value),
          })}
          <button type="button" class="bare" aria-pressed={shown} onClick={() => setShown(!shown)}>
            <Icon name={shown ? 'hide' : 'show'} />
            <span class="hidden">Show the password</span>
          </button>
        </div>
      )}
    </Field>
  )
}
