/** The longest address that is kept: an IPv6 address with an IPv4 address at its end. */
const LONGEST = 45

/**
 * Returns the address that a request came from, as Cloudflare says. Null where nothing in front of Muster says it, as on
 * one's own machine.
 */
export function clientAddress(request: Request): string | null {
  return request.headers.get('CF-Connecting-IP')?.slice(0, LONGEST) ?? null
}

/**
 * Returns the network that a request came from, an IPv4 address, or the first 64 bits of an IPv6 address, which one
 * customer has for itself. Null if the address is not known.
 */
export function clientNetwork(request: Request): string | null {
  const address = clientAddress(request)
  if (address === null || !address.includes(':')) return address
  const [start = '', end] = address.toLowerCase().split('::')
  const groups = start === '' ? [] : start.split(':')
  const left = end === undefined ? 0 : 8 - groups.length - (end === '' ? 0 : end.split(':').length)
  const first = [...groups, ...Array.from({ length: Math.max(0, left) }, () => '0')].slice(0, 4)
  return `${first.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}
