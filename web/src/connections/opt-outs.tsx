import { TextField } from '../parts/field.tsx'

/** The part of a connection that names the file of opt-outs; null or absent for none. */
type OptOuts = { path: string } | null | undefined

interface OptOutsFieldProps {
  /** What the path is, in a sentence. */
  hint: string
  placeholder: string
  value: OptOuts
  onChange: (value: { path: string } | null) => void
}

/** The path of the file to which the statuses that are set here are written; empty for none. */
export function OptOutsField({ hint, placeholder, value, onChange }: OptOutsFieldProps) {
  return (
    <TextField
      path="connection.optOuts.path"
      label="Opt-outs file (optional)"
      hint={`Muster writes the SMS statuses that are set here to this file, and replaces what is there. ${hint}`}
      placeholder={placeholder}
      value={value?.path ?? ''}
      onChange={(path) => onChange(path.trim() === '' ? null : { path })}
    />
  )
}
