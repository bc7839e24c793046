/*
 * How the address of a source is shown. Many products give out links whose query is a key to the file (a presigned address of
 * S3, a SAS of Azure), and some put one behind `#`, so that part is kept like a secret (api: Roles).
 */

/** What takes the place of the query. */
const HIDDEN = '?…'

/** Returns an address as it reads back: `?…` for its query and fragment. In an SFTP address these belong to the path. */
export function shownAddress(address: string): string {
  const open = beforeQuery(address)
  return open === address ? address : `${open}${HIDDEN}`
}

/** Returns an address without its query and fragment. */
export function beforeQuery(address: string): string {
  const end = /^sftp:/i.test(address) ? -1 : address.search(/[?#]/)
  return end === -1 ? address : address.slice(0, end)
}

/** The shortest value in the query of an address that can be a key. Others, such as `dl=1`, are part of many texts. */
const SHORTEST_KEY = 8

/** Returns the parts of the query and the fragment of an address that can be a key to its file. */
export function keysInAddress(address: string): string[] {
  const rest = address.slice(beforeQuery(address).length)
  if (rest === '') return []
  const [query = '', ...fragment] = rest.split('#')
  // The whole query can be one key, which then is a name without a value.
  const values = [...new URLSearchParams(query)].map(([name, value]) => (value === '' ? name : value))
  const parts = [...values, fragment.join('#')]
  return parts.filter((part) => part.length >= SHORTEST_KEY)
}

/** Returns whether the query of an address is only shown, so that nothing can be fetched from it. */
export function hidesQuery(address: string): boolean {
  return /\?(?:…|%E2%80%A6)/i.test(address)
}

/**
 * Returns the host of an address and the name of its file, for people who may only read; of a path, the name. A last part
 * without an ending may be the key of a share link, so it is not shown.
 */
export function hostAndFile(address: string): string {
  const [, host = '', rest = ''] = /^([\w+.-]+:\/\/[^/?#]*\/?)?(.*)$/s.exec(address) ?? []
  const end = /^sftp:/i.test(host) ? -1 : rest.search(/[?#]/)
  const parts = (end === -1 ? rest : rest.slice(0, end)).split('/').filter((part) => part !== '')
  const last = parts.at(-1) ?? ''
  const name = /\.[a-z0-9]{1,8}$/i.test(last) ? last : ''
  return parts.length === 0 || (parts.length === 1 && name !== '') ? host + name : `${host}…/${name}`
}
