import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listenOn } from '../ports.ts'
import { toCsv, toXlsx } from './files.ts'
import { page } from './page.ts'
import { roster, toVersion, type Version, volunteers } from './roster.ts'

/** The name and password of the private file. They are made up and used only on this machine. */
export const BASIC = { username: 'volunteers', password: 'demo-only' }

interface File {
  bytes: Uint8Array
  type: string
  etag: string
  private: boolean
}

/** A web server with a public roster and a private list of volunteers, as an organization might keep them. */
export interface FileServer {
  url: string
  /** Serves another version of the files, and returns once `onVersion` has finished. */
  show(version: Version): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts the server on a loopback port, with a version of its files. Calls `onVersion` with each version that is chosen
 * on the server's page, and answers the request once `onVersion` has finished.
 */
export async function startFileServer(options: {
  port: number
  version: Version
  onVersion: (version: Version) => Promise<void>
}): Promise<FileServer> {
  let { version } = options
  let files = makeFiles(version)
  let modified = new Date()
  const show = async (chosen: Version) => {
    version = chosen
    files = makeFiles(version)
    modified = new Date()
    await options.onVersion(version)
  }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const chosen = /^\/version\/([123])$/.exec(path)?.[1]
    const file = files.get(path)
    if (request.method === 'POST' && chosen !== undefined) {
      void show(toVersion(Number(chosen))).then(() => response.writeHead(303, { location: '/' }).end())
    } else if (path === '/' && isReading(request)) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(version))
    } else if (file !== undefined && isReading(request)) {
      sendFile(request, response, file, modified)
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n')
    }
  })
  const { port, stop } = await listenOn(server, options.port)
  return { url: `http://localhost:${port}`, show, stop }
}

function makeFiles(version: Version): Map<string, File> {
  const csv = toCsv(roster(version))
  const xlsx = toXlsx(volunteers(version))
  const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  return new Map([
    ['/roster.csv', { bytes: csv, type: 'text/csv; charset=utf-8', etag: etag(csv), private: false }],
    ['/private/volunteers.xlsx', { bytes: xlsx, type: spreadsheet, etag: etag(xlsx), private: true }],
  ])
}

function etag(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`
}

function isReading(request: IncomingMessage): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: File, modified: Date): void {
  const expected = `Basic ${Buffer.from(`${BASIC.username}:${BASIC.password}`).toString('base64')}`
  if (file.private && request.headers.authorization !== expected) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="Volunteers"' }).end()
    return
  }
  const validators = { etag: file.etag, 'last-modified': modified.toUTCString() }
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, validators).end()
    return
  }
  response.writeHead(200, { ...validators, 'content-type': file.type, 'content-length': file.bytes.byteLength })
  response.end(request.method === 'HEAD' ? undefined : file.bytes)
}
