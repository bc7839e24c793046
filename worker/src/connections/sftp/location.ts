import { matches, splitPath } from '../../../../sftp-bridge/names.ts'
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

/**
 * Returns the address of the file for opt-outs. Its path is absolute, or relative to the folder that the user signs in to.
 */
export function sftpOptOutUrl({ url, optOuts }: { url: string; optOuts: { path: string } }): string {
  const path = optOuts.path.replace(/^(?!\/|~\/)/, '~/').replace(/^~/, '/~')
  return url.trim().replace(/^(sftp:\/\/[^/]+).*/is, '$1') + path.replace(/[^/]+/g, encodeURIComponent)
}

/**
 * Returns whether a source that reads `pattern` may pick the file at `path`. A path that is relative to the user's folder
 * may be the same as an absolute one, and a server may not distinguish capital letters, so neither difference counts.
 */
export function mayPick(pattern: string, path: string): boolean {
  const [source, file] = [pattern, path].map((one) => splitPath(plain(one)))
  return source?.folder === file?.folder && matches(source?.last ?? '', file?.last ?? '')
}

/** Returns a path in small letters, without `.`, `..`, doubled slashes and the slash at its beginning. */
function plain(path: string): string {
  const parts: string[] = []
  for (const part of path.toLowerCase().split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}
