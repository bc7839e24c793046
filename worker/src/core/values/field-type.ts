/** The type of a custom field's values. */
export const FIELD_TYPES = ['text', 'number', 'date', 'boolean'] as const
export type FieldType = (typeof FIELD_TYPES)[number]

/** Returns a stored value in a form for people that is read back as the same value: `Yes` for `true`. */
export function fieldValueText(value: string, type: FieldType): string {
  return type === 'boolean' ? (value === 'true' ? 'Yes' : 'No') : value
}
