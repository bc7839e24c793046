import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface ChoiceProps {
  type: 'radio' | 'checkbox'
  /** Radio buttons with one group are one question. */
  group?: string
  path: string
  checked: boolean
  onChange: (checked: boolean) => void
  label: ComponentChildren
  hint?: string | undefined
}

/** A check box or radio button, with its label and a hint that is not part of its accessible name. */
function Choice({ type, group, path, checked, onChange, label, hint }: ChoiceProps) {
  const id = useId()
  return (
    <div class="choice">
      <input
        id={id}
        type={type}
        name={group ?? path}
        data-path={path}
        checked={checked}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

/** A check box for yes or no. */
export function CheckField(props: Omit<ChoiceProps, 'type' | 'group'>) {
  return <Choice {...props} type="checkbox" />
}

interface RadioFieldProps<T extends string> {
  path: string
  legend: ComponentChildren
  value: T
  options: readonly { value: T; label: string; hint?: string }[]
  onChange: (value: T) => void
}

/** Radio buttons for one of several values, all visible. */
export function RadioField<T extends string>({ path, legend, value, options, onChange }: RadioFieldProps<T>) {
  const group = useId()
  return (
    <fieldset>
      <legend>{legend}</legend>
      {options.map((option) => (
        <Choice
          key={option.value}
          type="radio"
          group={group}
          path={path}
          checked={option.value === value}
          onChange={() => onChange(option.value)}
          label={option.label}
          hint={option.hint}
        />
      ))}
    </fieldset>
  )
}
