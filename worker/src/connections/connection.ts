import type { Env } from '../env.ts'
import type { Kind, SettingsOf } from './kind.ts'
import type { RecordsWanted } from './records.ts'

/**
 * The narrow interface of every kind of remote source. Its comments are the contract that the shared suite
 * `contract.ts` checks for each kind.
 */

/** How the remote side identifies a version of the file. It is sent back with the next conditional fetch. */
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
  /** ISO 8601 UTC; null if the remote side does not say. */
  modifiedAt: string | null
  validator: Validator | null
  /** The ID of this version, if the remote side keeps versions of a file (S3's version ID). */
  version?: string
  /** The encoding of the text as the remote side says it: the `charset` of `Content-Type`. */
  charset?: string
  /** The announced length of the file in bytes; null or missing if none is announced. */
  bytes?: number | null
}

/** An option that the remote side offers, with the ID that the settings store. */
export interface Choice {
  id: string | number
  name: string
}

/** The options that a CRM offers to an administrator (api: the answer to a test). */
export interface Choices {
  /** The attributes of records, by the name that a mapping's column has. The ID is the service's own name. */
  attributes?: Choice[]
  filters?: Choice[]
  sourceCodes?: Choice[]
  teams?: Choice[]
}

/** A file that was uploaded to Muster, which keeps its bytes. */
export interface GivenFile {
  name: string
  bytes: number
  /** The encoding of the text as its sender says it. */
  charset?: string
  /** Returns the content from its beginning. */
  read(): ReadableStream<Uint8Array>
}

export interface Connection {
  /**
   * Reaches the remote side, signs in, finds the file and opens it. With `since`, returns `'not_modified'` if the
   * remote side says that the file is still that version. Throws only `Failure`, or the signal's reason when aborted;
   * so does the body. No text of a failure holds a secret. An empty file is a body without bytes. `records` is for a
   * CRM only, `given` for a kind whose file is uploaded: the file of the run.
   */
  open(request: {
    signal: AbortSignal
    since: Validator | null
    records?: RecordsWanted
    given?: GivenFile
  }): Promise<Fetched | 'not_modified'>

  /**
   * Reaches a CRM, signs in, and returns the options to choose from. `chosen` says whether the settings are complete
   * enough to fetch records. Only a CRM has options. Throws like `open`.
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

/** A value to set for one contact of a CRM; `attribute` is the mapping's column. */
export interface WriteBack {
  contactId: string
  attribute: string
  value: string
}

/** A file to be written, of known length. */
export interface NewFile {
  bytes: number
  /** SHA-256 in hexadecimal digits. */
  sha256: string
  /** Returns the content from its beginning. */
  content(): ReadableStream<Uint8Array<ArrayBuffer>>
}

/** What a connection must know about the Worker that it runs in. */
export interface ConnectionContext {
  /** Whether addresses on loopback may be fetched; true only on a developer's machine. */
  allowLoopback: boolean
  /** The longest file, in bytes, that may be fetched. */
  maxBytes: number
  /** In milliseconds: how long an answer may take to begin, and how long it may then pause. */
  timeouts?: { firstByte: number; idle: number }
}

/**
 * Connect within 10 s, first byte within 30 s, idle at most 60 s (design: Connections). `fetch` does not show when it
 * connects.
 */
export const TIMEOUTS = { firstByte: 30_000, idle: 60_000 }

/** How long writing a file may take, in milliseconds. */
export const WRITE_WITHIN = 4 * 60_000

/** How the Worker reaches sources of a kind. Each member throws only `Failure`. */
export interface Reach<K extends Kind> {
  open(settings: SettingsOf<K>, context: ConnectionContext, env: Env): Connection

  /**
   * Moves or deletes the imported file, as the settings say. May be called any number of times. A file that is no
   * longer the imported version stays unchanged. Called only if the kind's facts say that it acts after an import.
   */
  afterImport?(settings: SettingsOf<K>, context: ConnectionContext, env: Env, file: ImportedFile): Promise<void>

  /**
   * Writes the file at the settings' address, or replaces it at once: no reader sees a part of it. May be called any number
   * of times. Called only with the settings that the kind's facts return as `optOutFile`.
   */
  write?(
    settings: SettingsOf<K>,
    context: ConnectionContext,
    env: Env,
    file: NewFile,
    signal: AbortSignal,
  ): Promise<void>

  /**
   * Sets a value of one contact. May be called any number of times with the same value. Called only if the kind's facts
   * say that it writes back.
   */
  writeBack?(settings: SettingsOf<K>, context: ConnectionContext, write: WriteBack): Promise<void>
}
