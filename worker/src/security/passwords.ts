import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/**
 * Hashes passwords with scrypt, stored as `scrypt$N$R$P$SALT$HASH` with the salt and the hash in hex. A sign-in needs 16
 * MB and a fifth of a second (OWASP, Password Storage Cheat Sheet: N = 2^14, r = 8, p = 5). Hashes of before, stored as
 * `pbkdf2$ROUNDS$SALT$HASH`, are still verified.
 */
const CURRENT = { N: 2 ** 14, r: 8, p: 5 }
const HASH_BYTES = 32

/** Returns the form in which a password is stored. */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  return `${prefixOf(CURRENT)}${hex(salt)}$${hex(await deriveScrypt(password, salt, CURRENT))}`
}

/** Returns whether a password is stored in an older form, so that it should be hashed anew when it is next known. */
export function isOutdated(stored: string): boolean {
  return !stored.startsWith(prefixOf(CURRENT))
}

/**
 * Returns whether `stored` was made from `password`. Takes as long if nothing is stored, so that the time does not
 * reveal it.
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [kind, ...parts] = (stored ?? NEVER).split('$')
  const [salt, hash] = parts.slice(-2).map(unhex)
  if (salt === undefined || hash === undefined || hash.length !== HASH_BYTES) return false
  const [N = 0, r = 0, p = 0] = parts.map(Number)
  const derived =
    kind === 'pbkdf2' ? await derivePbkdf2(password, salt, N) : await deriveScrypt(password, salt, { N, r, p })
  return timingSafeEqual(derived, hash) && stored !== null
}

/** Stands for the hash of a user who has none. No password has it. */
const NEVER = `${prefixOf(CURRENT)}${'00'.repeat(16)}$${'00'.repeat(HASH_BYTES)}`

function prefixOf({ N, r, p }: typeof CURRENT): string {
  return `scrypt$${N}$${r}$${p}$`
}

function deriveScrypt(password: string, salt: Uint8Array, options: ScryptOptions): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, HASH_BYTES, options, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    )
  })
}

async function derivePbkdf2(password: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(password), 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, HASH_BYTES * 8))
}

/** Returns the SHA-256 of a token in hex, which is stored for a session or an API token. */
export async function hashToken(token: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))))
}

/** Returns bytes as lower-case hex. */
export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Returns the bytes of a text in hex. */
export function unhex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
