import { Failure, type FailureCode } from '../core/failure.ts'
import { edgeFailure } from './network.ts'

/** The state of the credentials: none are set, they were sent, or a redirect led away from their origin. */
export type Credentials = 'none' | 'sent' | 'dropped'

/**
 * Returns the failure for an HTTP status other than success and redirect. It names only the host, the status and `what`,
 * which is what the credentials are called.
 */
export function statusFailure(
  response: Response,
  host: string,
  credentials: Credentials,
  what = 'user name and password',
): Failure {
  const { status } = response
  const retryAfter = retryAfterSeconds(response.headers.get('Retry-After'), Date.now())
  const [code, message, advice] = explain(status, host, credentials, what)
  return edgeFailure(status, host) ?? new Failure(code, message, advice, retryAfter === null ? {} : { retryAfter })
}

/** The longest wait that a server can ask for, in seconds. No run waits that long; it fails and says so. */
const LONGEST_WAIT = 86_400

/**
 * Returns whole seconds to wait, from seconds or an HTTP date (RFC 9110, 10.2.3), between zero and a day; null if the
 * header has neither.
 */
export function retryAfterSeconds(header: string | null, now: number): number | null {
  if (header === null) return null
  const stated = /^\s*\d+\s*$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - now) / 1000)
  return Number.isNaN(stated) ? null : Math.min(LONGEST_WAIT, Math.max(0, stated))
}

function explain(
  status: number,
  host: string,
  credentials: Credentials,
  what: string,
): [code: FailureCode, message: string, advice: string] {
  switch (status) {
    case 401:
      return ['unauthorized', ...unauthorized(host, credentials, what)]
    case 403:
      return [
        'forbidden',
        `${host} does not allow the file to be read.`,
        'Ask the server’s administrator to give this user, or anyone with the link, permission to read the file.',
      ]
    case 404:
    case 410:
      return ['not_found', `There is no file at this address on ${host}.`, 'Check the address, capitals included.']
    case 408:
    case 504:
      return ['timeout', `${host} took too long to answer.`, 'Run the import again later.']
    case 429:
      return ['rate_limited', `${host} asks for fewer requests.`, 'Wait, and import less often if this goes on.']
    default:
      return [
        'server_error',
        status >= 500
          ? `${host} has a fault of its own (status ${status}).`
          : `${host} did not give the file (status ${status}).`,
        'Run the import again later; if this goes on, ask the server’s administrator.',
      ]
  }
}

function unauthorized(host: string, credentials: Credentials, what: string): [message: string, advice: string] {
  switch (credentials) {
    case 'none':
      return [
        `${host} asks for a user name and password or a token, and none are set.`,
        'Enter the user name and password, the token or the header.',
      ]
    case 'sent':
      return [
        `${host} did not accept the ${what}.`,
        `Enter the ${what} again, and check that access has not expired or been withdrawn.`,
      ]
    case 'dropped':
      return [
        `The file has moved to ${host}, which asks for credentials; the ${what} of the source goes only to the source’s own address.`,
        'If you trust that server, enter its address for the file instead.',
      ]
  }
}
