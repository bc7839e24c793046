import { decoded } from './percent.ts'

/**
 * Returns the name of a file: the one in `Content-Disposition` (RFC 6266), else the last part of the path, else `file`.
 * The name never holds a query string, a folder or a control character, and has at most 200 characters.
 */
export function fileName(url: URL, disposition: string | null): string {
  const path = url.pathname.split('/').findLast((part) => part !== '')
  return plain(dispositionName(disposition)) || plain(decoded(path ?? '')) || 'file'
}

const LONGEST_HEADER = 2000

function dispositionName(header: string | null): string {
  if (header === null || header.length > LONGEST_HEADER) return ''
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1]
  if (extended !== undefined) return decoded(extended)
  const [, quoted, token] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? []
  return quoted?.replace(/\\(.)/g, '$1') ?? token ?? ''
}

function plain(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  return last
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 200)
}
