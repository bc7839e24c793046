import { useId } from 'preact/hooks'
import { Field } from './field.tsx'

interface SuggestFieldProps {
  path: string
  label: string
  hint?: string
  value: string
  /** The suggestions; any other text is accepted too. `label` explains a value that is not clear by itself. */
  options: readonly { value: string; label?: string }[]
  placeholder?: string
  required?: boolean
  short?: boolean
  onChange: (value: string) => void
}

/** One line of text with suggestions. */
export function SuggestField(props: SuggestFieldProps) {
  const { value, options, placeholder, required, short, onChange, ...field } = props
  const list = useId()
  return (
    <Field {...field}>
      {(control) => (
        <>
          <input
            {...control}
            class={short === true ? 'short' : ''}
            type="text"
            list={list}
            autoComplete="off"
            spellcheck={false}
            placeholder={placeholder ?? ''}
            required={required === true}
            value={value}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
          <datalist id={list}>
            {options.map((option) => (
              <option key={option.value} value={option.value} label={option.label ?? option.value} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  )
}
