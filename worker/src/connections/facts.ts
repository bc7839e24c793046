import { connect } from './connect/facts.ts'
import { d4h } from './d4h/facts.ts'
import { https } from './https/facts.ts'
import type { Facts, Kind } from './kind.ts'
import { s3 } from './s3/facts.ts'
import type { ConnectionDraft, ConnectionSettings, WritableConnection } from './schema.ts'
import { sftp } from './sftp/facts.ts'
import { upload } from './upload/facts.ts'

/** The facts of each kind of source. */
export const FACTS: { readonly [K in Kind]: Facts<K> } = { https, s3, sftp, connect, d4h, upload }

/** Returns the facts of a connection's kind; its functions are for connections of that kind. */
export function factsOf({ kind }: { kind: Kind }): Facts<Kind> {
  return FACTS[kind] as Facts<Kind>
}

/** Returns whether a source gives records rather than a file. */
export function givesRecords(connection: { kind: Kind }): boolean {
  return factsOf(connection).gives === 'records'
}

/** Returns whether the file of a source is uploaded and not fetched. */
export function isUploaded(connection: { kind: Kind }): boolean {
  return factsOf(connection).uploaded === true
}

/** Returns whether a source is disabled once a run of it has ended (design: *Import once*). */
export function importsOnce(settings: ConnectionSettings): boolean {
  return factsOf(settings).importsOnce?.(settings) ?? false
}

/** Returns values that identify what a source fetches. They differ if other people's contacts would come. */
export function targetOf(settings: ConnectionSettings): unknown[] {
  return [settings.kind, ...factsOf(settings).target(settings)]
}

/**
 * Returns the settings that reach the file for the statuses that are set here; null if the source has none (design:
 * Opt-outs as a file).
 */
export function optOutFileOf(settings: ConnectionSettings): WritableConnection | null {
  return (factsOf(settings).optOutFile?.(settings) ?? null) as WritableConnection | null
}

/**
 * Returns whether the secrets of one connection may be used for the other: both have the same kind and the same server.
 */
export function isSameServer(one: ConnectionDraft, other: ConnectionDraft): boolean {
  return one.kind === other.kind && factsOf(one).server(one) === factsOf(other).server(other)
}
