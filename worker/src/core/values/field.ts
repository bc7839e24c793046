import { unreadable, type Value } from './value.ts'
export const FIELD_TYPES = ['text', 'number', 'date', 'boolean'] as const
export type FieldType = (typeof FIELD_TYPES)[number]
export type FieldCode = 'field_not_a_number' | 'field_not_a_date' | 'field_not_yes_or_no'
/** Canonical strings, one unless `list`; never empty. Parts of a list that cannot be read are findings. */
export function readField(
  cell: string,
  field: { type: FieldType; list: boolean },
  defaultCountry: string,
): Value<string[]> {
  return unreadable('field_not_a_date', cell + field.type + defaultCountry)
}
