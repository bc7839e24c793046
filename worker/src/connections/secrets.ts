import { factsOf } from './facts.ts'
import type { ConnectionSettings } from './schema.ts'
import { hostAndFile, keysInAddress, shownAddress } from './shown-address.ts'

/**
 * Secrets by the paths of their members in a connection: `password`, `header.value`. An address with a query is one of them,
 * as `url`.
 */
export type Secrets = Record<string, string>

type Members = Record<string, unknown>

/** Separates a connection from its secrets, which become null in it. Of an address with a query the rest stays. */
export function withoutSecrets(connection: ConnectionSettings): { open: ConnectionSettings; secrets: Secrets } {
  const secrets: Secrets = {}
  let open: Members = { ...connection }
  for (const path of factsOf(connection).secrets) {
    const value = valueAt(open, path)
    if (typeof value === 'string') secrets[path] = value
    open = withValue(open, path, null)
  }
  if (typeof open.url === 'string' && shownAddress(open.url) !== open.url) {
    secrets.url = open.url
    open = withValue(open, 'url', shownAddress(open.url))
  }
  return { open: open as ConnectionSettings, secrets }
}

/** Returns the secrets of a connection as a remote side may repeat them: of an address the values of its query, and its fragment. */
export function secretValues(connection: ConnectionSettings): string[] {
  const { url = '', ...others } = withoutSecrets(connection).secrets
  return [...Object.values(others), ...keysInAddress(url)]
}

/** Returns a connection with its secrets. A secret of an object that the connection does not have is left out. */
export function withSecrets(open: ConnectionSettings, secrets: Secrets): ConnectionSettings {
  const whole = Object.entries(secrets).reduce<Members>((all, [path, value]) => withValue(all, path, value), open)
  return whole as ConnectionSettings
}

/** Returns the secrets whose members a connection has: without a header there is no value of one. */
export function secretsIn(open: ConnectionSettings, secrets: Secrets): Secrets {
  return Object.fromEntries(Object.entries(secrets).filter(([path]) => valueAt(open, path) !== undefined))
}

/**
 * Returns a connection as it reads back: beside each secret is whether it is set, and beside a share link what it fetches.
 * `part`: the part of its addresses that the reader may see.
 */
export function readBack(connection: ConnectionSettings, part: 'host and file' | 'all but the query'): Members {
  const facts = factsOf(connection)
  const { open, secrets } = withoutSecrets(connection)
  const shown = facts.secrets.reduce<Members>(
    (all, path) => withValue(all, hasPath(path), secrets[path] !== undefined),
    open,
  )
  const whole = facts.fetches === undefined ? shown : { ...shown, fetches: facts.fetches(connection) }
  if (part === 'all but the query') return whole
  return ['url', 'fetches', 'optOuts.path'].reduce<Members>((all, path) => {
    const address = valueAt(all, path)
    return typeof address === 'string' ? withValue(all, path, hostAndFile(address)) : all
  }, whole)
}

/** Returns the path of the member that says whether a secret is set: `header.hasValue` for `header.value`. */
export function hasPath(path: string): string {
  const [name = '', ...around] = path.split('.').reverse()
  return [...around.reverse(), `has${name.charAt(0).toUpperCase()}${name.slice(1)}`].join('.')
}

/** Returns a member of an object, or of an object in it; undefined if there is none. */
export function valueAt(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isMembers(value) ? value[name] : undefined), object)
}

/** Returns an object with a member set. An object that it does not have is not made. */
function withValue(object: Members, path: string, value: unknown): Members {
  const [name = '', ...rest] = path.split('.')
  if (rest.length === 0) return { ...object, [name]: value }
  const inner = object[name]
  return isMembers(inner) ? { ...object, [name]: withValue(inner, rest.join('.'), value) } : object
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}
