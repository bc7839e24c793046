import type { MappingColumn } from '../core/source.ts'
import { d4hMapping } from './d4h/mapping.ts'
import { type RecordColumn, recordColumns } from './records.ts'

/** The part of a connection that its built-in mapping depends on. */
interface Kind {
  kind: string
  groups?: boolean | undefined
}

/**
 * The mapping that a kind of source brings along, so that an administrator needs to map nothing. Null where there is none: a file
 * has the template's headers.
 */
export function builtInMapping(connection: Kind): MappingColumn[] | null {
  return connection.kind === 'd4h' ? d4hMapping({ groups: connection.groups !== false }) : null
}

/** The mapping that a source is read by; null: the template's headers. */
export function mappingOf(connection: Kind, mapping: MappingColumn[] | null): MappingColumn[] | null {
  return mapping ?? builtInMapping(connection)
}

/**
 * The columns that a connection test asks for: those of the mapping, or all (null) where the service tells by itself what it has,
 * so that more can be chosen.
 */
export function columnsToShow(connection: Kind, mapping: MappingColumn[] | null): RecordColumn[] | null {
  return connection.kind === 'd4h' ? null : recordColumns(mapping)
}
