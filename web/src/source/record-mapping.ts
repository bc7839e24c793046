import type { TestView } from '../../../worker/src/api/views/source.ts'
import type { StandardField } from '../../../worker/src/connections/kind.ts'
import { FILE_COLUMNS } from '../../../worker/src/core/attributes.ts'
import type { FromColumn, MappingColumn } from '../../../worker/src/core/mapping.ts'
import { isFromColumn, suggestedMapping } from './mapping.ts'

/** Returns the attribute that a field is read from; empty if it is not mapped. */
export function attributeOf(mapping: readonly MappingColumn[], to: string): string {
  return mapping.find((entry) => entry.to === to)?.column ?? ''
}

/** Returns the mapping with a field read from another attribute, or from none. */
export function withAttribute(mapping: readonly MappingColumn[], to: string, column: string): MappingColumn[] {
  const entry: MappingColumn = { column, to, ...(to === 'number' ? { type: 'mobile' as const } : {}) }
  const others = mapping.filter((one) => one.to !== to)
  if (column === '') return others
  const at = mapping.findIndex((one) => one.to === to)
  return at === -1 ? [...others, entry] : mapping.map((one, i) => (i === at ? entry : one))
}

/** Returns the mapped fields without a fixed place in the form, with their indexes in the mapping. */
export function additionalFields(
  mapping: readonly MappingColumn[],
  standard: readonly StandardField[],
): { entry: FromColumn; index: number }[] {
  const placed = placedTargets(standard)
  return mapping.flatMap((entry, index) => (placed.has(entry.to) || !isFromColumn(entry) ? [] : [{ entry, index }]))
}

/**
 * Returns the targets of additional fields besides custom fields: groups first, then each target without a fixed place
 * in the form.
 */
export function otherTargets(standard: readonly StandardField[]): string[] {
  const elsewhere = placedTargets(standard).add('name').add('groups')
  return [
    'groups',
    ...FILE_COLUMNS.flatMap((column) => (elsewhere.has(column.to) || 'numbered' in column ? [] : [column.to])),
  ]
}

function placedTargets(standard: readonly StandardField[]): Set<string> {
  return new Set([...standard.map(({ to }) => to), 'smsStatus', 'id'])
}

/** Returns the mapping that a CRM's attributes suggest for the standard fields and the SMS status. */
export function suggestedFields(standard: readonly StandardField[], columns: TestView['columns']): MappingColumn[] {
  const found = suggestedMapping(columns)
  return [...standard.map(({ to }) => to), 'smsStatus'].flatMap((to) => {
    const entry = found.find((one) => one.to === to)
    return entry === undefined ? [] : withAttribute([], to, entry.column)
  })
}
