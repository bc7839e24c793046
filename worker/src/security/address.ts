import { Failure } from '../core/failure.ts'

/**
 * Decides which addresses may be fetched. An address that an administrator types or a remote server redirects to must
 * not reach the machines beside the Worker. A public name may still resolve to a private address: in production the
 * platform refuses that (`global_fetch_strictly_public`), and the bridge checks the addresses that it resolved.
 */

/**
 * `loopback` is this machine, by the names that a developer uses for it. `private` is every other host that is not
 * public.
 */
export type HostKind = 'public' | 'loopback' | 'private'

/** IANA IPv4 Special-Purpose Address Registry, multicast, reserved, and Azure's metadata service. */
const PRIVATE_IPV4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/**
 * Endings that are never public: RFC 6761, 6762 and 8375, ICANN's `internal`, and endings that routers and offices use.
 */
const PRIVATE_ENDINGS = [
  'localhost',
  'local',
  'internal',
  'home.arpa',
  'localdomain',
  'lan',
  'home',
  'corp',
  'intranet',
  'private',
]

/**
 * Refuses a URL of any scheme whose host is not public. Throws `Failure` `address_refused`, which names only the host
 * of the URL.
 */
export function refuseAddress(url: URL, options: { allowLoopback: boolean }): void {
  const kind = classifyHost(url.hostname)
  if (kind === 'public' || (kind === 'loopback' && options.allowLoopback)) return
  throw new Failure(
    'address_refused',
    url.hostname === ''
      ? 'The address names no server.'
      : `${url.hostname} is not an address on the public internet, so it is not fetched.`,
    'Use the address under which the file can be reached from outside your own network.',
  )
}

/**
 * Returns the kind of a host name or an IP address, in any spelling. A text that cannot be read as a host is `private`.
 */
export function classifyHost(host: string): HostKind {
  const canonical = canonicalHost(host)
  if (canonical === null) return 'private'
  if (canonical.startsWith('[')) return classifyIPv6(canonical.slice(1, -1))
  if (/^\d+\.\d+\.\d+\.\d+$/.test(canonical)) return classifyIPv4(canonical)
  return classifyName(canonical)
}

/**
 * Returns the canonical form of a host, by the URL parser: percent-encoding, full-width characters, decimal, octal,
 * hexadecimal and short IPv4, and every IPv6 form. The parser does so only for `http:`, so a host of any scheme is
 * parsed as part of such a URL.
 */
function canonicalHost(host: string): string | null {
  if (host === '' || /[\s/\\?#@]/.test(host)) return null
  const literal = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  // With another port appended, a host that contains a port is not a valid URL.
  return URL.parse(`http://${literal}:81/`)?.hostname ?? null
}

function classifyIPv4(address: string): HostKind {
  if (address.startsWith('127.')) return 'loopback'
  const value = ipv4Value(address)
  return PRIVATE_IPV4.some(([network, bits]) => (value ^ ipv4Value(network)) >>> (32 - bits) === 0)
    ? 'private'
    : 'public'
}

function ipv4Value(address: string): number {
  return address.split('.').reduce((value, part) => (value << 8) | Number(part), 0) >>> 0
}

/**
 * Returns the kind of an IPv6 address. Public are the global unicast addresses (2000::/3) except the ranges set aside
 * in it (IANA IPv6 Special-Purpose Address Registry): 2001::/23 with Teredo and benchmarking, 2001:db8::/32 and
 * 3fff::/20 for documentation, 2002::/16 for 6to4. That also excludes every form of IPv4 inside IPv6 (mapped,
 * compatible, NAT64), public or not.
 */
function classifyIPv6(address: string): HostKind {
  if (address === '::1') return 'loopback'
  // The first two groups decide. The canonical form leaves a zero group out only as part of `::`.
  const [first, second] = address.split('::')[0]?.split(':') ?? []
  const high = Number.parseInt(first || '0', 16)
  const low = Number.parseInt(second || '0', 16)
  if (high < 0x2000 || high > 0x3fff || high === 0x2002) return 'private'
  if (high === 0x2001 && (low < 0x200 || low === 0xdb8)) return 'private'
  return high === 0x3fff && low < 0x1000 ? 'private' : 'public'
}

function classifyName(name: string): HostKind {
  const bare = name.replace(/\.$/, '')
  if (bare === 'localhost') return 'loopback'
  const labels = bare.split('.')
  if (labels.length < 2 || labels.includes('')) return 'private'
  return PRIVATE_ENDINGS.some((ending) => bare.endsWith(`.${ending}`)) || bare === 'home.arpa' ? 'private' : 'public'
}
