import { describe, expect, it, onTestFinished } from 'vitest'
import { Failure } from '../core/failure.ts'
import type { Connection, ConnectionContext, Fetched } from './connection.ts'
import type { Kind } from './kind.ts'

/** What the remote side does when the file is asked for. */
export type Scene =
  | { is: 'file'; bytes: Uint8Array<ArrayBuffer> }
  /** Announces `bytes`, sends half of them and closes the connection. */
  | { is: 'truncated'; bytes: Uint8Array<ArrayBuffer> }
  /** Announces `bytes`, sends half of them and falls silent. */
  | { is: 'stalled'; bytes: Uint8Array<ArrayBuffer> }
  /** Takes the request and never answers. */
  | { is: 'silent' }
  | { is: 'missing' }

/** A remote side of one kind, in a test's hands; listening on loopback. */
export interface Stage {
  /** Sets what the next calls find. */
  set(scene: Scene): Promise<void> | void
  /** A connection to it with the right credentials, or with wrong ones. */
  connect(credentials: 'right' | 'wrong', context: ConnectionContext): Connection
  /** Texts that must never come out. */
  secrets: string[]
  /** Whether the remote side names versions, so that an unchanged file need not be sent. */
  conditional: boolean
  /** The file that comes of a scene's bytes, where it is not those bytes: a CRM's records are written anew. */
  arriving?: (bytes: Uint8Array) => Uint8Array
  /** A connection to a port on which nothing listens. */
  nowhere(context: ConnectionContext): Connection
  close(): Promise<void>
}

