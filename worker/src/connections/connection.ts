import type { Env } from '../env.ts'
import type { Kind, SettingsOf } from './kind.ts'
import type { RecordsWanted } from './records.ts'

/**
 * The narrow interface behind which every kind of remote source stands. The comments are the contract that
 * the shared suite `contract.ts` checks for each kind.
 */

/** What the remote side names a version of the file by; it comes back at the next conditional fetch. */
export interface Validator {
  etag: string | null
  lastModified: string | null
}

/** A remote file that has begun to arrive. */
export interface Fetched {
  /** The file's bytes, decoded from any transfer or content encoding. Errors with a `Failure` if it breaks off or stalls. */
  body: ReadableStream<Uint8Array>
  /** The last part of the remote path: `contacts.csv`. Never holds a query string. */
  name: string
  /** ISO 8601 UTC, where the remote side tells. */
  modifiedAt: string | null
  validator: Validator | null
  /** Where the remote side keeps versions of a file: the ID of this one (S3's version ID). */
  version?: string
}

/** Something of the remote side's to choose, by the ID that the settings hold. */
export interface Choice {
  id: string | number
  name: string
}

/** What an administrator chooses from for a CRM (api: the answer to a test). */
export interface Choices {
  /** What records have, by the name that a mapping's column has; the ID is the service's own name. */
  attributes?: Choice[]
  filters?: Choice[]
  sourceCodes?: Choice[]
  teams?: Choice[]
}

export interface Connection {
  /**
   * Reaches the remote side, signs in, finds the file and opens it. With `since`, answers `'not_modified'` where the
   * remote side says the file is still that version. Throws only `Failure`, or the signal's reason when aborted, and so
   * does the body; holds no secret in any text. An empty file is a body without bytes. `records` is for a CRM alone.
   */
  open(request: {
    signal: AbortSignal
    since: Validator | null
    records?: RecordsWanted
  }): Promise<Fetched | 'not_modified'>

  /**
   * Reaches a CRM, signs in, and gives what is there to choose from. `chosen`: whether the settings say enough for records
   * to be fetched. Files have nothing to choose. Throws as `open`.
   */
  choices?(signal: AbortSignal): Promise<{ choices: Choices; chosen: boolean }>
}

/** The version of a remote file that was imported. */
export interface ImportedFile {
  name: string
  bytes: number
  /** ISO 8601 UTC. */
  modifiedAt: string
}

/** A value that is to be set for one contact of a CRM; `attribute` is the mapping's column. */
export interface WriteBack {
  contactId: string
  attribute: string
  value: string
}

/** What a connection needs to know of where it runs. */
export interface ConnectionContext {
  /** Whether addresses on loopback may be fetched: only on a developer's machine. */
  allowLoopback: boolean
  /** The longest file, in bytes, that may be fetched. */
  maxBytes: number
  /** Milliseconds until the answer to a request must begin, and that may pass without a byte of it. */
  timeouts?: { firstByte: number; idle: number }
}

/** Connect within 10 s, first byte within 30 s, idle at most 60 s (design: Connections). `fetch` does not show when it connects. */
export const TIMEOUTS = { firstByte: 30_000, idle: 60_000 }

/** How the Worker reaches sources of a kind. Each member throws only `Failure`. */
export interface Reach<K extends Kind> {
  open(settings: SettingsOf<K>, context: ConnectionContext, env: Env): Connection

  /**
   * Moves or deletes the imported file, as the settings say. May be called any number of times; a file that is no longer that
   * version is left as it is. Called only where the kind's facts say that it acts after an import.
   */
  afterImport?(settings: SettingsOf<K>, context: ConnectionContext, env: Env, file: ImportedFile): Promise<void>

  /**
   * Sets a value of one contact. May be called any number of times with the same value. Called only where the kind's facts
   * say that it writes back.
   */
  writeBack?(settings: SettingsOf<K>, context: ConnectionContext, write: WriteBack): Promise<void>
}
