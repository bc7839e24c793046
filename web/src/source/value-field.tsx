import { NUMBER_TYPES, PRIORITIES } from '../../../worker/src/core/contact.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { NUMBER_TYPE_WORDS } from '../words.ts'
import { kindOf } from './mapping.ts'

interface ValueProps {
  path: string
  label: string
  /** The target that gets the value. */
  to: string
  value: string
  onChange: (value: string) => void
}

const CHOICES: Readonly<Record<string, readonly (readonly [value: string, label: string])[]>> = {
  numberType: NUMBER_TYPES.map((type) => [type, NUMBER_TYPE_WORDS[type]] as const),
  priority: PRIORITIES.map((priority) => [priority, priority.charAt(0).toUpperCase() + priority.slice(1)] as const),
}

/** A value of a target: a choice where only some values are possible, otherwise a text. */
export function ValueField({ to, value, onChange, ...field }: ValueProps) {
  const choices = CHOICES[kindOf(to)]
  if (choices === undefined) return <TextField {...field} value={value} onChange={onChange} />
  // Another spelling of a value, which the API accepts too, is shown as it is.
  const known = choices.some(([choice]) => choice === value)
  return (
    <SelectField
      {...field}
      value={value}
      options={known ? choices : [[value, value] as const, ...choices]}
      onChange={onChange}
    />
  )
}

/** Returns the value that a target begins with: the first of its choices, or none. */
export function firstValue(to: string): string {
  return CHOICES[kindOf(to)]?.[0]?.[0] ?? ''
}
