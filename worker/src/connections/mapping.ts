import { headersOf, type MappingColumn, type RowRule } from '../core/mapping.ts'
import { headerKey } from '../core/template.ts'
import { factsOf, givesRecords } from './facts.ts'
import type { Kind, StandardField } from './kind.ts'
import type { ConnectionDraft } from './schema.ts'

/** A column of a service's records, as the administrator spells it. */
export interface RecordColumn {
  name: string
  /** Has List: several values, or the display names instead of codes. */
  list: boolean
}

/**
 * Returns the mapping that a kind of source has built in, so that an administrator needs to map nothing. Returns null
 * if the kind has none: a file has the template's headers.
 */
export function builtInMapping(connection: ConnectionDraft): MappingColumn[] | null {
  const { mapping } = factsOf(connection)
  return mapping.by === 'built-in' ? mapping.columns(connection) : null
}

/** Returns the mapping that a source is read by; null if its file has the template's headers. */
export function mappingOf(connection: ConnectionDraft, mapping: MappingColumn[] | null): MappingColumn[] | null {
  return mapping ?? builtInMapping(connection)
}

/**
 * Returns why a mapping does not suit this kind of source, or null. A file must say which column is the ID; a service
 * knows the IDs of its records.
 */
export function mappingRefusal(connection: { kind: Kind }, mapping: readonly MappingColumn[]): string | null {
  const count = (target: string) => mapping.filter(({ to }) => to === target).length
  if (!givesRecords(connection)) return count('id') === 1 ? null : 'Map exactly one column to the ID'
  if (count('id') > 1) return 'Map one column at the most to the ID'
  const required = requiredFields(connection)
  if (required.every(({ to }) => count(to) === 1)) return null
  const names = required.map(({ label }) => `the ${label.toLowerCase()}`)
  return `Map ${new Intl.ListFormat('en-GB').format(names)}`
}

/** Returns whether a record without a number is an error (design: Error or warning). */
export function numberRequired(connection: { kind: Kind }): boolean {
  return requiredFields(connection).some(({ to }) => to === 'number')
}

function requiredFields(connection: { kind: Kind }): StandardField[] {
  const { mapping } = factsOf(connection)
  return mapping.by === 'fields' ? mapping.fields.filter(({ required }) => required) : []
}

/** Returns the columns that a mapping and the rules for rows need, each once; null if nothing is mapped. */
export function recordColumns(
  mapping: readonly MappingColumn[] | null,
  rules: readonly RowRule[] = [],
): RecordColumn[] | null {
  if (mapping === null) return null
  const columns = new Map<string, RecordColumn>()
  const needed = [
    ...mapping.flatMap((entry) => headersOf(entry).map((name) => ({ name, list: entry.list === true }))),
    ...rules.map(({ column }) => ({ name: column, list: false })),
  ]
  for (const { name, list } of needed) {
    const key = headerKey(name)
    const before = columns.get(key)
    columns.set(key, { name: before?.name ?? name, list: before?.list === true || list })
  }
  return [...columns.values()]
}

/**
 * Returns the mapping of records with these columns. The first column is the ID unless the mapping names another one.
 */
export function recordMapping(mapping: readonly MappingColumn[], header: readonly string[]): MappingColumn[] {
  const [id] = header
  if (id === undefined || mapping.some(({ to }) => to === 'id')) return [...mapping]
  return [{ column: id, to: 'id' }, ...mapping]
}
