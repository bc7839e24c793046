import type { TestView } from '../../../worker/src/api/views.ts'
import type { MappingColumn } from '../../../worker/src/core/source.ts'
import { suggestedMapping } from './mapping.ts'

/** The fields of a contact that have a place of their own in the form; all others are additional ones. */
export const STANDARD_FIELDS = [
  { to: 'firstName', label: 'First name', required: true },
  { to: 'lastName', label: 'Last name', required: true },
  { to: 'number', label: 'Mobile number', required: true },
  { to: 'email', label: 'E-mail address', required: false },
  { to: 'assignedUser', label: 'User Identification', required: false },
] as const

const PLACED: readonly string[] = [...STANDARD_FIELDS.map(({ to }) => to), 'smsStatus', 'id']

/** The attribute that a field is read from; empty for none. */
export function attributeOf(mapping: readonly MappingColumn[], to: string): string {
  return mapping.find((entry) => entry.to === to)?.column ?? ''
}

/** The mapping with a field read from another attribute, or from none. */
export function withAttribute(mapping: readonly MappingColumn[], to: string, column: string): MappingColumn[] {
  const entry: MappingColumn = { column, to, ...(to === 'number' ? { type: 'mobile' as const } : {}) }
  const others = mapping.filter((one) => one.to !== to)
  if (column === '') return others
  const at = mapping.findIndex((one) => one.to === to)
  return at === -1 ? [...others, entry] : mapping.map((one, i) => (i === at ? entry : one))
}

/** The additional fields with their places in the mapping. */
export function additionalFields(mapping: readonly MappingColumn[]): { entry: MappingColumn; index: number }[] {
  return mapping.map((entry, index) => ({ entry, index })).filter(({ entry }) => !PLACED.includes(entry.to))
}

/** The mapping that a CRM's attributes suggest for the standard fields. */
export function suggestedRecords(test: TestView): MappingColumn[] {
  const found = suggestedMapping(test.columns)
  return STANDARD_FIELDS.flatMap(({ to }) => {
    const entry = found.find((one) => one.to === to)
    return entry === undefined ? [] : withAttribute([], to, entry.column)
  })
}
