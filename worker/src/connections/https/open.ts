import { Failure } from '../../core/failure.ts'
import { isWebTable } from '../../formats/refusals.ts'
import { classifyHost, refuseAddress } from '../../security/address.ts'
import { peek } from '../body.ts'
import { type Connection, type ConnectionContext, type Reach, TIMEOUTS, type Validator } from '../connection.ts'
import { httpFile } from '../http-file.ts'
import { request } from '../network.ts'
import { statusFailure } from '../status.ts'
import type { HttpsSettings } from './schema.ts'

const MAX_REDIRECTS = 5
const REDIRECTS = [301, 302, 303, 307, 308]

export const https: Reach<'https'> = { open: openHttps }

/**
 * Connects to a public file over HTTPS, or to a private one with Basic authorization (seed: options 1 and 2). Redirects
 * are followed here and not by `fetch`: each address is checked anew, and the user name and password are sent only to
 * the origin of the source's own address.
 */
export function openHttps(settings: HttpsSettings, context: ConnectionContext): Connection {
  const start = new URL(settings.url)
  const authorization = basicAuthorization(settings)
  const timeouts = context.timeouts ?? TIMEOUTS

  /** Follows redirects. Returns the first answer that is not a redirect, and its URL. */
  async function follow(signal: AbortSignal, since: Validator | null): Promise<{ response: Response; url: URL }> {
    let url = start
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      refuseHop(url, context, redirects > 0)
      const headers = requestHeaders(url.origin === start.origin ? authorization : null, since)
      const response = await request(url, { headers }, { signal, firstByteMs: timeouts.firstByte })
      if (!REDIRECTS.includes(response.status)) return { response, url }
      await response.body?.cancel()
      url = redirectTarget(url, response.headers.get('Location'))
    }
    throw refusedRedirect(start.host, `sends from one address to the next more than ${MAX_REDIRECTS} times`)
  }

  return {
    async open({ signal, since }) {
      const { response, url } = await follow(signal, since)
      if (response.status === 304 && since !== null) return 'not_modified'
      if (![200, 203, 204].includes(response.status)) {
        await response.body?.cancel()
        const dropped = authorization !== null && url.origin !== start.origin
        throw statusFailure(response, url.host, dropped ? 'dropped' : authorization === null ? 'none' : 'sent')
      }
      const file = httpFile(response, url, context, signal)
      return isHtml(response.headers) ? { ...file, body: await refuseWebPage(file.body, url.host) } : file
    },
  }
}

/** Builds the header of RFC 7617, with the user name and password in UTF-8. */
function basicAuthorization({ username, password }: HttpsSettings): string | null {
  if (username === null && password === null) return null
  const bytes = new TextEncoder().encode(`${username ?? ''}:${password ?? ''}`)
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`
}

function refuseHop(url: URL, context: ConnectionContext, redirected: boolean): void {
  // A private address gets the failure for private addresses, even if it is not reached over https either.
  if (url.protocol === 'http:') refuseAddress(url, context)
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && classifyHost(url.hostname) === 'loopback')
  if (!secure && redirected) throw refusedRedirect(url.host, 'is where the file has moved, but not over https://')
  if (!secure)
    throw new Failure('address_refused', `${url.host} is not reached over https://.`, 'Use https:// instead.')
  refuseAddress(url, context)
}

function requestHeaders(authorization: string | null, since: Validator | null): Headers {
  // Asks for an uncompressed answer, so that Content-Length is the length of the file and a cut file is always
  // detected.
  const headers = new Headers({ Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': 'Muster' })
  if (authorization !== null) headers.set('Authorization', authorization)
  if (since?.etag) headers.set('If-None-Match', since.etag)
  if (since?.lastModified) headers.set('If-Modified-Since', since.lastModified)
  return headers
}

function redirectTarget(from: URL, location: string | null): URL {
  const url = location === null ? null : URL.parse(location, from)
  if (url === null) throw refusedRedirect(from.host, 'says that the file has moved, but not where to')
  // Removes a user name and password from the target. They are not the source's, and some runtimes refuse to fetch such
  // an address.
  url.username = ''
  url.password = ''
  return url
}

function refusedRedirect(host: string, what: string): Failure {
  return new Failure('redirect_refused', `${host} ${what}.`, 'Enter the address at which the file itself is found.')
}

function isHtml(headers: Headers): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(headers.get('Content-Type') ?? '')
}

/**
 * Refuses a web page. Scripts often send CSV with the default type, text/html, so the content must look like a page
 * too. A table that was saved as a page is refused later, by its own name.
 */
async function refuseWebPage(body: ReadableStream<Uint8Array>, host: string): Promise<ReadableStream<Uint8Array>> {
  const { start, stream } = await peek(body)
  const text = new TextDecoder().decode(start)
  if (!/^\s*</.test(text.slice(0, 1000)) || isWebTable(text)) return stream
  await stream.cancel()
  throw new Failure(
    'not_a_contact_file',
    `${host} sent a web page, perhaps one to sign in, and not a contact file.`,
    'Enter an address that downloads the file itself without a sign-in page. Google Sheets: File, Share, Publish to web, as CSV. ' +
      'Dropbox: end the sharing link in dl=1. OneDrive and SharePoint: a link for anyone that downloads (download=1).',
  )
}
