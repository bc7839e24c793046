import { createContext } from 'preact'
import { useContext, useMemo } from 'preact/hooks'
import type { FieldDefinition } from '../../../worker/src/core/field.ts'
import { fieldValueText } from '../../../worker/src/core/values/field-type.ts'
import { day } from '../format.ts'
import { useAll } from '../load.ts'
import { targetWord } from '../words.ts'

/** The custom fields by key, as defined on the Fields page. */
export type Definitions = ReadonlyMap<string, FieldDefinition>

interface Current {
  fields: Definitions
  reload: () => void
}

/** The custom fields, read once for all pages. */
export const FieldsContext = createContext<Current>({ fields: new Map(), reload: () => undefined })

/** Reads the custom fields, for `FieldsContext`. */
export function useDefinitions(): Current {
  const { data, reload } = useAll('/api/fields', {})
  const fields = useMemo(() => new Map(data?.map((field) => [field.key, field])), [data])
  return { fields, reload }
}

/** Returns the custom fields, and a function that reads them again. */
export function useFields(): Current {
  return useContext(FieldsContext)
}

/** Returns a function that names a target of the mapping. A custom field is named by its label. */
export function useTargetWord(): (target: string) => string {
  const { fields } = useFields()
  return (target) => fields.get(target.replace(/^field:/, ''))?.label ?? targetWord(target)
}

/**
 * Formats a field’s values for people, by its type. The values of a field that no longer exists stay as they are
 * stored.
 */
export function fieldTexts(field: FieldDefinition | undefined, values: readonly string[]): string[] {
  if (field === undefined) return [...values]
  return values.map((value) => (field.type === 'date' ? day(value) : fieldValueText(value, field.type)))
}

/** The types of fields in words. */
export const FIELD_TYPE_WORDS = { text: 'Text', number: 'Number', date: 'Date', boolean: 'Yes or no' } as const
