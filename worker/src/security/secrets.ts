import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { Failure } from '../core/failure.ts'

/**
 * Encrypts secrets at rest with AES-256-GCM under a key that is a secret of the Worker. A sealed secret is
 * `v2.KEYID.BASE64(nonce, ciphertext and tag)`; one of an earlier version is `v1.BASE64(…)`. It is bound to its owner, so that it
 * can be opened only for that owner.
 */

const VERSION = 'v2'
const NONCE = 12
const KEY_BYTES = 32

/** The keys, as the Worker's secrets have them. */
export interface EncryptionKeys {
  ENCRYPTION_KEY?: string
  /** Several keys between commas, in place of `ENCRYPTION_KEY`: the first encrypts, each decrypts. */
  ENCRYPTION_KEYS?: string
}

/** Returns the keys, each 32 bytes in base64. The first encrypts. */
export function keysOf({ ENCRYPTION_KEY = '', ENCRYPTION_KEYS = ENCRYPTION_KEY }: EncryptionKeys): string[] {
  return ENCRYPTION_KEYS.split(/[\s,]+/).filter((key) => key !== '')
}

/** Returns whether there is a key, and all keys have the right length. */
export function areKeysValid(keys: readonly string[]): boolean {
  return (
    keys.length > 0 && keys.every((key) => /^[\w+/=-]+$/.test(key) && Buffer.from(key, 'base64').length === KEY_BYTES)
  )
}

/** Returns the ID of a key: 64 bits of a digest, from which the key cannot be found. */
export function keyId(key: string): string {
  return createHash('sha256').update('muster: key ID ').update(Buffer.from(key, 'base64')).digest('hex').slice(0, 16)
}

/** Returns the beginning of every secret that is sealed with the first key. */
export function sealedPrefix(keys: EncryptionKeys): string {
  return `${VERSION}.${keyId(firstKey(keys))}.`
}

/** Encrypts `text` with the first key. `belongsTo` is its owner, such as the source's ID. */
export async function seal(text: string, keys: EncryptionKeys, belongsTo: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE))
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(belongsTo) },
    await importKey(firstKey(keys)),
    new TextEncoder().encode(text),
  )
  return sealedPrefix(keys) + Buffer.concat([nonce, new Uint8Array(sealed)]).toString('base64')
}

/** Decrypts what `seal` returned. Throws `Failure` `secret_unreadable` if no key fits, or the owner is another one. */
export async function open(sealed: string, keys: EncryptionKeys, belongsTo: string): Promise<string> {
  const [, id, body] = /^v(?:1|2\.([0-9a-f]{16}))\.([\w+/=]+)$/.exec(sealed) ?? []
  const bytes = new Uint8Array(Buffer.from(body ?? '', 'base64'))
  for (const key of keysOf(keys)) {
    if (id !== undefined && keyId(key) !== id) continue
    const text = await decrypted(bytes, await importKey(key), belongsTo)
    if (text !== null) return text
  }
  throw new Failure(
    'secret_unreadable',
    'A stored password, key or token cannot be decrypted: it was encrypted with a key that this Muster does not have.',
    'Enter it again, or let the operator add the earlier key to ENCRYPTION_KEYS.',
  )
}

async function decrypted(bytes: Uint8Array<ArrayBuffer>, key: CryptoKey, belongsTo: string): Promise<string | null> {
  const additionalData = new TextEncoder().encode(belongsTo)
  const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, NONCE), additionalData }
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, bytes.slice(NONCE)))
  } catch {
    return null
  }
}

/** Returns what `read` gives, or `otherwise` if the secret that it needs cannot be decrypted. */
export async function unlessUnreadable<T>(read: Promise<T>, otherwise: T): Promise<T> {
  return read.catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'secret_unreadable') return otherwise
    throw error
  })
}

function firstKey(keys: EncryptionKeys): string {
  const [key] = keysOf(keys)
  if (key === undefined) throw new Error('ENCRYPTION_KEY is missing')
  return key
}

function importKey(key: string): Promise<CryptoKey> {
  const bytes = Buffer.from(key, 'base64')
  if (bytes.length !== KEY_BYTES) throw new Error('ENCRYPTION_KEY must be 32 bytes in base64')
  return crypto.subtle.importKey('raw', new Uint8Array(bytes), 'AES-GCM', false, ['encrypt', 'decrypt'])
}
