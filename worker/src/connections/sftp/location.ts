/** Where a file lies on an SFTP server. */
export interface SftpLocation {
  /** A name or an IP address; IPv6 without brackets. */
  host: string
  /** Absolute, or relative to the folder the user signs in to. */
  path: string
}

/**
 * Reads `sftp://host/path/contacts-*.csv`; null where it is not of that form: another scheme, a user name, a port (which has a field
 * of its own) or no path. `?` and `#` belong to the path, since `?` may be part of a pattern. `/~/` begins a path relative to the
 * user's own folder, as in curl.
 */
export function sftpLocation(url: string): SftpLocation | null {
  const [, host, rest] = /^sftp:\/\/(\[[0-9a-f:.]+\]|[^/?#@:[\]\s]+)\/(.+)$/is.exec(url.trim()) ?? []
  if (host === undefined || rest === undefined) return null
  const path = decoded(rest)
  return { host: host.replace(/[[\]]/g, ''), path: path.startsWith('~/') ? path.slice(2) : `/${path}` }
}

/** A path with a bare percent sign is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
