import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type ConnectStandIn, inBlocks } from './service.ts'

/** Returns the stand-in as a web server's listener. The answer is generated while it is sent. */
export function listener(service: ConnectStandIn): RequestListener {
  return (request, response) => void reply(service, request, response).catch(() => response.destroy())
}

async function reply(service: ConnectStandIn, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const soapAction = request.headers.soapaction
  const { status, type, body } = service.answer({
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    soapAction: typeof soapAction === 'string' ? soapAction : null,
    body: await text(request),
  })
  response.writeHead(status, { 'Content-Type': type })
  await pipeline(Readable.from(inBlocks(body)), response)
}
