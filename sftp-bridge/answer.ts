import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type * as z from 'zod'
import { Failure, type FailureCode } from '../worker/src/core/failure.ts'
import { actAfterImport } from './after-import.ts'
import { bound, type Config } from './config.ts'
import { Deadline } from './deadline.ts'
import { HostKeyFailure } from './hostkey.ts'
import { openFile } from './open.ts'
import {
  afterImportRequestSchema,
  type FailureAnswer,
  FILE_HEADERS,
  type FileVersion,
  MAX_BODY_BYTES,
  openRequestSchema,
  type Target,
  writeRequestSchema,
} from './request.ts'
import { openSession, type Session } from './session.ts'
import { SIGNATURE_HEADER, SIGNATURE_SECONDS, verifyRequest } from './signature.ts'
import { WrongContent, writeFile } from './write.ts'

/**
 * A request that does not come from the Worker or does not keep the contract. The fault is on Muster's side, never the
 * SFTP server's.
 */
class Refused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The outcome of one request, for the log. It names no server, user or file. */
export interface Outcome {
  status: number
  code: FailureCode | null
  /** How many bytes of the file were sent. */
  bytes: number
  /** The place in the bridge's own code where an unexpected error was thrown. */
  fault?: string
}

/** In how many seconds a request may come again that found the bridge busy or stopping. */
const AGAIN_AFTER = 60

/** Answers requests one by one, as README.md describes, and keeps track of the running ones. */
export class Bridge {
  readonly #config: Config
  readonly #running = new Set<Deadline>()
  /** Each used nonce, with the second until which its request could be replayed. */
  readonly #seen = new Map<string, number>()
  #stopping = false

  constructor(config: Config) {
    this.#config = config
  }

  /** Answers one request to its end; never throws. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<Outcome> {
    try {
      if (this.#stopping) throw restarting()
      if (request.method === 'GET' && request.url === '/health') return sendJson(response, 200, { ok: true })
      switch (request.method === 'POST' ? request.url : undefined) {
        case '/open':
          return await this.#open(await this.#signed(request, await readBody(request)), response)
        case '/settle':
          return await this.#afterImport(await this.#signed(request, await readBody(request)), response)
        case '/write':
          return await this.#write(request, response)
        default:
          throw new Refused(404, 'There is nothing here')
      }
    } catch (error) {
      return sendFailure(response, error)
    }
  }

  /** Refuses every new request from now on. Running requests go on. */
  refuse(): void {
    this.#stopping = true
  }

