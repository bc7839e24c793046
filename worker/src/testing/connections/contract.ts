import { describe, expect, it, onTestFinished } from 'vitest'
import type { Connection, ConnectionContext, Fetched } from '../../connections/connection.ts'
import type { Kind } from '../../connections/kind.ts'
import { Failure } from '../../core/failure.ts'

/** The behaviour of the remote side when Muster requests the file. */
export type Scene =
  | { is: 'file'; bytes: Uint8Array<ArrayBuffer> }
  /** Announces `bytes`, sends half of them and closes the connection. */
  | { is: 'truncated'; bytes: Uint8Array<ArrayBuffer> }
  /** Announces `bytes`, sends half of them and then sends nothing more. */
  | { is: 'stalled'; bytes: Uint8Array<ArrayBuffer> }
  /** Accepts the request and never answers. */
  | { is: 'silent' }
  | { is: 'missing' }

/** A remote side of one kind that a test controls. It listens on loopback. */
export interface Stage {
  /** Sets the scene for the next calls. */
  set(scene: Scene): Promise<void> | void
  /** Returns a connection with the right credentials, or with wrong ones. */
  connect(credentials: 'right' | 'wrong', context: ConnectionContext): Connection
  /** Texts that must never appear in a failure. */
  secrets: string[]
  /** Whether the remote side names versions, so that an unchanged file need not be sent. */
  conditional: boolean
  /** Returns the file that arrives for a scene's bytes, if it differs from them: a CRM's records are written anew. */
  arriving?: (bytes: Uint8Array) => Uint8Array
  /** Returns a connection to a port on which nothing listens. */
  nowhere(context: ConnectionContext): Connection
  close(): Promise<void>
}

/** Only a test of a timeout gets a short limit, because everything takes longer on a busy machine. */
const TIMEOUTS = { firstByte: 20_000, idle: 20_000 }

/** The context of connections in tests. */
export const CONTEXT = { allowLoopback: true, maxBytes: 10_000_000, timeouts: TIMEOUTS }

/**
 * Defines the tests that every kind of connection must pass (design: Layout). Calls `makeStage` once for each test. A kind
 * whose file Muster has already reaches no server: the tests of servers are left out.
 */
