import { Failure } from '../../core/failure.ts'
import { isWebTable } from '../../formats/refusals.ts'
import { classifyHost, refuseAddress } from '../../security/address.ts'
import { peek } from '../body.ts'
import {
  type Connection,
  type ConnectionContext,
  type Fetched,
  type Reach,
  TIMEOUTS,
  type Validator,
} from '../connection.ts'
import { httpFile } from '../http-file.ts'
import { request } from '../network.ts'
import { statusFailure } from '../status.ts'
import { FetchCookies } from './cookies.ts'
import { type Credentials, credentialsOf } from './credentials.ts'
import type { HttpsSettings } from './schema.ts'
import { nextcloudDownload, type Service, shareLink } from './share-link.ts'
import { signInFailure, withAdvice } from './sign-in.ts'

const MAX_REDIRECTS = 5
const REDIRECTS = [301, 302, 303, 307, 308]

export const https: Reach<'https'> = { open: openHttps }

/** The first answer that is not a redirect, and its address. */
interface Answer {
  response: Response
  url: URL
}

/**
 * Connects to a public file over HTTPS, or to a private one (seed: options 1 and 2). A share link is fetched from the
 * address of the file itself. Redirects are followed here and not by `fetch`: each address is checked anew, and the
 * credentials are sent only to the origin of the address that is fetched first.
 */
export function openHttps(settings: HttpsSettings, context: ConnectionContext): Connection {
  const credentials = credentialsOf(settings)
  const timeouts = context.timeouts ?? TIMEOUTS

  /** Follows redirects from one address. `cookies` are those of the whole fetch. */
  async function follow(start: URL, service: Service | null, trip: Trip): Promise<Answer> {
    let url = start
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      refuseHop(url, context, redirects > 0)
      const own = url.origin === start.origin ? credentials : null
      const headers = requestHeaders(own, trip.since, trip.cookies.for(url))
      const response = await request(url, { headers }, { signal: trip.signal, firstByteMs: timeouts.firstByte })
      trip.cookies.take(url, response.headers)
      if (!REDIRECTS.includes(response.status)) return { response, url }
      await response.body?.cancel()
      const next = redirectTarget(url, response.headers.get('Location'))
      const signIn = signInFailure(url, next, service)
      if (signIn !== null) throw signIn
      url = next
    }
    throw refusedRedirect(start.host, `sends from one address to the next more than ${MAX_REDIRECTS} times`)
  }

  /** Returns the file of an answer. Throws `WebPage` if the answer is a web page. */
  async function fileOf({ response, url }: Answer, start: URL, signal: AbortSignal): Promise<Fetched> {
    if (![200, 203, 204].includes(response.status)) {
      await response.body?.cancel()
      const state = credentials === null ? 'none' : url.origin === start.origin ? 'sent' : 'dropped'
      throw statusFailure(response, url.host, state, credentials?.what)
    }
    refuseFirstPage(response.headers, url.host)
    const file = httpFile(response, url, context, signal)
    return isHtml(response.headers) ? { ...file, body: await refuseWebPage(file.body, url.host) } : file
  }

  async function fetchFrom(start: URL, service: Service | null, trip: Trip): Promise<Fetched | 'not_modified'> {
    const answer = await follow(start, service, trip)
    if (answer.response.status === 304 && trip.since !== null) return 'not_modified'
    return fileOf(answer, start, trip.signal)
  }

  return {
    async open({ signal, since }) {
      const address = new URL(settings.url)
      const link = shareLink(address)
      const service = link?.service ?? null
      // Such a link is refused when it is saved, but a source may be older.
      if (link !== null && 'refused' in link) throw new Failure('unsupported_format', `${link.refused}.`, PASTE_ANOTHER)
      const trip: Trip = { signal, since, cookies: new FetchCookies() }
      try {
        return await fetchFrom(link?.url ?? address, service, trip)
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        const download = error instanceof WebPage && service === null ? nextcloudDownload(address) : null
        if (download === null) throw withAdvice(error, service)
        return await fetchFrom(download, service, trip).catch((reason: unknown) => {
          throw reason instanceof Failure ? withAdvice(reason, 'nextcloud') : reason
        })
      }
    },
  }
}

/** What all requests of one fetch share. */
interface Trip {
  signal: AbortSignal
  since: Validator | null
  cookies: FetchCookies
}

const PASTE_ANOTHER = 'Paste another link in the settings of the source.'

function refuseHop(url: URL, context: ConnectionContext, redirected: boolean): void {
  // A private address gets the failure for private addresses, even if it is not reached over https either.
  if (url.protocol === 'http:') refuseAddress(url, context)
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && classifyHost(url.hostname) === 'loopback')
  if (!secure && redirected) throw refusedRedirect(url.host, 'is where the file has moved, but not over https://')
  if (!secure)
    throw new Failure('address_refused', `${url.host} is not reached over https://.`, 'Use https:// instead.')
  refuseAddress(url, context)
}

function requestHeaders(credentials: Credentials | null, since: Validator | null, cookies: string | null): Headers {
  // Asks for an uncompressed answer, so that Content-Length is the length of the file and a cut file is always
  // detected.
  const headers = new Headers({ Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': 'Muster' })
  if (since?.etag) headers.set('If-None-Match', since.etag)
  if (since?.lastModified) headers.set('If-Modified-Since', since.lastModified)
  if (cookies !== null) headers.set('Cookie', cookies)
  if (credentials !== null) headers.set(credentials.header, credentials.value)
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

/** The failure for a web page in the place of a file. */
class WebPage extends Failure {}

/**
 * Refuses a web page. Scripts often send CSV with the default type, text/html, so the content must look like a page
 * too. A table that was saved as a page is refused later, by its own name.
 */
async function refuseWebPage(body: ReadableStream<Uint8Array>, host: string): Promise<ReadableStream<Uint8Array>> {
  const { start, stream } = await peek(body)
  const text = new TextDecoder().decode(start)
  if (!/^\s*</.test(text.slice(0, 1000)) || isWebTable(text)) return stream
  await stream.cancel()
  throw new WebPage(
    'not_a_contact_file',
    `${host} sent a web page, perhaps one to sign in, and not a contact file.`,
    'Enter an address that downloads the file itself without a sign-in page. Share links of Google Sheets and Drive, Dropbox, ' +
      'SharePoint, OneDrive for work, Nextcloud and GitHub can be pasted as they are.',
  )
}

/**
 * Refuses the first page of a JSON list that names the next one in a header (RFC 8288), since the contacts of the other
 * pages would look as if they had left.
 */
function refuseFirstPage(headers: Headers, host: string): void {
  const links = (headers.get('Link') ?? '').slice(0, LONGEST_LINKS)
  if (!/\bjson\b/i.test(headers.get('Content-Type') ?? '') || !/;\s*rel="?next\b/i.test(links)) return
  throw new Failure(
    'unsupported_format',
    `${host} sent only the first page of the records.`,
    'Muster reads one page. Ask for all records at once, such as with a larger page size in the address. Nobody was removed.',
  )
}

const LONGEST_LINKS = 4000
