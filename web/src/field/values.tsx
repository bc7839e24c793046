import type { ContactView } from '../../../worker/src/api/views/contact.ts'
import type { FieldDefinition } from '../../../worker/src/core/field.ts'
import { Field, SelectField, TextField } from '../parts/field.tsx'
import { type Definitions, useFields } from './definitions.ts'

/** The values of fields while they are edited: one text for each field, and one line for each value of a list. */
export type FieldDraft = Record<string, string>

/** Returns the values of a contact as a draft. */
export function fieldDraft(fields: ContactView['fields'] | undefined): FieldDraft {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([key, values]) => [key, values.join('\n')]))
}

/** Returns the draft as the API takes it. A field that was emptied has no values. */
export function typedFields(draft: FieldDraft, fields: Definitions): Record<string, string[]> {
  const values = (key: string, text: string) =>
    fields.get(key)?.list === false && !text.includes('\n') ? [text] : text.split('\n')
  return Object.fromEntries(
    Object.entries(draft).map(([key, text]) => [key, values(key, text).filter((value) => value.trim() !== '')]),
  )
}

/** The inputs for the custom fields of a manual contact, each by its type. */
export function FieldValues({ draft, onChange }: { draft: FieldDraft; onChange: (draft: FieldDraft) => void }) {
  const { fields } = useFields()
  return (
    <>
      {[...fields.values()].map((field) => (
        <FieldValue
          key={field.key}
          field={field}
          value={draft[field.key] ?? ''}
          onChange={(value) => onChange({ ...draft, [field.key]: value })}
        />
      ))}
    </>
  )
}

const ANSWERS = [
  ['', '–'],
  ['true', 'Yes'],
  ['false', 'No'],
] as const

interface FieldValueProps {
  field: FieldDefinition
  value: string
  onChange: (value: string) => void
}

function FieldValue({ field: { key, label, type, list, required }, value, onChange }: FieldValueProps) {
  const path = `fields.${key}`
  const shown = required ? label : `${label} (optional)`
  if (list || value.includes('\n')) {
    return (
      <Field path={path} label={shown} hint="One value on each line.">
        {(control) => (
          <textarea {...control} rows={3} value={value} onInput={(event) => onChange(event.currentTarget.value)} />
        )}
      </Field>
    )
  }
  if (type === 'boolean') {
    return <SelectField<string> path={path} label={shown} value={value} options={ANSWERS} onChange={onChange} />
  }
  const input = type === 'date' ? 'date' : 'text'
  return <TextField path={path} label={shown} type={input} short={type !== 'text'} value={value} onChange={onChange} />
}
