import { connect, createServer, type Socket } from 'node:net'

/** How a proxy treats one connection. By default it passes on everything. */
export interface Passage {
  /** Called before bytes of the client are passed on to the server. */
  request?(): void
  /** Takes bytes of the server in place of the client. */
  answer?(bytes: Buffer, client: Socket): void
}

/** Starts a proxy for a server on this machine. If `passageOf` returns null, the proxy accepts and never answers. */
export async function startProxy(
  port: number,
  passageOf: () => Passage | null,
): Promise<{ port: number; close(): void }> {
  const proxy = createServer((client) => {
    client.on('error', () => {})
    const passage = passageOf()
    if (passage === null) return
    const server = connect(port, '127.0.0.1')
    client
      .on('data', (bytes) => {
        passage.request?.()
        server.write(bytes)
      })
      .on('close', () => server.destroy())
    server
      .on('data', (bytes) => {
        if (passage.answer === undefined) client.write(bytes)
        else passage.answer(bytes, client)
      })
      .on('error', () => {})
      .on('close', () => client.destroy())
  })
  await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready))
  const address = proxy.address()
  if (typeof address !== 'object' || address === null) throw new Error('The proxy listens on no port')
  return { port: address.port, close: () => void proxy.close() }
}

/** Passes on the first bytes of the server. Then it closes the connection, or lets it stall. */
export function cutAfter(bytes: number, then: 'cut' | 'stall'): Passage {
  let left = bytes
  return {
    answer(sent, client) {
      if (left <= 0) return
      client.write(sent.subarray(0, left))
      left -= sent.length
      if (left <= 0 && then === 'cut') client.destroySoon()
    },
  }
}
