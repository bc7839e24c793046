import * as z from 'zod'
import type { ContactDetails } from './contact.ts'
import type { MappingColumn } from './mapping.ts'
import { nameSchema } from './name.ts'
import { headerKey, TEMPLATE } from './template.ts'
import { FIELD_TYPES } from './values/field-type.ts'

/** Returns whether a key is free. A key that every object inherits cannot be distinguished from a value. */
const isFree = (key: string) => !(key in {})

/**
 * A custom field of contacts (seed: Fields page). Mappings and the API name the field by its `key`, which never
 * changes.
 */
export const fieldSchema = z.object({
  key: z
    .string()
    .max(64)
    .regex(/^[a-z][a-zA-Z0-9_]*$/, 'A key begins with a small letter, and has letters, digits and _ alone')
    .refine(isFree, 'This key is reserved; choose another'),
  label: nameSchema(100, 'Enter a label').refine(
    (label) => !TEMPLATE.some(({ header }) => headerKey(header) === headerKey(label)),
    'This is a column of the import template already; choose another label',
  ),
  type: z.enum(FIELD_TYPES).default('text'),
  list: z.boolean().default(false),
  required: z.boolean().default(false),
})
export type FieldDefinition = z.output<typeof fieldSchema>

/** Field definitions by key. */
export type Fields = ReadonlyMap<string, FieldDefinition>

/** Returns the definitions that a mapping names, in the order of their keys. */
export function mappedFields(mapping: readonly MappingColumn[] | null, fields: Fields): FieldDefinition[] {
  const named = new Set(mapping?.map(({ to }) => to))
  return [...fields.values()].filter(({ key }) => named.has(`field:${key}`)).sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** Returns details without the values of fields that are no longer defined. */
export function withoutUndefined(details: ContactDetails, fields: Fields): ContactDetails {
  const kept = Object.entries(details.fields).filter(([key]) => fields.has(key))
  return kept.length === Object.keys(details.fields).length ? details : { ...details, fields: Object.fromEntries(kept) }
}
