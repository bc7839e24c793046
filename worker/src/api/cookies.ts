/** The cookies that Muster sets, by purpose. */
const NAMES = { session: 'muster_session', device: 'muster_device' }
type Cookie = keyof typeof NAMES

/**
 * Returns a cookie's name. Over HTTPS its prefix keeps every other host and path from setting it; browsers refuse the prefix
 * over plain HTTP, which is only used on loopback.
 */
function cookieName(request: Request, cookie: Cookie): string {
  return `${isSecure(request) ? '__Host-' : ''}${NAMES[cookie]}`
}

/** Returns the value of a cookie; null if the request does not have it. */
export function readCookie(request: Request, cookie: Cookie): string | null {
  const name = cookieName(request, cookie)
  for (const pair of (request.headers.get('Cookie') ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}

/** Returns a `Set-Cookie` header for a value that lasts this many seconds; 0 deletes the cookie. */
export function writtenCookie(request: Request, cookie: Cookie, value: string, seconds: number): string {
  const secure = isSecure(request) ? '; Secure' : ''
  return `${cookieName(request, cookie)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`
}

function isSecure(request: Request): boolean {
  return new URL(request.url).protocol === 'https:'
}
