/** What a custom field holds. */
export const FIELD_TYPES = ['text', 'number', 'date', 'boolean'] as const
export type FieldType = (typeof FIELD_TYPES)[number]

/** A stored value for people, in a form that is read back as the same value: `Yes` for `true`. */
export function fieldValueText(value: string, type: FieldType): string {
  return type === 'boolean' ? (value === 'true' ? 'Yes' : 'No') : value
}