  /** Ends every running request. */
  abort(): void {
    for (const deadline of this.#running) deadline.end(restarting())
  }

  async #open(body: unknown, response: ServerResponse): Promise<Outcome> {
    const request = parse(openRequestSchema, body)
    return this.#inSession(request, response, async ({ files }, deadline) => {
      const opened = await openFile(files, request, deadline, this.#config)
      if (opened === null) return sendNotModified(response)
      for await (const chunk of opened.chunks) {
        if (!response.headersSent) writeFileHead(response, opened.version)
        deadline.expect('send more of the file', bound('idle', request, this.#config))
        if (!response.write(chunk)) await once(response, 'drain', { signal: deadline.signal })
      }
      if (!response.headersSent) writeFileHead(response, opened.version)
      response.end()
      await once(response, 'finish', { signal: deadline.signal })
      return { status: 200, code: null, bytes: opened.version.bytes }
    })
  }

  async #afterImport(body: unknown, response: ServerResponse): Promise<Outcome> {
    const request = parse(afterImportRequestSchema, body)
    return this.#inSession(request, response, async ({ files }) =>
      sendJson(response, 200, await actAfterImport(files, request, Date.now())),
    )
  }

  /** Answers a request whose signed JSON is one line, followed by the content of a file. */
  async #write(incoming: IncomingMessage, response: ServerResponse): Promise<Outcome> {
    const chunks: AsyncIterator<Buffer> = incoming.iterator({ destroyOnReturn: false })
    const { head, rest } = await readHead(chunks)
    const request = parse(writeRequestSchema, await this.#signed(incoming, head))
    return this.#inSession(request, response, async ({ files }, deadline) => {
      const idle = bound('idle', request, this.#config)
      await writeFile(files, request, contentOf(rest, chunks, deadline, idle))
      return { ...sendJson(response, 200, { bytes: request.bytes }), bytes: request.bytes }
    })
  }

  async #inSession(
    target: Target,
    response: ServerResponse,
    use: (session: Session, deadline: Deadline) => Promise<Outcome>,
  ): Promise<Outcome> {
    if (this.#running.size >= this.#config.maxSessions) throw unavailable('The SFTP bridge is busy with other sources.')
    const deadline = new Deadline(bound('total', target, this.#config))
    this.#running.add(deadline)
    // The client has gone, so nothing reads the answer any more.
    response.on('close', () => response.writableFinished || deadline.end(unavailable('The request was cancelled.')))
    let session: Session | null = null
    try {
      session = await openSession(target, deadline, this.#config)
      return await use(session, deadline)
    } catch (error) {
      throw deadline.signal.aborted ? deadline.signal.reason : error
    } finally {
      deadline.stop()
      session?.close()
      this.#running.delete(deadline)
    }
  }

  /** Parses the JSON that the Worker has signed; not before its signature is verified. */
  async #signed(request: IncomingMessage, body: Uint8Array<ArrayBuffer>): Promise<unknown> {
    const now = Math.floor(Date.now() / 1000)
    const header = request.headers[SIGNATURE_HEADER.toLowerCase()]
    const signed = { method: 'POST', path: request.url ?? '', body }
    const nonce = await verifyRequest(this.#config.secrets, signed, Array.isArray(header) ? undefined : header, now)
    for (const [old, until] of this.#seen) if (until < now) this.#seen.delete(old)
    if (nonce === null || this.#seen.has(nonce)) throw new Refused(401, 'The signature is missing, wrong, old or used')
    this.#seen.set(nonce, now + 2 * SIGNATURE_SECONDS)
    try {
      return JSON.parse(new TextDecoder().decode(body))
    } catch {
      throw new Refused(400, 'The body is not JSON')
    }
  }
}

async function readBody(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > MAX_BODY_BYTES) throw new Refused(413, 'The body is too long')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

const NEWLINE = 10

/** Returns the first line of a body, and the bytes after it that have already arrived. */
async function readHead(chunks: AsyncIterator<Buffer>): Promise<{ head: Uint8Array<ArrayBuffer>; rest: Buffer }> {
  let read = Buffer.alloc(0)
  for (;;) {
    const end = read.indexOf(NEWLINE)
    if (end !== -1) return { head: new Uint8Array(read.subarray(0, end)), rest: read.subarray(end + 1) }
    if (read.length > MAX_BODY_BYTES) throw new Refused(413, 'The head of the body is too long')
    const { done, value } = await chunks.next()
    if (done) throw new Refused(400, 'The body has no content')
    read = Buffer.concat([read, value])
  }
}

/** Yields the rest of a body as it arrives. Throws the reason if the deadline ends the request. */
async function* contentOf(
  first: Buffer,
  chunks: AsyncIterator<Buffer>,
  deadline: Deadline,
  idleMs: number,
): AsyncGenerator<Buffer, void> {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  ended.catch(() => {})
  deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason), { once: true })
  yield first
  for (;;) {
    deadline.expect('take more of the file', idleMs)
    const { done, value } = await Promise.race([chunks.next(), ended])
    if (done) return
    yield value
  }
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  // The message names the path of a field, which is ours, but never its value, which may be a secret.
  throw new Refused(400, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}

function writeFileHead(response: ServerResponse, version: FileVersion): void {
  response.writeHead(200, {
    'Content-Type': 'application/octet-stream',
    // With a length, the Worker can see that a body broke off.
    'Content-Length': version.bytes,
    [FILE_HEADERS.name]: encodeURIComponent(version.name),
    [FILE_HEADERS.modifiedAt]: version.modifiedAt,
    [FILE_HEADERS.bytes]: version.bytes,
  })
}

function sendNotModified(response: ServerResponse): Outcome {
  response.writeHead(304).end()
  return { status: 304, code: null, bytes: 0 }
}

function sendJson(response: ServerResponse, status: number, body: object): Outcome {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  return { status, code: null, bytes: 0 }
}

/** Sends a failure as JSON. Once the file has begun, breaks off the body instead. */
function sendFailure(response: ServerResponse, error: unknown): Outcome {
  const { status, answer } = describe(error)
  // The place reveals nothing of the request; the message might.
  const fault = answer.code === 'internal' && error instanceof Error ? { fault: placeOf(error) } : {}
  if (response.headersSent) {
    response.destroy()
    return { status: 200, code: answer.code, bytes: 0, ...fault }
  }
  if (status === 503) response.setHeader('Retry-After', AGAIN_AFTER)
  // The rest of a body is not read.
  if (!response.req.complete) response.setHeader('Connection', 'close')
  return { ...sendJson(response, status, answer), code: answer.code, ...fault }
}

function describe(error: unknown): { status: number; answer: FailureAnswer } {
  if (error instanceof Failure) {
    const { code, message, advice } = error
    const hostKey = error instanceof HostKeyFailure ? { hostKey: error.hostKey } : {}
    // 424 Failed Dependency (RFC 4918): the other server failed. A proxy before the bridge never gives this status.
    return { status: code === 'bridge_unavailable' ? 503 : 424, answer: { code, message, advice, ...hostKey } }
  }
  if (error instanceof Refused || error instanceof WrongContent) {
    const status = error instanceof Refused ? error.status : 400
    const advice = 'Check that the Worker and the bridge are of the same version and have the same BRIDGE_SECRET.'
    return { status, answer: { code: 'bridge_unavailable', message: `${error.message}.`, advice } }
  }
  const message = 'Something went wrong in the SFTP bridge.'
  return { status: 500, answer: { code: 'internal', message, advice: 'The log of the bridge says where.' } }
}

function placeOf(error: Error): string {
  const frame = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at ')) ?? ''
  return `${error.name} ${frame.trim().replace(/\(?\S*\//, '')}`
}

function restarting(): Failure {
  return unavailable('The SFTP bridge is being restarted.')
}

function unavailable(message: string): Failure {
  return new Failure('bridge_unavailable', message, 'Muster tries again by itself.')
}
