import { Buffer } from 'node:buffer'
import { createHmac } from 'node:crypto'

/** Returns the keyed hash of a text. Equal texts have equal hashes. */
export type KeyedHash = (text: string) => string

/** Derives a key for one purpose from a secret, in hex. Keys for different purposes have nothing in common. */
export function derivedKey(secret: string, purpose: 'erased people' | 'known devices'): string {
  return createHmac('sha256', secret).update(`muster: ${purpose}`).digest('hex')
}

/**
 * Returns a keyed hash, HMAC-SHA-256 in hex. Without its key, which is in hex, nobody can find a number from its hash by trying
 * all numbers. It does not wait, since planning hashes contact after contact.
 */
export function keyedHash(key: string): KeyedHash {
  const bytes = Buffer.from(key, 'hex')
  return (text) => createHmac('sha256', bytes).update(text).digest('hex')
}
