import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { pipeline, Readable } from 'node:stream'
import type { Certificate } from './certificates.ts'

/** What the remote server does when a path is asked for. */
export interface Behaviour {
  body?: string | Uint8Array
  type?: string
  status?: number
  /** What it does instead where the request is not as `unless` wants it. */
  otherwise?: { unless: (request: IncomingMessage) => boolean; behaviour: Behaviour }
  /** Name and password without which it answers 401. */
  basic?: { username: string; password: string }
  etag?: string
  /** Breaks the connection off after this many bytes of a body announced whole. */
  cutAfter?: number
  /** Never answers at all. */
  silent?: boolean
  /** Answers no sooner than this. */
  after?: Promise<void>
  headers?: Record<string, string>
  /** Sends this many bytes that are no contact file, made while they are sent; their number is announced or not. */
  streams?: { bytes: number; announced: boolean }
}

/** A remote web server that does as it is told. */
export interface FileServer {
  url: string
  /** From now on the path behaves like this. */
  serve(path: string, behaviour: Behaviour): void
  /** How often a path was asked for. */
  asked(path: string): number
  /** How many bytes it has made for `streams`, whoever took them. */
  streamed(): number
  stop(): Promise<void>
}

/**
 * Starts the server on a free loopback port, over TLS where it has a certificate; a path it was told nothing of is a 404.
 */
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
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.')
  return {
    url: `${certificate === null ? 'http' : 'https'}://localhost:${address.port}`,
    serve: (path, behaviour) => void behaviours.set(path, behaviour),
    asked: (path) => counts.get(path) ?? 0,
    streamed: () => streamed,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
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
