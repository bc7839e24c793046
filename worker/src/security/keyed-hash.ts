import { createHmac } from 'node:crypto'

/** Returns the keyed hash of a text. Equal texts have equal hashes. */
export type KeyedHash = (text: string) => string

/**
 * Returns a keyed hash, HMAC-SHA-256 in hex. Its key is derived from the Worker's secret, so that without the secret nobody
 * can find a number from its hash by trying all numbers. It does not wait, since planning hashes contact after contact.
 * Hashes for different purposes have nothing in common.
 */
export function keyedHash(secret: string, purpose: 'erased people' | 'known devices' = 'erased people'): KeyedHash {
  const key = createHmac('sha256', secret).update(`muster: ${purpose}`).digest()
  return (text) => createHmac('sha256', key).update(text).digest('hex')
}