export function connectionContract(
  kind: Kind,
  makeStage: () => Promise<Stage>,
  reaches: 'server' | 'nothing' = 'server',
) {
  const server = reaches === 'server'
  const bytes = new TextEncoder().encode('ID,Name\n1,Ana O’Brien\n'.repeat(5000))

  async function stage(scene: Scene): Promise<Stage> {
    const made = await makeStage()
    onTestFinished(() => made.close())
    await made.set(scene)
    return made
  }

  describe(`a connection of kind ${kind}`, () => {
    it('a connection delivers a complete file byte for byte, with its name', async () => {
      const { connect, arriving = same } = await stage({ is: 'file', bytes })
      const file = await open(connect('right', CONTEXT))
      expect(file.name).toBe('contacts.csv')
      expect(await read(file)).toEqual(arriving(bytes))
    })

    it('a connection delivers an empty file as a file without bytes', async () => {
      const { connect, arriving = same } = await stage({ is: 'file', bytes: new Uint8Array() })
      expect(await read(await open(connect('right', CONTEXT)))).toEqual(arriving(new Uint8Array()))
    })

    it('a connection reports that a file is unchanged since a version, and sends the file once it has changed', async () => {
      const { connect, conditional, set } = await stage({ is: 'file', bytes })
      const first = await open(connect('right', CONTEXT))
      await read(first)
      expect(first.validator !== null).toBe(conditional)
      if (!conditional) return
      const again = { signal: new AbortController().signal, since: first.validator }
      expect(await connect('right', CONTEXT).open(again)).toBe('not_modified')
      const changed = new TextEncoder().encode('ID,Name\n1,Ana Changed\n')
      await set({ is: 'file', bytes: changed })
      const second = await connect('right', CONTEXT).open(again)
      expect(second === 'not_modified' ? second : await read(second)).toEqual(changed)
    })

    it('a connection treats a file that ends early as truncated, never as a shorter file', async () => {
      const { connect, secrets } = await stage({ is: 'truncated', bytes })
      expect(await failureOf(() => fetchAll(connect('right', CONTEXT)), secrets)).toMatchObject({
        code: 'truncated',
        retryable: true,
      })
    })

    it('a connection reports that a file is missing', async () => {
      const { connect, secrets } = await stage({ is: 'missing' })
      expect(await failureOf(() => fetchAll(connect('right', CONTEXT)), secrets)).toMatchObject({
        code: 'not_found',
        retryable: false,
      })
    })

    it.runIf(server)('a connection reports that wrong credentials were refused', async () => {
      const { connect, secrets } = await stage({ is: 'file', bytes })
      expect(await failureOf(() => fetchAll(connect('wrong', CONTEXT)), secrets)).toMatchObject({
        code: 'unauthorized',
        retryable: false,
      })
    })

    it.runIf(server)('a connection gives up on a server that never answers', async () => {
      const { connect, secrets } = await stage({ is: 'silent' })
      const hasty = { ...CONTEXT, timeouts: { ...TIMEOUTS, firstByte: 400 } }
      expect(await failureOf(() => fetchAll(connect('right', hasty)), secrets)).toMatchObject({ code: 'timeout' })
    })

    it('a connection gives up on a file that stalls', async () => {
      const { connect, secrets } = await stage({ is: 'stalled', bytes })
      const hasty = { ...CONTEXT, timeouts: { ...TIMEOUTS, idle: 400 } }
      expect(await failureOf(() => fetchAll(connect('right', hasty)), secrets)).toMatchObject({ code: 'timeout' })
    })

    it.runIf(server)('a connection reports that no server answers', async () => {
      const { nowhere, secrets } = await stage({ is: 'missing' })
      expect(await failureOf(() => fetchAll(nowhere(CONTEXT)), secrets)).toMatchObject({
        code: 'unreachable',
        retryable: true,
      })
    })

    it('a connection refuses a file over the size limit, and accepts one of exactly that size', async () => {
      const { connect, secrets, arriving = same } = await stage({ is: 'file', bytes })
      const whole = arriving(bytes)
      const small = { ...CONTEXT, maxBytes: whole.byteLength - 1 }
      expect(await failureOf(() => fetchAll(connect('right', small)), secrets)).toMatchObject({
        code: 'too_large',
        retryable: false,
      })
      expect(await fetchAll(connect('right', { ...CONTEXT, maxBytes: whole.byteLength }))).toEqual(whole)
    })

    it.runIf(server)('a connection refuses loopback unless it is allowed', async () => {
      const { connect, secrets } = await stage({ is: 'file', bytes })
      const deployed = { ...CONTEXT, allowLoopback: false }
      expect(await failureOf(() => fetchAll(connect('right', deployed)), secrets)).toMatchObject({
        code: 'address_refused',
      })
    })

    it.runIf(server)('a connection stops at once when it is cancelled before the answer', async () => {
      const { connect } = await stage({ is: 'silent' })
      const stop = new AbortController()
      const opening = connect('right', CONTEXT).open({ signal: stop.signal, since: null })
      stop.abort(new Error('cancelled'))
      await expect(opening).rejects.toThrow('cancelled')
    })

    it('a connection stops at once when it is cancelled during the file', async () => {
      const { connect } = await stage({ is: 'stalled', bytes })
      const later = new AbortController()
      const file = await connect('right', CONTEXT).open({ signal: later.signal, since: null })
      setTimeout(() => later.abort(new Error('cancelled')), 50)
      await expect(file === 'not_modified' ? file : read(file)).rejects.toThrow('cancelled')
    })
  })
}

function same(bytes: Uint8Array): Uint8Array {
  return bytes
}

/** Opens the file, unconditionally and without a time limit. */
export async function open(connection: Connection): Promise<Fetched> {
  const file = await connection.open({ signal: new AbortController().signal, since: null })
  if (file === 'not_modified') throw new Error('An unconditional request was answered "not modified"')
  return file
}

/** Returns all bytes of an opened file. */
export async function read(file: Fetched): Promise<Uint8Array> {
  return new Uint8Array(await new Response(file.body).arrayBuffer())
}

/** Returns the text of an opened file. */
export async function readText(file: Fetched): Promise<string> {
  return new TextDecoder().decode(await read(file))
}

async function fetchAll(connection: Connection): Promise<Uint8Array> {
  return read(await open(connection))
}

/**
 * Returns the `Failure` that a call ends with, and checks that it holds none of `secrets`. Any other end fails the
 * test.
 */
export async function failureOf(call: () => Promise<unknown>, secrets: string[] = []): Promise<Failure> {
  const error = await call().then(
    () => new Error('It succeeded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof Failure)) throw error
  for (const secret of secrets) expect(`${error.message} ${error.advice} ${error.cause}`).not.toContain(secret)
  return error
}
