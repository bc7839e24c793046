import { decoded } from '../percent.ts'

/** The location of a file on an SFTP server. */
export interface SftpLocation {
  /** A name or an IP address; IPv6 has no brackets. */
  host: string
  /** Absolute, or relative to the folder that the user signs in to. */
  path: string
}

/**
 * Reads `sftp://host/path/contacts-*.csv`. Returns null for any other form: another scheme, a user name, a port (which
 * has a field of its own) or no path. `?` and `#` belong to the path, since `?` may be part of a pattern. `/~/` begins
 * a path relative to the user's own folder, as in curl.
 */
export function sftpLocation(url: string): SftpLocation | null {
  const [, host, rest] = /^sftp:\/\/(\[[0-9a-f:.]+\]|[^/?#@:[\]\s]+)\/(.+)$/is.exec(url.trim()) ?? []
  if (host === undefined || rest === undefined) return null
  const path = decoded(rest)
  return { host: host.replace(/[[\]]/g, ''), path: path.startsWith('~/') ? path.slice(2) : `/${path}` }
}
