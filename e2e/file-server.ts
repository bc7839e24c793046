import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { pipeline, Readable } from 'node:stream'
import { listenOn } from '../local/ports.ts'
import type { Certificate } from './certificates.ts'

/** How the remote server answers a request for a path. */
export interface Behaviour {
  body?: string | Uint8Array
  type?: string
  status?: number
  /** The behaviour if the request does not satisfy `unless`. */
  otherwise?: { unless: (request: IncomingMessage) => boolean; behaviour: Behaviour }
  /** The name and password that a request needs; without them the server answers 401. */
  basic?: { username: string; password: string }
  etag?: string
  /** Closes the connection after this many bytes of a body whose full length was announced. */
  cutAfter?: number
  /** Never answers. */
  silent?: boolean
  /** Answers only after this promise is fulfilled. */
  after?: Promise<void>
  headers?: Record<string, string>
  /**
   * Sends this many bytes that are not a contact file, generated while they are sent. Their number is announced or not.
   */
  streams?: { bytes: number; announced: boolean }
}

/** A remote web server whose behaviour the test sets. */
export interface FileServer {
  url: string
  /** Sets the behaviour of the path from now on. */
  serve(path: string, behaviour: Behaviour): void
  /** Returns how often a path was requested. */
  asked(path: string): number
  /** Returns how many bytes the server has generated for `streams`, whether or not a client read them. */
  streamed(): number
  stop(): Promise<void>
}

/** Starts the server on a free loopback port, over TLS if it has a certificate. A path without a behaviour is a 404. */
export async function startFileServer(certificate: Certificate | null = null): Promise<FileServer> {
  const behaviours = new Map<string, Behaviour>()
  const counts = new Map<string, number>()
  let streamed = 0
  const noise = function* (bytes: number): Generator<Buffer> {
    const block = Buffer.alloc(64 * 1024, 1)
    for (let left = bytes; left > 0; left -= block.length) {
      const part = block.subarray(0, Math.min(left, block.length))
      streamed += part.length
      yield part
    }
  }
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    counts.set(path, (counts.get(path) ?? 0) + 1)
    const wanted = behaviours.get(path) ?? { status: 404, body: 'Not found', type: 'text/plain' }
    const behaviour = wanted.otherwise?.unless(request) === false ? wanted.otherwise.behaviour : wanted
    const { basic, etag } = behaviour
    if (behaviour.silent === true) return
    if (basic !== undefined && request.headers.authorization !== authorization(basic)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="Files"' }).end()
    } else if (etag !== undefined && request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end()
    } else {
      void (behaviour.after ?? Promise.resolve()).then(() => answer(response, behaviour, noise))
    }
  }
  const server = certificate === null ? createServer(listener) : createSecureServer(certificate, listener)
  const { port, stop } = await listenOn(server, 0)
  return {
    url: `${certificate === null ? 'http' : 'https'}://localhost:${port}`,
    serve: (path, behaviour) => void behaviours.set(path, behaviour),
    asked: (path) => counts.get(path) ?? 0,
    streamed: () => streamed,
    stop,
  }
}

function authorization({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function answer(
  response: ServerResponse,
  { body = '', type = 'text/csv', status = 200, etag, cutAfter, headers, streams }: Behaviour,
  noise: (bytes: number) => Generator<Buffer>,
): void {
  const bytes = Buffer.from(body)
  const length = streams === undefined ? bytes.byteLength : streams.announced ? streams.bytes : undefined
  response.writeHead(status, {
    'content-type': type,
    ...(length === undefined ? {} : { 'content-length': length }),
    ...(etag === undefined ? {} : { etag }),
    ...headers,
  })
  if (streams !== undefined) pipeline(Readable.from(noise(streams.bytes), { objectMode: false }), response, () => {})
  else if (cutAfter === undefined) response.end(bytes)
  else response.write(bytes.subarray(0, cutAfter), () => response.socket?.destroy())
}
