/**
 * Returns an opaque ID: 13 characters of a-z and 2-7, 65 random bits. It is short, since each contact stores the IDs of
 * its source and its runs.
 */
export function newId(): string {
  return base32(crypto.getRandomValues(new Uint8Array(13)))
}

/** Returns a secret to hand out once: 52 characters, 260 random bits. */
export function newToken(): string {
  return base32(crypto.getRandomValues(new Uint8Array(52)))
}

function base32(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += 'abcdefghijklmnopqrstuvwxyz234567'[byte & 31]
  return text
}

/** Returns a random integer of 32 bits, the seed of a hash table. */
export function randomSeed(): number {
  return crypto.getRandomValues(new Int32Array(1))[0] ?? 0
}
