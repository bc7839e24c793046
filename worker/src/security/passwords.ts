/**
 * Hashes passwords with PBKDF2-HMAC-SHA256 and 100,000 rounds, the most that the runtime's Web Crypto allows. They are
 * stored as `pbkdf2$ROUNDS$SALT$HASH` in hex.
 */

const ROUNDS = 100_000

/** Returns the form in which a password is stored. */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  return `pbkdf2$${ROUNDS}$${hex(salt)}$${hex(await derive(password, salt, ROUNDS))}`
}

/**
 * Returns whether `stored` was made from `password`. Takes as long if nothing is stored, so that the time does not
 * reveal it.
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, rounds, salt, hash] = (stored ?? `pbkdf2$${ROUNDS}$${'00'.repeat(16)}$${'00'.repeat(32)}`).split('$')
  const derived = await derive(password, unhex(salt ?? ''), Number(rounds))
  return sameBytes(derived, unhex(hash ?? '')) && stored !== null
}

/** Returns the SHA-256 of a token in hex, which is stored for a session or an API token. */
export async function hashToken(token: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))))
}

/** Returns bytes as lower-case hex. */
export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function derive(password: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(password), 'PBKDF2', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, key, 256)
  return new Uint8Array(bits)
}

/** Returns the bytes of a text in hex. */
export function unhex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length
  for (let i = 0; i < one.length; i++) difference |= (one[i] ?? 0) ^ (other[i] ?? 0)
  return difference === 0
}
