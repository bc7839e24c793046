import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Failure } from '../worker/src/core/failure.ts'
import { classifyHost } from '../worker/src/security/address.ts'

/**
 * Connects to a host. Looks its name up once, refuses addresses that are not public (design: Connections, the address
 * rule), and connects to an address from that same look-up, so that the name cannot change its meaning in between.
 * Throws `Failure` `dns_failed`, `address_refused`, `unreachable`, or the reason with which `signal` was aborted.
 */
export async function dial(
  target: { host: string; port: number },
  rule: { allowLoopback: boolean },
  signal: AbortSignal,
): Promise<Socket> {
  const addresses = (await resolve(target.host)).filter(({ address }) => isAllowed(address, rule.allowLoopback))
  signal.throwIfAborted()
  const [first] = addresses
  if (first === undefined) {
    throw new Failure(
      'address_refused',
      `${target.host} is not an address on the public internet, so it is not contacted.`,
      'Use the address under which the server can be reached from outside your own network.',
    )
  }
  const socket = connect({
    host: target.host,
    port: target.port,
    noDelay: true,
    autoSelectFamily: true,
    // This is enough time for a distant server; after it the next address is tried (RFC 8305).
    autoSelectFamilyAttemptTimeout: 2000,
    lookup: (_host, options, found) =>
      options.all ? found(null, addresses) : found(null, first.address, first.family),
  })
  try {
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.on('error', () => {}).destroy()
    signal.throwIfAborted()
    throw new Failure(
      'unreachable',
      `Nothing answers at ${target.host}, port ${target.port}.`,
      'Check the server’s name and port, and that its firewall lets Muster in.',
      { cause: error },
    )
  }
}

async function resolve(host: string) {
  try {
    return await lookup(host, { all: true })
  } catch (error) {
    throw new Failure(
      'dns_failed',
      `No server is known by the name ${host}.`,
      'Check the spelling of the server’s name.',
      {
        cause: error,
      },
    )
  }
}

function isAllowed(address: string, allowLoopback: boolean): boolean {
  const kind = classifyHost(address)
  return kind === 'public' || (kind === 'loopback' && allowLoopback)
}
