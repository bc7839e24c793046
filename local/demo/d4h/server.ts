import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listenOn } from '../../ports.ts'
import type { D4hService } from './service.ts'

/** A stand-in for D4H that listens on loopback. */
export interface D4hServer {
  url: string
  stop(): Promise<void>
}

/** Starts a server for the stand-in on a port; 0 means any free port. */
export async function startD4h(service: D4hService, port: number): Promise<D4hServer> {
  const server = createServer((request, response) => {
    void answer(service, request, response)
  })
  const listening = await listenOn(server, port)
  return { url: `http://localhost:${listening.port}`, stop: listening.stop }
}

async function answer(service: D4hService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { authorization } = request.headers
  const asked = new Request(new URL(request.url ?? '/', 'http://localhost'), {
    method: request.method ?? 'GET',
    ...(authorization === undefined ? {} : { headers: { Authorization: authorization } }),
  })
  const made = await service.handle(asked)
  const body = new Uint8Array(await made.arrayBuffer())
  response.writeHead(made.status, { ...Object.fromEntries(made.headers), 'Content-Length': body.length }).end(body)
}
