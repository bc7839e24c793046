import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { createServer, type Server } from 'node:net'

/** The address on which the demo and the internal servers listen: never beyond this machine. */
export const LOOPBACK = '127.0.0.1'

/** Returns whether another program listens on the port, on either loopback address. */
export async function isTaken(port: number): Promise<boolean> {
  for (const host of [LOOPBACK, '::1']) {
    try {
      await close(await listen(port, host))
    } catch (error) {
      // A machine without IPv6 has no ::1 that could be taken.
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return true
      if (host === LOOPBACK) throw error
    }
  }
  return false
}

/** Returns a free port: `wanted` if it is free, so that an address stays the same from start to start. */
export async function freePort(wanted: number | null): Promise<number> {
  if (wanted !== null && !(await isTaken(wanted))) return wanted
  const server = await listen(0, LOOPBACK)
  const port = portOf(server)
  await close(server)
  return port
}

/** Makes a web server listen on a loopback port; 0 means any free port. `stop` also ends its connections. */
export async function listenOn(
  server: HttpServer | HttpsServer,
  wanted: number,
): Promise<{ port: number; stop(): Promise<void> }> {
  server.listen(wanted, LOOPBACK)
  await once(server, 'listening')
  return {
    port: portOf(server),
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function listen(port: number, host: string): Promise<Server> {
  const server = createServer()
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

async function close(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.')
  return address.port
}
