import { once } from 'node:events'
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
  const address = server.address()
  await close(server)
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.')
  return address.port
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
