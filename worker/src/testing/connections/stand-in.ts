import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import { listenOn } from '../../../../local/ports.ts'
import type { Scene, Stage } from './contract.ts'

/** Starts an HTTP server on loopback in place of a remote side. Returns its origin and a function that stops it. */
export async function listen(handler: RequestListener): Promise<{ origin: string; close: () => Promise<void> }> {
  const { port, stop } = await listenOn(createServer(handler), 0)
  return { origin: `http://127.0.0.1:${port}`, close: stop }
}

/** Starts an HTTP server for the running test and returns its origin. */
export async function serve(handler: RequestListener): Promise<string> {
  const { origin, close } = await listen(handler)
  onTestFinished(close)
  return origin
}

/**
 * Starts an HTTP server as the remote side of a stage. `answer` receives the current scene with each request, except
 * with a request that is never answered. `prepare` is called for each new scene.
 */
export async function httpStage(
  answer: (scene: Scene, request: IncomingMessage, response: ServerResponse) => void,
  prepare: (scene: Scene) => void = () => {},
): Promise<Pick<Stage, 'set' | 'close'> & { origin: string }> {
  let scene: Scene = { is: 'missing' }
  const server = await listen((request, response) => {
    if (scene.is !== 'silent') answer(scene, request, response)
  })
  const set = (next: Scene) => {
    scene = next
    prepare(next)
  }
  return { ...server, set }
}

/** Plays a scene of the contract, with an ETag and conditional requests. `missing` is the body of a 404. */
export function perform(scene: Scene, request: IncomingMessage, response: ServerResponse, missing = ''): void {
  if (!('bytes' in scene)) {
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
  sendHalf(scene, response, scene.bytes)
}

/** Sends half of the bytes. Then it closes the connection in the scene `truncated`, and sends nothing more otherwise. */
export function sendHalf(scene: Scene, response: ServerResponse, bytes: Uint8Array): void {
  response.write(bytes.subarray(0, bytes.byteLength / 2))
  if (scene.is === 'truncated') closeEarly(response)
}

/** Closes the connection as soon as everything written so far is sent. */
export function closeEarly(response: ServerResponse): void {
  response.socket?.destroySoon()
}
