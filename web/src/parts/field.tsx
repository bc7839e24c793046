import { type ComponentChildren, h, type TargetedInputEvent } from 'preact'
import { useId } from 'preact/hooks'
import { useFieldError } from './form.tsx'

interface FieldProps {
  /** The dotted path of the value in the body; refusals name it. */
  path: string
  label: ComponentChildren
  hint?: ComponentChildren
}

interface Control {
  id: string
  name: string
  'data-path': string
  'aria-describedby': string | undefined
  'aria-invalid': boolean
}

/** A label, a hint, a control and the reason why its value was refused. */
export function Field({
  path,
  label,
  hint,
  children,
}: FieldProps & { children: (control: Control) => ComponentChildren }) {
  const id = useId()
  const error = useFieldError(path)
  const described = [...(hint === undefined ? [] : [`${id}-hint`]), ...(error === null ? [] : [`${id}-error`])]
  const control: Control = {
    id,
    name: path,
    'data-path': path,
    'aria-describedby': described.length === 0 ? undefined : described.join(' '),
    'aria-invalid': error !== null,
  }
  return (
    <div class={error === null ? 'field' : 'field refused'}>
      <label for={id}>{label}</label>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children(control)}
      {error === null ? null : (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}

interface TextFieldProps extends FieldProps {
  value: string
  onChange: (value: string) => void
  type?: 'text' | 'url' | 'email' | 'password' | 'search' | 'number' | 'date'
  placeholder?: string
  autocomplete?: string
  /** Short values get a short box. */
  short?: boolean
  disabled?: boolean
  required?: boolean
  /** Whether the field has the focus when it appears. */
  autofocus?: boolean
}

/** Focuses a field when it appears. The same function each time, so that it is not called at every render. */
function takeFocus(input: HTMLInputElement | null): void {
  input?.focus()
}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  const { value, onChange, type, placeholder, autocomplete, short, disabled, required, autofocus, ...field } = props
  return (
    <Field {...field}>
      {(control) =>
        // Not JSX, because its types require a separate input for each value of `type`.
        h('input', {
          ...control,
          class: short === true ? 'short' : '',
          type: type ?? 'text',
          value,
          placeholder: placeholder ?? '',
          autoComplete: autocomplete ?? 'off',
          spellcheck: false,
          disabled: disabled === true,
          required: required === true,
          ref: autofocus === true ? takeFocus : null,
          onInput: (event: TargetedInputEvent<HTMLInputElement>) => onChange(event.currentTarget.value),
        })
      }
    </Field>
  )
}

interface ChoiceProps<T extends string> extends FieldProps {
  value: T
  options: readonly (readonly [value: T, label: string])[]
  onChange: (value: T) => void
}

/** A drop-down list for one of several values. */
export function SelectField<T extends string>({ value, options, onChange, ...field }: ChoiceProps<T>) {
  return (
    <Field {...field}>
      {(control) => (
        <select
          {...control}
          value={value}
          onChange={(event) => {
            const chosen = options[event.currentTarget.selectedIndex]
            if (chosen !== undefined) onChange(chosen[0])
          }}
        >
          {options.map(([option, text]) => (
            <option key={option} value={option} selected={option === value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
