import { Failure, type FailureCode } from '../core/failure.ts'

/**
 * The bounds of one HTTP request: how long the answer may take to begin, in milliseconds, and the signal that stops it.
 */
export interface RequestBounds {
  firstByteMs: number
  signal: AbortSignal
}

/**
 * Sends one request without following redirects. The answer's body is still bound to `signal`. Throws `Failure`
 * `unreachable`, `timeout`, `dns_failed` or `tls_failed`, which names only the host, or the signal's reason when
 * aborted.
 */
export async function request(url: URL, init: RequestInit, bounds: RequestBounds): Promise<Response> {
  bounds.signal.throwIfAborted()
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), bounds.firstByteMs)
  try {
    return await fetch(url, {
      ...init,
      redirect: 'manual',
      // A contact file from the platform's cache could be outdated.
      cache: 'no-store',
      signal: AbortSignal.any([bounds.signal, late.signal]),
    })
  } catch (error) {
    bounds.signal.throwIfAborted()
    if (late.signal.aborted) throw networkFailure('timeout', url.host, bounds.firstByteMs)
    throw networkFailure(await networkCode(error, url), url.host, bounds.firstByteMs)
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The statuses with which Cloudflare answers in place of a server that it cannot reach, also to a Worker's own request.
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
 */
const EDGE_STATUS: Readonly<Record<number, FailureCode>> = {
  521: 'unreachable',
  522: 'timeout',
  523: 'unreachable',
  524: 'timeout',
  525: 'tls_failed',
  526: 'tls_failed',
  530: 'dns_failed',
}

/** Returns the failure for a status of Cloudflare's edge; null for any other status. */
export function edgeFailure(status: number, host: string): Failure | null {
  const code = EDGE_STATUS[status]
  return code === undefined ? null : networkFailure(code, host, null)
}

const NODE_CODES: readonly (readonly [pattern: RegExp, code: FailureCode])[] = [
  [/^(ENOTFOUND|EAI_)/, 'dns_failed'],
  [/TIMEDOUT|TIMEOUT/, 'timeout'],
  [/CERT|SSL|TLS|EPROTO|UNABLE_TO_/, 'tls_failed'],
]

/**
 * Returns the failure code for a network error. Node names the cause by a code. The Workers runtime says "Network
 * connection lost." for a refused or broken connection. It hides an unknown host name and a rejected certificate behind
 * "internal error; reference = …".
 */
async function networkCode(error: unknown, url: URL): Promise<FailureCode> {
  const cause = error instanceof Error ? error.cause : undefined
  if (typeof cause === 'object' && cause !== null && 'code' in cause) {
    const known = NODE_CODES.find(([pattern]) => pattern.test(String(cause.code)))
    return known?.[1] ?? 'unreachable'
  }
  if (!(error instanceof Error) || !error.message.startsWith('internal error')) return 'unreachable'
  return url.protocol === 'https:' && (await acceptsConnections(url)) ? 'tls_failed' : 'dns_failed'
}

/** How long a connection may take, in milliseconds (design: Connections). */
const CONNECT_WITHIN = 10_000

/** Returns whether a server accepts connections on the port, even without a valid certificate. Sends nothing. */
async function acceptsConnections(url: URL): Promise<boolean> {
  const { connect } = await import('cloudflare:sockets')
  const socket = connect({ hostname: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 443) })
  // `closed` rejects together with `opened`, and only `opened` is needed.
  socket.closed.catch(() => undefined)
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(reject, CONNECT_WITHIN)
  try {
    await Promise.race([socket.opened, late])
    return true
  } catch {
    return false
  } finally {
    clearTimeout(timer)
    socket.close().catch(() => undefined)
  }
}

function networkFailure(code: FailureCode, host: string, waitedMs: number | null): Failure {
  switch (code) {
    case 'dns_failed':
      return new Failure(code, `There is no server by the name ${host}.`, 'Check the spelling of the address.')
    case 'tls_failed':
      return new Failure(
        code,
        `No secure connection to ${host} could be made: its certificate is expired, not trusted or for another name.`,
        'Ask the server’s administrator to install a valid certificate.',
      )
    case 'timeout': {
      const wait = waitedMs === null ? 'in time' : `within ${Math.round(waitedMs / 1000)} seconds`
      return new Failure(
        code,
        `${host} did not answer ${wait}.`,
        'Check that the server is running; if it prepares the file on request, let it prepare the file beforehand.',
      )
    }
    default:
      return new Failure(
        'unreachable',
        `${host} could not be reached.`,
        'Check the address and the port, and that the server is running and lets connections from the internet in.',
      )
  }
}
