import type { MappingColumn, SourceSettings } from '../core/source.ts'
import type { ConnectionDraft, ConnectionSettings } from './schema.ts'

export type Kind = ConnectionSettings['kind']
export type SettingsOf<K extends Kind> = Extract<ConnectionSettings, { kind: K }>
export type DraftOf<K extends Kind> = Extract<ConnectionDraft, { kind: K }>

/** The members of a kind's settings; of several kinds, the members of each. */
type MemberOf<K extends Kind> = K extends Kind ? keyof SettingsOf<K> & string : never

/**
 * What Muster knows of a kind of source without reaching it. Plain data and pure functions: the pages load them, so no
 * schema and no code that only the Worker needs may come with them.
 */
export interface Facts<K extends Kind> {
  /** A file, or the records of a service, which can be asked for the changed ones only. */
  gives: 'file' | 'records'

  /** The members that go in and never come out (invariant 9). */
  secrets: readonly MemberOf<K>[]

  /** The server that the secrets are entered for. A connection to another server does not get them. */
  server(draft: DraftOf<K>): string

  /** What the source fetches, as values that differ where other people's contacts would come. */
  target(settings: SettingsOf<K>): unknown[]

  /** How columns are mapped. */
  mapping: MappingRule<K>

  /** What a new source of this kind begins with. */
  defaults: Pick<SourceSettings, 'removal' | 'changesOnly'>

  /** Whether the remote file is moved or deleted once its run has been applied. */
  actsAfterImport(settings: SettingsOf<K>): boolean

  /** Whether the remote side can be told of an SMS status that is set here. */
  writesBack(settings: SettingsOf<K>): boolean
}

/** How the columns of a kind get their meaning. */
export type MappingRule<K extends Kind> =
  /** From the template's headers, unless a file's own columns are mapped. */
  | { by: 'template' }
  /** From the mapping that the kind brings along, unless another one is made. */
  | { by: 'built-in'; columns(draft: DraftOf<K>): MappingColumn[] }
  /** From the administrator, who names an attribute of the service for each field. */
  | { by: 'fields'; service: string; fields: readonly StandardField[] }

/** A field of a contact that has its own place in the form of a service's attributes. */
export interface StandardField {
  to: string
  label: string
  required: boolean
  hint?: string
}

/** Returns the scheme, host and port of an address; empty for a text that is none. */
export function originOf(address: string): string {
  const url = URL.parse(address)
  return url === null ? '' : `${url.protocol}//${url.host}`
}
