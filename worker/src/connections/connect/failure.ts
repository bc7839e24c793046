import { Failure } from '../../core/failure.ts'
import { echoes } from '../../security/echo.ts'

/** The values that must not appear in any text that leaves Muster. */
export interface Private {
  clientName: string
  passKey: string | null
}

const LONGEST_QUOTED = 200
/** How many characters of a stated error are read. What a server says may be of any length. */
export const MOST_READ = 4000
const REFUSED =
  /pass\s*-?_?(key|word)|client\s*-?_?name|credential|unauthori[sz]ed|not authori[sz]ed|access (is )?denied|log\s?-?in failed/i
const BUSY = /time-?\s?out|timed out|deadlock|temporar|try again|unavailable|maintenance|too busy/i
const LIMITED = /too many|rate limit|throttl/i

/**
 * Returns the failure for a text that Connect sends in place of a result, even with status 200 (“Passkey is invalid”).
 * The failure shows the text, without any secret in it, unless it is about the pass key.
 */
export function statedFailure(stated: string, from: string, secrets: Private): Failure {
  const read = stated.slice(0, MOST_READ)
  const hidden = withoutSecrets(plain(read), secrets)
  if (REFUSED.test(hidden)) return refusedKey(from)
  const text = repeats(read, secrets) || repeats(hidden, secrets) ? '…' : hidden.slice(0, LONGEST_QUOTED)
  if (LIMITED.test(hidden)) {
    return new Failure('rate_limited', `${from} asks for fewer requests: “${text}”`, 'Wait, and import less often.')
  }
  if (BUSY.test(hidden)) {
    return new Failure('server_error', `${from} could not answer now: “${text}”`, 'Run the import again later.')
  }
  const what = text === '' ? `${from} answered with nothing.` : `${from} answered with an error: “${text}”`
  return new Failure(
    'crm_error',
    what,
    'Nothing was imported. Check the source’s settings; if they are right, ask the administrator of Connect and quote this text.',
  )
}

/** Returns the failure for a pass key that Connect refuses, in words for the people who get the e-mail. */
function refusedKey(from: string): Failure {
  return new Failure(
    'unauthorized',
    `Connect (${from}) did not accept the client name and the pass key. They may have been changed or withdrawn.`,
    'Nothing was imported, and contacts stay as they are. Ask the administrator of Connect for the current pass key of its ' +
      'web service, and enter it in the source’s settings.',
  )
}

/**
 * Returns the failure for an HTTP status that means something special for Connect; null for success and for a status
 * that means the same on any server.
 */
export function statusMeaning(status: number, from: string): Failure | null {
  if (status === 401 || status === 403) return refusedKey(from)
  if (status === 404 || status === 410) {
    return new Failure(
      'not_found',
      `There is no Connect web service at this address on ${from}.`,
      'Check the address; it ends like /ws/bridge.asmx and differs from one client to another.',
    )
  }
  if (status < 300 || status >= 400) return null
  return new Failure(
    'redirect_refused',
    `${from} says that the web service has moved; the pass key is sent to the address of the source alone.`,
    'Enter the address at which the web service itself is found.',
  )
}

/** Returns the failure for a web page in place of a document of the service. */
export function notAService(from: string): Failure {
  return new Failure(
    'not_a_contact_file',
    `${from} sent a web page, and not an answer of Connect’s web service.`,
    'Check the address; it ends like /ws/bridge.asmx. Connect may also be closed for maintenance.',
  )
}

/** Returns the failure for a document that ends early or is not well formed. */
export function brokenOff(from: string): Failure {
  return new Failure(
    'truncated',
    `The answer of ${from} is incomplete or damaged.`,
    'Nothing was imported. Run the import again; if this goes on, ask the administrator of Connect.',
  )
}

function plain(stated: string): string {
  return stated
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Returns whether a text has the pass key in another form than it was sent, which cannot be cut out. */
function repeats(text: string, { passKey }: Private): boolean {
  return passKey !== null && passKey !== '' && echoes(text.replaceAll(passKey, ' '), [passKey])
}

function withoutSecrets(text: string, { clientName, passKey }: Private): string {
  const hidden = passKey === null || passKey === '' ? text : text.replaceAll(passKey, '…')
  return clientName === '' ? hidden : hidden.replaceAll(clientName, '…')
}
