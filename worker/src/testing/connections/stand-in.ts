import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Scene } from './contract.ts'

/** Starts an HTTP server on loopback in place of a remote side. Returns its origin and a function that stops it. */
export async function listen(handler: RequestListener): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server listens on no port')
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { origin: `http://127.0.0.1:${address.port}`, close }
}

/** Starts an HTTP server for the running test and returns its origin. */
export async function serve(handler: RequestListener): Promise<string> {
  const { origin, close } = await listen(handler)
  onTestFinished(close)
  return origin
}

/** Plays a scene of the contract over HTTP, with an ETag and conditional requests; `missing` is the body of a 404. */
export function perform(scene: Scene, request: IncomingMessage, response: ServerResponse, missing = ''): void {
  if (scene.is === 'silent') return
  if (scene.is === 'missing') {
    response.writeHead(404).end(missing)
    return
  }
  const etag = `"${scene.bytes.byteLength}"`
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { ETag: etag }).end()
    return
  }
  response.writeHead(200, { 'Content-Length': scene.bytes.byteLength, 'Content-Type': 'text/csv', ETag: etag })
  if (scene.is === 'file') {
    response.end(scene.bytes)
    return
  }
  response.write(scene.bytes.subarray(0, scene.bytes.byteLength / 2))
  if (scene.is === 'truncated') setTimeout(() => response.destroy(), 20)
}
