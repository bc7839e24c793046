/** The most cookies of an answer, and their length together, in characters. */
const MOST_COOKIES = 20
const MOST_LENGTH = 16_000

/** The name and value of a cookie, before its attributes (RFC 6265, 4.1.1). */
const PAIR =
  /^\s*([!#$%&'*+.^_`|~\w-]+)=([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*|"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")\s*(?:;|$)/

/**
 * The cookies that the first answer of a fetch sets. They are sent again on later requests of the same fetch to the same
 * origin, and to no other: SharePoint gives the visitor of a share link an identity in this way. They are never stored.
 */
export class FetchCookies {
  #of: { origin: string; header: string } | null = null

  /** Takes the cookies of an answer, if it is the first one. */
  take(url: URL, headers: Headers): void {
    this.#of ??= { origin: url.origin, header: cookieHeader(headers.getSetCookie()) }
  }

  /** Returns the header for a request; null if it gets no cookies. */
  for(url: URL): string | null {
    return this.#of === null || this.#of.origin !== url.origin || this.#of.header === '' ? null : this.#of.header
  }
}

function cookieHeader(lines: readonly string[]): string {
  const cookies = new Map<string, string>()
  for (const line of lines.slice(0, MOST_COOKIES)) {
    const [, name, value] = line.length > MOST_LENGTH ? [] : (PAIR.exec(line) ?? [])
    if (name === undefined || value === undefined) continue
    // A cookie that is deleted at once is not one to send.
    if (/;\s*max-age\s*=\s*(?:0|-\d+)\s*(?:;|$)/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }
  const header = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return header.length > MOST_LENGTH ? '' : header
}