/** What every kind of connection does (design: Layout); `makeStage` is called once a test. */
export function connectionContract(kind: Kind, makeStage: () => Promise<Stage>): void {
  // Only what is to time out is given little time: the rest takes longer on a busy machine.
  const patience = { firstByte: 20_000, idle: 20_000 }
  const context = { allowLoopback: true, maxBytes: 1_000_000, timeouts: patience }
  const bytes = new TextEncoder().encode('ID,Name\n1,Ana O’Brien\n'.repeat(5000))

  async function stage(scene: Scene): Promise<Stage> {
    const made = await makeStage()
    onTestFinished(() => made.close())
    await made.set(scene)
    return made
  }

  describe(`a connection of kind ${kind}`, () => {
    it('gives a complete file byte for byte, with its name', async () => {
      const { connect, arriving = same } = await stage({ is: 'file', bytes })
      const file = await open(connect('right', context))
      expect(file.name).toBe('contacts.csv')
      expect(await read(file)).toEqual(arriving(bytes))
    })

    it('gives an empty file as a file without bytes', async () => {
      const { connect, arriving = same } = await stage({ is: 'file', bytes: new Uint8Array() })
      expect(await read(await open(connect('right', context)))).toEqual(arriving(new Uint8Array()))
    })

    it('says that a file has not changed since the version it is told, and sends it when it has', async () => {
      const { connect, conditional, set } = await stage({ is: 'file', bytes })
      const first = await open(connect('right', context))
      await read(first)
      expect(first.validator !== null).toBe(conditional)
      if (!conditional) return
      const again = { signal: new AbortController().signal, since: first.validator }
      expect(await connect('right', context).open(again)).toBe('not_modified')
      const changed = new TextEncoder().encode('ID,Name\n1,Ana Changed\n')
      await set({ is: 'file', bytes: changed })
      const second = await connect('right', context).open(again)
      expect(second === 'not_modified' ? second : await read(second)).toEqual(changed)
    })

    it('takes a file that breaks off for truncated, never for a shorter file', async () => {
      const { connect, secrets } = await stage({ is: 'truncated', bytes })
      expect(await failureOf(() => fetchAll(connect('right', context)), secrets)).toMatchObject({
        code: 'truncated',
        retryable: true,
      })
    })

    it('says that a file is missing', async () => {
      const { connect, secrets } = await stage({ is: 'missing' })
      expect(await failureOf(() => fetchAll(connect('right', context)), secrets)).toMatchObject({
        code: 'not_found',
        retryable: false,
      })
    })

    it('says that wrong credentials were refused', async () => {
      const { connect, secrets } = await stage({ is: 'file', bytes })
      expect(await failureOf(() => fetchAll(connect('wrong', context)), secrets)).toMatchObject({
        code: 'unauthorized',
        retryable: false,
      })
    })

    it('gives up on a server that never answers', async () => {
      const { connect, secrets } = await stage({ is: 'silent' })
      const hasty = { ...context, timeouts: { ...patience, firstByte: 400 } }
      expect(await failureOf(() => fetchAll(connect('right', hasty)), secrets)).toMatchObject({ code: 'timeout' })
    })

    it('gives up on a file that stalls', async () => {
      const { connect, secrets } = await stage({ is: 'stalled', bytes })
      const hasty = { ...context, timeouts: { ...patience, idle: 400 } }
      expect(await failureOf(() => fetchAll(connect('right', hasty)), secrets)).toMatchObject({ code: 'timeout' })
    })

    it('says that nothing answers', async () => {
      const { nowhere, secrets } = await stage({ is: 'missing' })
      expect(await failureOf(() => fetchAll(nowhere(context)), secrets)).toMatchObject({
        code: 'unreachable',
        retryable: true,
      })
    })

    it('refuses a file over the size that is allowed, and takes one of exactly that size', async () => {
      const { connect, secrets, arriving = same } = await stage({ is: 'file', bytes })
      const whole = arriving(bytes)
      const small = { ...context, maxBytes: whole.byteLength - 1 }
      expect(await failureOf(() => fetchAll(connect('right', small)), secrets)).toMatchObject({
        code: 'too_large',
        retryable: false,
      })
      expect(await fetchAll(connect('right', { ...context, maxBytes: whole.byteLength }))).toEqual(whole)
    })

    it('refuses loopback where it is not allowed', async () => {
      const { connect, secrets } = await stage({ is: 'file', bytes })
      const deployed = { ...context, allowLoopback: false }
      expect(await failureOf(() => fetchAll(connect('right', deployed)), secrets)).toMatchObject({
        code: 'address_refused',
      })
    })

    it('stops at once when it is cancelled, before the answer and during the file', async () => {
      const { connect, set } = await stage({ is: 'silent' })
      const stop = new AbortController()
      const opening = connect('right', context).open({ signal: stop.signal, since: null })
      stop.abort(new Error('cancelled'))
      await expect(opening).rejects.toThrow('cancelled')

      await set({ is: 'stalled', bytes })
      const later = new AbortController()
      const file = await connect('right', context).open({ signal: later.signal, since: null })
      setTimeout(() => later.abort(new Error('cancelled')), 50)
      await expect(file === 'not_modified' ? file : read(file)).rejects.toThrow('cancelled')
    })
  })
}

function same(bytes: Uint8Array): Uint8Array {
  return bytes
}

/** Opens the file without a condition and for as long as it takes. */
export async function open(connection: Connection): Promise<Fetched> {
  const file = await connection.open({ signal: new AbortController().signal, since: null })
  if (file === 'not_modified') throw new Error('An unconditional request was answered "not modified"')
  return file
}

/** All bytes of an opened file. */
export async function read(file: Fetched): Promise<Uint8Array> {
  return new Uint8Array(await new Response(file.body).arrayBuffer())
}

async function fetchAll(connection: Connection): Promise<Uint8Array> {
  return read(await open(connection))
}

/** The `Failure` that a call ends with, which holds none of `secrets`; a test fails where it ends otherwise. */
export async function failureOf(call: () => Promise<unknown>, secrets: string[] = []): Promise<Failure> {
  const error = await call().then(
    () => new Error('It succeeded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof Failure)) throw error
  for (const secret of secrets) expect(`${error.message} ${error.advice} ${error.cause}`).not.toContain(secret)
  return error
}
