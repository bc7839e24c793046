import type { HttpsSettings } from './schema.ts'

/** What is sent to the server so that it gives the file: a header, and what failures call it. */
export interface Credentials {
  header: string
  value: string
  what: string
}

/** Returns the credentials of a source; null for a public file. */
export function credentialsOf({ username, password, bearer, header }: HttpsSettings): Credentials | null {
  // A source that was stored before has neither a token nor a header.
  if (bearer) return { header: 'Authorization', value: `Bearer ${bearer}`, what: 'token' }
  if (header?.value) return { header: header.name, value: header.value, what: `value of the header ${header.name}` }
  if (username === null && password === null) return null
  return { header: 'Authorization', value: basic(username ?? '', password ?? ''), what: 'user name and password' }
}

/** Builds the header of RFC 7617, with the user name and password in UTF-8. */
function basic(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`)
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`
}
