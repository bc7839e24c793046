import type { SFTPWrapper, Stats } from 'ssh2'
import { Failure } from '../worker/src/core/failure.ts'
import { splitPath } from './names.ts'

/** What a server reports about a name. `modifiedAt` is ISO 8601 UTC; SFTP reports whole seconds. */
export interface Attributes {
  kind: 'file' | 'link' | 'folder' | 'other'
  bytes: number
  modifiedAt: string
}

/** The server's opaque handle of a file that is opened for reading. */
export type Handle = Buffer

/** Status codes of draft-ietf-secsh-filexfer-02, section 7. */
const END_OF_FILE = 1
const NO_SUCH_FILE = 2
const PERMISSION_DENIED = 3

const TYPE_BITS = 0o170000
const KINDS: ReadonlyMap<number, Attributes['kind']> = new Map([
  // A server that reports no type serves files.
  [0, 'file'],
  [0o100000, 'file'],
  [0o120000, 'link'],
  [0o040000, 'folder'],
])

/**
 * The files of a signed-in user. Every method throws `Failure`: `not_found`, `forbidden`, `server_error`, or the reason
 * why the session ended.
 */
export class RemoteFiles {
  readonly #sftp: SFTPWrapper
  #ended: Failure | null = null

  constructor(sftp: SFTPWrapper) {
    this.#sftp = sftp
    sftp.on('error', () => this.end(serverFailure()))
  }

  /** Makes every later method throw `reason`; the first reason stays. */
  end(reason: Failure): void {
    this.#ended ??= reason
  }

  /** Returns the attributes of the target of `path`; links are followed. */
  async stat(path: string): Promise<Attributes> {
    return attributes(await this.#call<Stats>(path, (done) => this.#sftp.stat(path, done)))
  }

  /** Yields the names in a folder with their attributes, in the server's order; links are not followed. */
  async *list(folder: string): AsyncGenerator<{ name: string; attributes: Attributes }> {
    const handle = await this.#call<Handle>(folder, (done) => this.#sftp.opendir(folder, done))
    try {
      for (;;) {
        const page = await this.#page(folder, handle)
        if (page === null) return
        for (const entry of page) yield { name: entry.filename, attributes: attributes(entry.attrs) }
      }
    } finally {
      await this.close(handle)
    }
  }

  open(path: string): Promise<Handle> {
    return this.#call(path, (done) => this.#sftp.open(path, 'r', done))
  }

  async statOpened(path: string, handle: Handle): Promise<Attributes> {
    return attributes(await this.#call<Stats>(path, (done) => this.#sftp.fstat(handle, done)))
  }

  /** Reads up to `length` bytes from `position`: fewer if the server sends fewer, none at the end of the file. */
  read(path: string, handle: Handle, position: number, length: number): Promise<Buffer> {
    return this.#call(path, (done) =>
      this.#sftp.read(handle, Buffer.allocUnsafe(length), 0, length, position, (error, count, buffer) =>
        error ? done(error, buffer) : done(undefined, buffer.subarray(0, count)),
      ),
    )
  }

  /** Closes a handle. An error does not matter any more, since the session ends right after. */
  async close(handle: Handle): Promise<void> {
    await this.#call<undefined>('', (done) => this.#sftp.close(handle, (error) => done(error, undefined))).catch(
      () => {},
    )
  }

  /** Opens a file for writing. An existing file loses its content. */
  create(path: string): Promise<Handle> {
    return this.#call(path, (done) => this.#sftp.open(path, 'w', done))
  }

  write(path: string, handle: Handle, bytes: Buffer, position: number): Promise<void> {
    return this.#call(path, (done) =>
      this.#sftp.write(handle, bytes, 0, bytes.length, position, (error) => done(error, undefined)),
    )
  }

  /** Closes a file that was written. Unlike `close`, it throws: some servers report only here that the disk is full. */
  finish(path: string, handle: Handle): Promise<void> {
    return this.#call(path, (done) => this.#sftp.close(handle, (error) => done(error, undefined)))
  }

  /**
   * Renames a file and replaces the one at `to`: in one step if the server can. Otherwise the file at `to` is missing for
   * a moment, and stays missing if the session ends in between.
   */
  async replace(from: string, to: string): Promise<void> {
    try {
      await this.#call<undefined>(from, (done) =>
        this.#sftp.ext_openssh_rename(from, to, (error) => done(error, undefined)),
      )
    } catch (error) {
      // ssh2 throws an error of its own if the server does not offer the extension.
      if (error instanceof Failure && error.code !== 'server_error') throw error
      await this.#replaceInSteps(from, to)
    }
  }

  async #replaceInSteps(from: string, to: string): Promise<void> {
    try {
      await this.rename(from, to)
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'server_error') throw error
      await this.remove(to).catch(() => {
        throw error
      })
      await this.rename(from, to)
    }
  }

  /** Renames a file, and never replaces another one: the server refuses if `to` exists. */
  rename(from: string, to: string): Promise<void> {
    return this.#call(from, (done) => this.#sftp.rename(from, to, (error) => done(error, undefined)))
  }

  remove(path: string): Promise<void> {
    return this.#call(path, (done) => this.#sftp.unlink(path, (error) => done(error, undefined)))
  }

  async #page(folder: string, handle: Handle) {
    return this.#call<{ filename: string; attrs: Stats }[] | null>(folder, (done) =>
      this.#sftp.readdir(handle, (error, page) =>
        statusOf(error) === END_OF_FILE ? done(undefined, null) : done(error, page),
      ),
    )
  }

  #call<T>(path: string, start: (done: (error: Error | null | undefined, value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(this.#ended)
      start((error, value) => (error ? reject(this.#ended ?? statusFailure(error, path)) : resolve(value)))
    })
  }
}

function attributes(stats: Stats): Attributes {
  if (!Number.isSafeInteger(stats.size) || !Number.isSafeInteger(stats.mtime)) {
    throw new Failure(
      'server_error',
      'The SFTP server does not tell the size and the time of its files.',
      'Without them Muster cannot know that a file is complete. Ask the server’s administrator to switch them on.',
    )
  }
  return {
    kind: KINDS.get((stats.mode ?? 0) & TYPE_BITS) ?? 'other',
    bytes: stats.size,
    modifiedAt: new Date(stats.mtime * 1000).toISOString(),
  }
}

function statusOf(error: Error | undefined): unknown {
  return error !== undefined && 'code' in error ? error.code : undefined
}

/** The texts of failures name a file, and no folder: people who may read them need not know where it is. */
function statusFailure(error: Error, path: string): Failure {
  const { last } = splitPath(path)
  switch (statusOf(error)) {
    case NO_SUCH_FILE:
      return new Failure(
        'not_found',
        `The server has no ${last || 'such folder'} at the path of this source.`,
        'Check the path. It counts from the top of what this user sees, and capital letters matter.',
      )
    case PERMISSION_DENIED:
      return new Failure(
        'forbidden',
        `The server does not let this user do that with ${last || 'this folder'}.`,
        'Ask the server’s administrator for permission to read the file; to move or delete it, also to write to its folder.',
      )
    default:
      return serverFailure(error)
  }
}

function serverFailure(cause?: Error): Failure {
  return new Failure(
    'server_error',
    'The SFTP server could not do what it was asked.',
    'Muster tries again by itself. If this keeps happening, ask the server’s administrator to look at its log.',
    { cause },
  )
}
