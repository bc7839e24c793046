import type { MappingColumn } from '../core/mapping.ts'
import type { SourceSettings } from '../core/source.ts'
import type { ConnectionDraft, ConnectionSettings } from './schema.ts'

export type Kind = ConnectionSettings['kind']
export type SettingsOf<K extends Kind> = Extract<ConnectionSettings, { kind: K }>
export type DraftOf<K extends Kind> = Extract<ConnectionDraft, { kind: K }>

/** The paths of the members of a kind's settings, such as `password` and `header.value`; for a union, those of each. */
type MemberOf<K extends Kind> = K extends Kind ? (keyof SettingsOf<K> & string) | InnerOf<SettingsOf<K>> : never
type InnerOf<S> = { [M in keyof S & string]: `${M}.${keyof Extract<S[M], object> & string}` }[keyof S & string]

/**
 * The facts of a kind of source, which Muster knows without reaching it. They are plain data and pure functions: the
 * pages load them, so they must not import a schema or code that only the Worker needs.
 */
export interface Facts<K extends Kind> {
  /** Whether the source gives a file, or the records of a service, which can be asked for only the changed ones. */
  gives: 'file' | 'records'

  /**
   * The file is not fetched: a person or a program uploads it. Such a source has neither a schedule nor a webhook. Left
   * out by the kinds that are fetched.
   */
  uploaded?: true

  /** The members that the API accepts and never returns (invariant 9). */
  secrets: readonly MemberOf<K>[]

  /**
   * Returns the address that is really fetched, without its query, if it is another than the one that was entered. Only the
   * kinds that know such addresses have this function.
   */
  fetches?(draft: DraftOf<K>): string | null

  /** Returns the server that the secrets were entered for. A connection to another server does not get them. */
  server(draft: DraftOf<K>): string

  /** Returns values that identify what the source fetches. They differ if other people's contacts would come. */
  target(settings: SettingsOf<K>): unknown[]

  /** How the columns are mapped. */
  mapping: MappingRule<K>

  /** The settings that a new source of this kind begins with. */
  defaults: Pick<SourceSettings, 'removal' | 'changesOnly'>

  /** Returns whether the remote file is moved or deleted once its run has been applied. */
  actsAfterImport(settings: SettingsOf<K>): boolean

  /**
   * Returns the settings that reach the file for the statuses that are set here; null if the settings name none. Only the
   * kinds whose files can be written have this function.
   */
  optOutFile?(settings: SettingsOf<K>): SettingsOf<K> | null

  /** Returns whether the source is disabled once a run of it has ended. Left out by the kinds without such a setting. */
  importsOnce?(settings: SettingsOf<K>): boolean

  /** Returns whether Muster can write an SMS status back to each contact's record on the remote side. */
  writesBack(settings: SettingsOf<K>): boolean
}

/** Where the columns of a kind get their meaning from. */
export type MappingRule<K extends Kind> =
  /** From the template's headers, unless the file's own columns are mapped. */
  | { by: 'template' }
  /** From the kind's own mapping, unless the administrator makes another one. */
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

/** Returns the scheme, host and port of an address; empty if the text is not an address. */
export function originOf(address: string): string {
  const url = URL.parse(address)
  return url === null ? '' : `${url.protocol}//${url.host}`
}
