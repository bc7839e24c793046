/** An opaque ID: 20 characters of a-z and 2-7, 100 random bits. */
export function newId(): string {
  return base32(crypto.getRandomValues(new Uint8Array(20)))
}

/** A secret to hand out once: 52 characters, 260 random bits. */
export function newToken(): string {
  return base32(crypto.getRandomValues(new Uint8Array(52)))
}

function base32(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += 'abcdefghijklmnopqrstuvwxyz234567'[byte & 31]
  return text
}
